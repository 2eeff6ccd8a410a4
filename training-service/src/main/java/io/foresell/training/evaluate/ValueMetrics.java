package io.foresell.training.evaluate;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** The metrics of a regression; definitions at {@link Metric}. */
final class ValueMetrics implements TaskMetrics {
    private final double[] values;
    private final double[] answers;

    ValueMetrics(double[] values, double[] answers) {
        this.values = values;
        this.answers = answers;
    }

    @Override
    public Map<Metric, Double> all() {
        int count = values.length;
        double mean = Arrays.stream(values).average().orElse(0);
        double squares = 0;
        double variance = 0;
        double absolute = 0;
        double magnitude = 0;
        double symmetric = 0;
        double relative = 0;
        int relativeCount = 0;
        double[] errors = new double[count];
        for (int row = 0; row < count; row++) {
            double error = answers[row] - values[row];
            errors[row] = Math.abs(error);
            squares += error * error;
            variance += (values[row] - mean) * (values[row] - mean);
            absolute += errors[row];
            magnitude += Math.abs(values[row]);
            double both = Math.abs(values[row]) + Math.abs(answers[row]);
            symmetric += both == 0 ? 0 : 200 * errors[row] / both;
            if (values[row] != 0) {
                relative += errors[row] / Math.abs(values[row]);
                relativeCount++;
            }
        }
        Arrays.sort(errors);
        Map<Metric, Double> all = new TreeMap<>();
        all.put(Metric.RMSE, Math.sqrt(squares / count));
        all.put(Metric.MAE, absolute / count);
        all.put(Metric.MEDIAN_AE, (errors[(count - 1) / 2] + errors[count / 2]) / 2);
        all.put(Metric.R2, variance == 0 ? Double.NaN : 1 - squares / variance);
        all.put(Metric.WAPE, magnitude == 0 ? Double.NaN : absolute / magnitude);
        all.put(Metric.SMAPE, symmetric / count);
        all.put(Metric.MAPE, relativeCount == 0 ? Double.NaN : relative / relativeCount);
        all.put(Metric.SPEARMAN, new RankCorrelation(values, answers).of());
        return all;
    }
}
