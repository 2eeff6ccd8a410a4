package io.foresell.training.serve;

import io.foresell.proto.training.v1.CovarianceKind;
import io.foresell.proto.training.v1.GaussianMixture;
import io.foresell.proto.training.v1.Hdbscan;
import io.foresell.proto.training.v1.KMeans;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.cluster.ClusterCount;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Algorithms that find clusters. */
final class ClusterProtos {
    private static final int DEFAULT_MIN = 2;
    private static final int DEFAULT_MAX = 10;

    private ClusterProtos() {}

    static @Nullable Algorithm kMeans(String field, KMeans message, SpecCheck check) {
        var by = io.foresell.training.fit.cluster.KMeans.DEFAULT;
        @Nullable
        ClusterCount count =
                count(field, message.getK(), message.getKMin(), message.getKMax(), message.getNamesList(), check);
        int restarts = check.count(field + ".restarts", message.getRestarts(), by.restarts(), 1, 100);
        int maxPasses = check.count(field + ".max_passes", message.getMaxPasses(), by.maxPasses(), 1, 10_000);
        return count == null ? null : new io.foresell.training.fit.cluster.KMeans(count, restarts, maxPasses);
    }

    static @Nullable Algorithm mixture(String field, GaussianMixture message, SpecCheck check) {
        var by = io.foresell.training.fit.cluster.GaussianMixture.DEFAULT;
        @Nullable
        ClusterCount count =
                count(field, message.getK(), message.getKMin(), message.getKMax(), message.getNamesList(), check);
        var covariance = covariance(field + ".covariance", message, check);
        int restarts = check.count(field + ".restarts", message.getRestarts(), by.restarts(), 1, 100);
        int maxPasses = check.count(field + ".max_passes", message.getMaxPasses(), by.maxPasses(), 1, 10_000);
        double regularization = check.number(
                field + ".regularization",
                message.hasRegularization(),
                message.getRegularization(),
                by.regularization(),
                1e-5,
                1);
        return count == null
                ? null
                : new io.foresell.training.fit.cluster.GaussianMixture(
                        count, covariance, restarts, maxPasses, regularization);
    }

    private static io.foresell.training.fit.cluster.CovarianceKind covariance(
            String field, GaussianMixture message, SpecCheck check) {
        CovarianceKind kind = message.getCovariance();
        return switch (kind) {
            case COVARIANCE_KIND_UNSPECIFIED, COVARIANCE_KIND_FULL -> io.foresell.training.fit.cluster.CovarianceKind
                    .FULL;
            case COVARIANCE_KIND_DIAGONAL -> io.foresell.training.fit.cluster.CovarianceKind.DIAGONAL;
            case COVARIANCE_KIND_TIED -> io.foresell.training.fit.cluster.CovarianceKind.TIED;
            case COVARIANCE_KIND_SPHERICAL -> io.foresell.training.fit.cluster.CovarianceKind.SPHERICAL;
            case UNRECOGNIZED -> {
                check.refuse(field, message.getCovarianceValue(), "FULL, DIAGONAL, TIED or SPHERICAL");
                yield io.foresell.training.fit.cluster.CovarianceKind.FULL;
            }
        };
    }

    private static @Nullable ClusterCount count(
            String field, int k, int kMin, int kMax, List<String> names, SpecCheck check) {
        if (k != 0 && (kMin != 0 || kMax != 0)) {
            check.refuse(field + ".k", k, "0 with k_min and k_max, or k alone");
            return null;
        }
        int min = kMin == 0 ? DEFAULT_MIN : kMin;
        int max = kMax == 0 ? Math.max(min, DEFAULT_MAX) : kMax;
        return check.checked(field, () -> new ClusterCount(k, k == 0 ? min : 0, k == 0 ? max : 0, names));
    }

    static @Nullable Algorithm hdbscan(String field, Hdbscan message, SpecCheck check) {
        var by = io.foresell.training.fit.cluster.Hdbscan.DEFAULT;
        int maxRows = check.count(field + ".max_rows", message.getMaxRows(), by.maxRows(), 100, 50_000);
        return check.checked(
                field,
                () -> new io.foresell.training.fit.cluster.Hdbscan(
                        message.getMinClusterSize(), message.getMinSamples(), maxRows));
    }
}
