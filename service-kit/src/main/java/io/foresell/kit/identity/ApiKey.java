package io.foresell.kit.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key that a caller sends: {@code fsk_ID_SECRET}, 64 bits of id in hex and 256 random bits. Of a secret that long a plain
 * SHA-256 tells nothing, so checking one needs no slow hash.
 *
 * @param id finds the key's line; no secret
 * @param text the whole key: shown once, kept by the caller only
 */
public record ApiKey(String id, String text) {
    /** What every key begins with, so that scanners find one that leaked. */
    public static final String PREFIX = "fsk_";

    private static final int ID_DIGITS = 16;

    /** Makes a new key. */
    public static ApiKey generate(SecureRandom random) {
        byte[] id = new byte[ID_DIGITS / 2];
        byte[] secret = new byte[32];
        random.nextBytes(id);
        random.nextBytes(secret);
        String name = HexFormat.of().formatHex(id);
        return new ApiKey(
                name,
                PREFIX + name + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /** Reads what a caller sent; nothing when it is no API key at all. */
    static Optional<ApiKey> parse(String text) {
        int idEnd = PREFIX.length() + ID_DIGITS;
        if (!text.startsWith(PREFIX) || text.length() <= idEnd || text.charAt(idEnd) != '_') {
            return Optional.empty();
        }
        return Optional.of(new ApiKey(text.substring(PREFIX.length(), idEnd), text));
    }

    /** Returns the SHA-256 of the whole key, 64 hex digits: what the access file keeps. */
    public String hash() {
        return HexFormat.of().formatHex(sha256(text));
    }

    /** Compares in constant time. */
    boolean hasHash(byte[] expected) {
        return MessageDigest.isEqual(expected, sha256(text));
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Returns the line of the access file that lets the key's holder in. */
    public String line(String name, String grants, @Nullable String expires) {
        return "key %s id=%s sha256=%s grants=%s%s"
                .formatted(name, id, hash(), grants, expires == null ? "" : " expires=" + expires);
    }

    @Override
    public String toString() {
        return PREFIX + id + "_***"; // a record's own text would show the secret
    }
}
