package io.foresell.training.run;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.training.evaluate.Binning;
import io.foresell.training.evaluate.Judged.DependencePoint;
import io.foresell.training.evaluate.Judged.PartialDependence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The mean answer when one input is set to the same value in all rows, value by value. Friedman, "Greedy function approximation"
 * (2001), section 8.2. Values are those of rows, so that none is impossible.
 */
final class PartialDependences {
    private static final int MOST_ROWS = 200;
    private static final int MOST_DEAR_ROWS = 50;
    private static final int MOST_INPUTS = 20;
    private static final int POINTS = 12;

    private final FittedParts parts;
    private final Rows rows;
    private final int target;

    PartialDependences(FittedParts parts) {
        this.parts = parts;
        boolean isDear = Double.isNaN(parts.scorer().base(0));
        this.rows =
                sample(parts.fold().rows(parts.signature()), parts.signature(), isDear ? MOST_DEAR_ROWS : MOST_ROWS);
        this.target = target();
    }

    private static Rows sample(Rows all, Signature signature, int most) {
        int count = Math.min(most, all.rowCount());
        float[] numbers = new float[count * signature.numberWidth()];
        String[] texts = new String[count * signature.textWidth()];
        for (int i = 0; i < count; i++) {
            int row = (int) ((long) i * all.rowCount() / count);
            System.arraycopy(
                    all.numbers(),
                    row * signature.numberWidth(),
                    numbers,
                    i * signature.numberWidth(),
                    signature.numberWidth());
            System.arraycopy(
                    all.texts(), row * signature.textWidth(), texts, i * signature.textWidth(), signature.textWidth());
        }
        return new Rows(count, numbers, texts);
    }

    /** Of several classes, the one answered most. */
    private int target() {
        double[] means = means(rows);
        int greatest = 0;
        for (int i = 1; i < means.length; i++) {
            greatest = means[i] > means[greatest] ? i : greatest;
        }
        return greatest;
    }

    private double[] means(Rows scored) {
        int width = parts.answer().width();
        float[] answers = new float[scored.rowCount() * width];
        parts.scorer().score(scored, answers);
        double[] means = new double[width];
        for (int i = 0; i < answers.length; i++) {
            means[i % width] += answers[i] / (double) scored.rowCount();
        }
        return means;
    }

    /** Returns the curves of inputs by name, at most 20. */
    List<PartialDependence> of(List<String> names, BooleanSupplier isCancelled) {
        List<PartialDependence> curves = new ArrayList<>();
        Signature signature = parts.signature();
        ColumnSwap swap = new ColumnSwap(signature, rows);
        for (String name : names.subList(0, Math.min(MOST_INPUTS, names.size()))) {
            if (!signature.contains(name)) {
                continue;
            }
            int input = signature.indexOf(name);
            List<DependencePoint> points = new ArrayList<>();
            for (int from : valueRows(input)) {
                if (isCancelled.getAsBoolean()) {
                    throw new CancellationException("cancelled while drawing dependences");
                }
                for (int row = 0; row < rows.rowCount(); row++) {
                    swap.set(input, row, from);
                }
                points.add(new DependencePoint(shown(input, from), means(swap.rows())[target]));
            }
            swap.restore(input);
            curves.add(new PartialDependence(name, targetName(), points));
        }
        return curves;
    }

    private String targetName() {
        return parts.answer().task() == Task.MULTICLASS || parts.answer().task() == Task.CLUSTERS
                ? parts.answer().labels().get(target)
                : "";
    }

    /** Returns rows whose values of the input stand for all: quantiles of numbers, the most frequent texts. */
    private int[] valueRows(int input) {
        InputField field = parts.signature().inputs().get(input);
        Integer[] order = new Integer[rows.rowCount()];
        Arrays.setAll(order, i -> i);
        if (field.kind() == InputKind.TEXT) {
            return Arrays.stream(order)
                    .sorted(Comparator.comparing(row -> text(input, row)))
                    .filter(first(input))
                    .limit(POINTS)
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
        Integer[] rising = Arrays.stream(order)
                .filter(row -> !Double.isNaN(number(input, row)))
                .sorted(Comparator.comparingDouble(row -> number(input, row)))
                .toArray(Integer[]::new);
        return IntStream.range(0, rising.length == 0 ? 0 : POINTS)
                .mapToObj(i -> rising[(int) ((long) i * (rising.length - 1) / (POINTS - 1))])
                .filter(first(input))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Passes each value once. */
    private Predicate<Integer> first(int input) {
        Set<String> seen = new HashSet<>();
        return row -> seen.add(shown(input, row));
    }

    private String text(int input, int row) {
        Signature signature = parts.signature();
        return rows.texts()[row * signature.textWidth() + signature.offset(input)];
    }

    private double number(int input, int row) {
        Signature signature = parts.signature();
        int from = row * signature.numberWidth() + signature.offset(input);
        InputField field = signature.inputs().get(input);
        Rows own = new Rows(1, Arrays.copyOfRange(rows.numbers(), from, from + field.width()), new String[0]);
        return Binning.numbers(field, own)[0];
    }

    private String shown(int input, int row) {
        if (parts.signature().inputs().get(input).kind() == InputKind.TEXT) {
            return text(input, row).isEmpty() ? Binning.MISSING : text(input, row);
        }
        return Binning.shown(number(input, row));
    }
}
