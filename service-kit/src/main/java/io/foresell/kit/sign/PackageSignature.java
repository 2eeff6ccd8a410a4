package io.foresell.kit.sign;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.HexFormat;

/**
 * One signature of a package.
 *
 * @param keyId names the key, see {@link #keyId}
 * @param hex the signature, 128 lower-case hex digits
 */
public record PackageSignature(String keyId, String hex) {
    private static final int KEY_ID_BYTES = 8;

    public PackageSignature {
        require("key_id", keyId, 2 * KEY_ID_BYTES);
        require("signature", hex, 128);
    }

    private static void require(String field, String value, int digits) {
        if (value.length() != digits || !value.matches("[0-9a-f]*")) {
            throw new IllegalArgumentException(
                    "%s: %d characters (expected: %d lower-case hex digits)".formatted(field, value.length(), digits));
        }
    }

    /** Returns a name of a public key: the first 16 hex digits of the SHA-256 of its X.509 encoding. */
    public static String keyId(PublicKey key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return HexFormat.of().formatHex(hash, 0, KEY_ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Returns what is signed for a package: its words keep the signature from being one of something else. */
    static byte[] signed(String digest) {
        return ("foresell package v1\n" + digest).getBytes(StandardCharsets.US_ASCII);
    }
}
