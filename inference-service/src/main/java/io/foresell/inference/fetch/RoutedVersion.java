package io.foresell.inference.fetch;

import java.util.regex.Pattern;

/**
 * One route of a release with what is needed to fetch its package.
 *
 * @param weight percent of the subjects, 0 to 100
 * @param digest lower-case hex SHA-256 of the package file; also its file name, hence checked
 * @param packageBytes size of the package file
 */
public record RoutedVersion(int version, int weight, String digest, long packageBytes) {
    /** Largest package taken. */
    public static final long MAX_PACKAGE_BYTES = 1L << 30;

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    public RoutedVersion {
        if (version < 1) {
            throw new IllegalArgumentException("version: %d (expected: 1 or more)".formatted(version));
        }
        if (weight < 0 || weight > 100) {
            throw new IllegalArgumentException("weight: %d (expected: 0..100)".formatted(weight));
        }
        if (!DIGEST.matcher(digest).matches()) {
            throw new IllegalArgumentException(
                    "digest of version %d: '%s' (expected: 64 lower-case hex digits)".formatted(version, digest));
        }
        if (packageBytes < 1 || packageBytes > MAX_PACKAGE_BYTES) {
            throw new IllegalArgumentException("package_bytes of version %d: %d (expected: 1..%d)"
                    .formatted(version, packageBytes, MAX_PACKAGE_BYTES));
        }
    }
}
