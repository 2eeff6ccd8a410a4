package io.foresell.feature.erase;

import io.foresell.feature.define.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Proves an erasure without naming who was erased. Immutable.
 *
 * @param id empty of a dry run
 * @param keyDigest SHA-256 of entity, a line feed and the key, hex
 * @param caller who asked, as proven
 * @param actor who asked, in words
 */
public record ErasureReceipt(
        String id,
        String entity,
        String keyDigest,
        long erasedAtMillis,
        String caller,
        String actor,
        String reason,
        List<ErasedPart> parts) {
    public ErasureReceipt {
        parts = List.copyOf(parts);
    }

    /** Returns what receipts have in place of a key. */
    public static String digest(String entity, String key) {
        return Sha256.hex((entity + "\n" + key).getBytes(StandardCharsets.UTF_8));
    }
}
