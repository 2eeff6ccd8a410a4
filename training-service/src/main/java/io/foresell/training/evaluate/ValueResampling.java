package io.foresell.training.evaluate;

import java.util.List;

/** Errors are sorted once, for the median. */
final class ValueResampling implements Resampling {
    static final List<Metric> METRICS = List.of(
            Metric.RMSE,
            Metric.MAE,
            Metric.MEDIAN_AE,
            Metric.R2,
            Metric.WAPE,
            Metric.SMAPE,
            Metric.MAPE,
            Metric.SPEARMAN);

    private final double[] values;
    private final double[] errors;
    private final double[] symmetric;
    private final int[] falling;
    private final RankCorrelation ranks;

    ValueResampling(double[] values, double[] answers) {
        this.values = values;
        this.errors = new double[values.length];
        this.symmetric = new double[values.length];
        for (int row = 0; row < values.length; row++) {
            errors[row] = Math.abs(answers[row] - values[row]);
            double both = Math.abs(values[row]) + Math.abs(answers[row]);
            symmetric[row] = both == 0 ? 0 : 200 * errors[row] / both;
        }
        this.falling = Ranking.falling(errors);
        this.ranks = new RankCorrelation(values, answers);
    }

    @Override
    public List<Metric> metrics() {
        return METRICS;
    }

    @Override
    public void measure(int[] weights, double[] measured) {
        double rowCount = 0;
        double sum = 0;
        double squares = 0;
        double absolute = 0;
        double magnitude = 0;
        double smape = 0;
        double relative = 0;
        double relativeCount = 0;
        for (int row = 0; row < values.length; row++) {
            int weight = weights[row];
            rowCount += weight;
            sum += weight * values[row];
            squares += weight * errors[row] * errors[row];
            absolute += weight * errors[row];
            magnitude += weight * Math.abs(values[row]);
            smape += weight * symmetric[row];
            if (values[row] != 0) {
                relative += weight * errors[row] / Math.abs(values[row]);
                relativeCount += weight;
            }
        }
        double mean = sum / rowCount;
        double variance = 0;
        for (int row = 0; row < values.length; row++) {
            variance += weights[row] * (values[row] - mean) * (values[row] - mean);
        }
        measured[0] = Math.sqrt(squares / rowCount);
        measured[1] = absolute / rowCount;
        measured[2] = median(weights, rowCount);
        measured[3] = variance == 0 ? Double.NaN : 1 - squares / variance;
        measured[4] = magnitude == 0 ? Double.NaN : absolute / magnitude;
        measured[5] = smape / rowCount;
        measured[6] = relativeCount == 0 ? Double.NaN : relative / relativeCount;
        measured[7] = ranks.of(weights);
    }

    private double median(int[] weights, double rowCount) {
        long count = (long) rowCount;
        return (at(weights, (count - 1) / 2) + at(weights, count / 2)) / 2;
    }

    /** Returns the error at a place when each row stands there as many times as it counts. */
    private double at(int[] weights, long place) {
        long seen = 0;
        for (int row : falling) {
            seen += weights[row];
            if (seen > place) {
                return errors[row];
            }
        }
        return Double.NaN;
    }
}
