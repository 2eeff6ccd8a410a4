package io.foresell.training.fit.cluster;

/** Which covariances the normal distributions of a mixture may have. */
public enum CovarianceKind {
    /** A matrix per distribution. */
    FULL,
    /** A variance per distribution and column. */
    DIAGONAL,
    /** One matrix for all. */
    TIED,
    /** One variance per distribution. */
    SPHERICAL;

    boolean isMatrix() {
        return this == FULL || this == TIED;
    }

    /** Returns how many free numbers the covariances of {@code k} distributions over {@code width} columns have. */
    double parameterCount(int k, int width) {
        double matrix = width * (width + 1.0) / 2;
        return switch (this) {
            case FULL -> k * matrix;
            case DIAGONAL -> (double) k * width;
            case TIED -> matrix;
            case SPHERICAL -> k;
        };
    }
}
