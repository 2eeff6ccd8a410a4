package io.foresell.inference.forget;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/** Entities that were erased, as digests that only who knows a key recognises. Immutable. */
public final class ErasedEntities {
    /** Nobody. */
    public static final ErasedEntities NONE = new ErasedEntities(Map.of(), false);

    /** Everybody: too many to tell them apart. */
    static final ErasedEntities ALL = new ErasedEntities(Map.of(), true);

    private final Map<String, Set<String>> digests; // by entity
    private final boolean isEverybody;

    private ErasedEntities(Map<String, Set<String>> digests, boolean isEverybody) {
        this.digests = digests;
        this.isEverybody = isEverybody;
    }

    /** Returns entities by digests of entity, a line feed and the key, by the name of the entity. */
    public static ErasedEntities of(Map<String, Set<String>> digests) {
        return new ErasedEntities(Map.copyOf(digests), false);
    }

    public boolean isNobody() {
        return digests.isEmpty() && !isEverybody;
    }

    /** Returns whether an entity with this key was erased, whatever the entity: who remembers does not know which it is. */
    public boolean contains(String key) {
        if (isEverybody) {
            return true;
        }
        for (Map.Entry<String, Set<String>> each : digests.entrySet()) {
            if (each.getValue().contains(digest(each.getKey(), key))) {
                return true;
            }
        }
        return false;
    }

    /** Returns what a receipt has in place of a key. */
    static String digest(String entity, String key) {
        try {
            byte[] bytes = (entity + "\n" + key).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
