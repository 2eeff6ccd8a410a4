package io.foresell.training.prepare;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.model.graph.ColumnCompletion;
import io.foresell.model.graph.Preprocessing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Fits a ridge regression of each number to be filled on all other columns that are never missing, over the rows that have the number.
 * Where another number to be filled is missing too, it counts as its mean: one pass, which a graph can write.
 */
final class Completion {
    private static final double PENALTY = 1;

    private final Preprocessing encoded;
    private final EncodedRows rows;
    private final BooleanSupplier isCancelled;

    Completion(Preprocessing encoded, Rows rows, BooleanSupplier isCancelled) {
        this.encoded = encoded;
        this.rows = new EncodedRows(encoded, rows, isCancelled);
        this.isCancelled = isCancelled;
    }

    /** Returns the name of the column that says whether a number is missing. */
    static String indicator(String input) {
        return input + " is missing";
    }

    ColumnCompletion fit(Set<String> inputs) {
        List<Integer> targets = new ArrayList<>();
        List<Integer> indicators = new ArrayList<>();
        for (String input : new TreeSet<>(inputs)) {
            targets.add(column(input, input));
            indicators.add(column(input, indicator(input)));
        }
        List<Integer> predictors = predictors();
        if (predictors.size() > Correlations.MAX_WIDTH) {
            throw new ServiceException(Failure.precondition(
                    "PREPARE_TOO_WIDE",
                    "columns to fill %s from: %d (expected: at most %d; another fill, or fewer categories)"
                            .formatted(inputs, predictors.size(), Correlations.MAX_WIDTH)));
        }
        double[][] weights = new double[targets.size()][];
        double[] bias = new double[targets.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = new double[predictors.size()];
            bias[i] = fit(targets.get(i), indicators.get(i), predictors, weights[i]);
        }
        return new ColumnCompletion(rows.width, targets, indicators, predictors, weights, bias);
    }

    private int column(String input, String name) {
        for (int column = 0; column < rows.width; column++) {
            if (encoded.columnInputs().get(column).equals(input)
                    && encoded.encodedNames().get(column).equals(name)) {
                return column;
            }
        }
        throw new IllegalStateException("no column %s of %s".formatted(name, input));
    }

    /** Returns the columns that are numbers even in a row with nothing. */
    private List<Integer> predictors() {
        float[] numbers = new float[encoded.signature().numberWidth()];
        Arrays.fill(numbers, Float.NaN);
        String[] texts = new String[encoded.signature().textWidth()];
        Arrays.fill(texts, "");
        float[] empty = encoded.encode(new Rows(1, numbers, texts));
        return IntStream.range(0, rows.width)
                .filter(column -> !Float.isNaN(empty[column]))
                .boxed()
                .toList();
    }

    /** Fills the weights of one number; returns what is added to its constant besides. */
    private double fit(int target, int indicator, List<Integer> predictors, double[] weights) {
        int[] present = IntStream.range(0, rows.rowCount)
                .filter(row -> value(row, indicator) == 0)
                .toArray();
        double[] label = new double[rows.rowCount];
        Arrays.setAll(label, row -> value(row, target));
        Correlations correlations = new Correlations(rows, present, new double[][] {label}, isCancelled);
        List<Integer> used = predictors.stream()
                .filter(column -> column != target && column != indicator && correlations.deviations[column] > 0)
                .toList();
        double[] standardized = Ridge.solve(correlations, used, correlations.withLabels[0], PENALTY / present.length);
        double bias = correlations.means[target] - constant(target, indicator, correlations.means[target]);
        for (int i = 0; i < used.size(); i++) {
            int column = used.get(i);
            double weight = standardized[i] / correlations.deviations[column];
            weights[predictors.indexOf(column)] = weight;
            bias -= weight * correlations.means[column];
        }
        return bias;
    }

    /** Returns what the number is encoded as where it is missing. */
    private double constant(int target, int indicator, double usual) {
        for (int row = 0; row < rows.rowCount; row++) {
            if (value(row, indicator) != 0) {
                return value(row, target);
            }
        }
        return usual;
    }

    private float value(int row, int column) {
        int at = Arrays.binarySearch(rows.columns, rows.starts[row], rows.starts[row + 1], column);
        return at < 0 ? 0 : rows.values[at];
    }
}
