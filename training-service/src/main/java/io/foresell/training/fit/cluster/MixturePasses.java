package io.foresell.training.fit.cluster;

import io.foresell.training.fit.FitRequest;

/** Expectation maximisation from a first division of the rows (Dempster, Laird and Rubin 1977). One thread. */
final class MixturePasses {
    /** Ends when the mean log-likelihood of a row grows by less. */
    private static final double TOLERANCE = 1e-5;

    private static final int ROWS_PER_LOOK = 1024;
    private static final double NEGLIGIBLE = 1e-12;

    private final EncodedRows rows;
    private final CovarianceKind kind;
    private final double regularization;
    private final FitRequest request;

    MixturePasses(EncodedRows rows, CovarianceKind kind, double regularization, FitRequest request) {
        this.rows = rows;
        this.kind = kind;
        this.regularization = regularization;
        this.request = request;
    }

    /**
     * Where the passes ended.
     *
     * @param logLikelihood of all rows under the mixture
     */
    record End(Mixture mixture, double logLikelihood) {
        /** Returns the Bayesian information criterion; less is better. */
        double bic(CovarianceKind kind, EncodedRows rows) {
            int k = mixture.k();
            double parameters = (double) k * rows.width() + k - 1 + kind.parameterCount(k, rows.width());
            return parameters * Math.log(rows.rowCount()) - 2 * logLikelihood;
        }
    }

    End run(Partition first, int maxPasses) {
        MixtureSums sums = new MixtureSums(kind, first.centres());
        for (int row = 0; row < rows.rowCount(); row++) {
            sums.add(rows.values(), row * rows.width(), first.clusters()[row], 1);
        }
        Mixture mixture = sums.mixture(regularization);
        double before = Double.NEGATIVE_INFINITY;
        for (int pass = 1; ; pass++) {
            sums = new MixtureSums(kind, means(mixture));
            double logLikelihood = expect(mixture, sums);
            if (pass > maxPasses || (logLikelihood - before) / rows.rowCount() < TOLERANCE) {
                return new End(mixture, logLikelihood);
            }
            before = logLikelihood;
            mixture = sums.mixture(regularization);
        }
    }

    private static double[][] means(Mixture mixture) {
        double[][] means = new double[mixture.k()][];
        for (int k = 0; k < means.length; k++) {
            means[k] = mixture.mean(k);
        }
        return means;
    }

    /** Adds every row to the sums in the shares of its posteriors; returns the log-likelihood. */
    private double expect(Mixture mixture, MixtureSums sums) {
        Mixture.Densities densities = mixture.densities();
        double[] logDensities = new double[mixture.k()];
        double total = 0;
        for (int row = 0; row < rows.rowCount(); row++) {
            if (row % ROWS_PER_LOOK == 0) {
                request.requireWanted();
            }
            int at = row * rows.width();
            double logSum = densities.write(rows.values(), at, logDensities);
            total += logSum;
            for (int k = 0; k < logDensities.length; k++) {
                double posterior = Math.exp(logDensities[k] - logSum);
                if (posterior > NEGLIGIBLE) {
                    sums.add(rows.values(), at, k, posterior);
                }
            }
        }
        return total;
    }
}
