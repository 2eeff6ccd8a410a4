package io.foresell.training.fit.ensemble;

import io.foresell.model.Answer;
import io.foresell.model.Task;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.EnsembleGraph;
import io.foresell.training.fit.Coefficient;
import io.foresell.training.fit.CoefficientTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes one answer of several.
 *
 * @param weights one per member; those of an average sum up to 1
 * @param intercepts one per float of the answer; all 0 in an average
 * @param isStacked whether weights are those of log-odds, of logarithms of probabilities, or of values that are added up; else answers are
 *     averaged
 */
@SuppressWarnings("ArrayRecordComponent") // never leaves the package
record Combination(List<String> names, double[] weights, double[] intercepts, boolean isStacked) {
    /** Returns the weighted mean. */
    static Combination average(Ensemble ensemble, Answer answer) {
        int count = ensemble.members().size();
        double[] weights = new double[count];
        Arrays.setAll(
                weights,
                i -> ensemble.weights().isEmpty() ? 1 : ensemble.weights().get(i));
        double sum = Arrays.stream(weights).sum();
        Arrays.setAll(weights, i -> weights[i] / sum);
        return new Combination(names(ensemble), weights, new double[answer.width()], false);
    }

    static List<String> names(Ensemble ensemble) {
        return ensemble.members().stream().map(Ensemble.Member::name).toList();
    }

    byte[] onnx(List<byte[]> parts, Answer answer) {
        return isStacked
                ? EnsembleGraph.stacked(parts, answer, weights, intercepts)
                : EnsembleGraph.mean(parts, answer, weights);
    }

    /**
     * Returns the answers to every row.
     *
     * @param members answers of each member, row-major
     */
    double[] apply(List<double[]> members, Answer answer) {
        double[] sums = new double[members.get(0).length];
        for (int i = 0; i < weights.length; i++) {
            double[] own = members.get(i);
            for (int at = 0; at < sums.length; at++) {
                sums[at] += weights[i] * (isStacked ? score(answer.task(), own[at]) : own[at]);
            }
        }
        if (isStacked) {
            for (int at = 0; at < sums.length; at++) {
                sums[at] += intercepts[at % intercepts.length];
            }
            link(answer, sums);
        }
        return sums;
    }

    /** Returns what stacking adds up of one float of an answer. */
    static double score(Task task, double answered) {
        if (task == Task.REGRESSION) {
            return answered;
        }
        double inside = Math.max(Calibration.LEAST_PROBABILITY, Math.min(1 - Calibration.LEAST_PROBABILITY, answered));
        return task == Task.BINARY ? Math.log(inside / (1 - inside)) : Math.log(inside);
    }

    private static void link(Answer answer, double[] sums) {
        if (answer.task() == Task.BINARY) {
            for (int at = 0; at < sums.length; at++) {
                sums[at] = 1 / (1 + Math.exp(-sums[at]));
            }
        } else if (answer.task() == Task.MULTICLASS) {
            for (int from = 0; from < sums.length; from += answer.width()) {
                softmax(sums, from, from + answer.width());
            }
        }
    }

    private static void softmax(double[] scores, int from, int until) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < until; i++) {
            greatest = Math.max(greatest, scores[i]);
        }
        double sum = 0;
        for (int i = from; i < until; i++) {
            scores[i] = Math.exp(scores[i] - greatest);
            sum += scores[i];
        }
        for (int i = from; i < until; i++) {
            scores[i] /= sum;
        }
    }

    /** Says in a sentence what counts how much. */
    String sentence() {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            parts.add(String.format(Locale.ROOT, "%s %.3f", names.get(i), weights[i]));
        }
        return (isStacked
                        ? "Stacked on answers to rows that the members were not fitted on; weights: %s."
                        : "The mean of the answers of its members; weights: %s.")
                .formatted(String.join(", ", parts));
    }

    CoefficientTable table(Answer answer) {
        List<Coefficient> rows = new ArrayList<>();
        for (int output = 0; isStacked && output < intercepts.length; output++) {
            String label = answer.width() > 1 ? answer.labels().get(output) : "";
            rows.add(coefficient(label, Coefficient.INTERCEPT, intercepts[output]));
        }
        for (int i = 0; i < weights.length; i++) {
            rows.add(coefficient("", names.get(i), weights[i]));
        }
        String method = isStacked
                ? "%s of members, weights 0 or more, ridge towards equal weights"
                        .formatted(
                                answer.task() == Task.REGRESSION
                                        ? "linear regression on the values"
                                        : "logistic regression on the log-odds")
                : "weighted mean of the answers of members";
        return new CoefficientTable(method, "none: weights with a bound have no usual errors", rows, 0, Map.of());
    }

    private static Coefficient coefficient(String label, String name, double weight) {
        return new Coefficient(label, name, weight, Double.NaN, Double.NaN, Double.NaN, 1, false);
    }
}
