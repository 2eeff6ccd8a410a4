package io.foresell.inference.fetch;

import java.util.regex.Pattern;

/**
 * One route of a release with what is needed to fetch its package.
 *
 * @param weight percent of the subjects that are not held out, 0 to 100
 * @param shadowPercent percent of the subjects whose rows it scores on a copy, 0 to 100
 * @param digest lower-case hex SHA-256 of the package file; also its file name, hence checked
 * @param packageBytes size of the package file
 */
public record RoutedVersion(int version, int weight, int shadowPercent, String digest, long packageBytes) {
    /** Makes a route that is no shadow. */
    public RoutedVersion(int version, int weight, String digest, long packageBytes) {
        this(version, weight, 0, digest, packageBytes);
    }

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
        if (shadowPercent < 0 || shadowPercent > 100 || (shadowPercent > 0 && weight > 0)) {
            throw new IllegalArgumentException("shadow_percent: %d of weight %d (expected: 0, or 1..100 of weight 0)"
                    .formatted(shadowPercent, weight));
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
