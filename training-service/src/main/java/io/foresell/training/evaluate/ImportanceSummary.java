package io.foresell.training.evaluate;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.training.evaluate.Judged.Importance;
import io.foresell.training.evaluate.Judged.ValueContribution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What inputs contributed to answers, and what is lost when their values are shuffled. One owner, not thread-safe. */
public final class ImportanceSummary {
    private static final int MOST_INPUTS = 50;
    private static final int MOST_TEXTS = 10;
    private static final int FIFTHS = 5;
    private static final int LEAST_FOR_DIRECTION = 10;

    private final Map<String, Input> inputs = new LinkedHashMap<>();

    private static final class Input {
        private final List<Double> numbers = new ArrayList<>();
        private final List<String> texts = new ArrayList<>();
        private final List<Double> contributions = new ArrayList<>();
        private final List<Double> drops = new ArrayList<>();
    }

    /** Adds a row with one contribution per input. */
    public void explained(Signature signature, Rows rows, int row, double[] contributions) {
        for (int i = 0; i < contributions.length; i++) {
            InputField field = signature.inputs().get(i);
            Input input = inputs.computeIfAbsent(field.name(), name -> new Input());
            input.contributions.add(contributions[i]);
            if (field.kind() == InputKind.TEXT) {
                input.texts.add(rows.texts()[row * signature.textWidth() + signature.offset(i)]);
            } else {
                int from = row * signature.numberWidth() + signature.offset(i);
                Rows own = new Rows(1, Arrays.copyOfRange(rows.numbers(), from, from + field.width()), new String[0]);
                input.numbers.add(Binning.numbers(field, own)[0]);
            }
        }
    }

    /** Adds by how much the metric got worse when the input's values were shuffled. */
    public void permuted(String input, double drop) {
        inputs.computeIfAbsent(input, name -> new Input()).drops.add(drop);
    }

    /** Returns the inputs from most to least important, at most 50. */
    public List<Importance> importance() {
        return inputs.entrySet().stream()
                .map(entry -> importance(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingDouble(Importance::meanAbsoluteContribution)
                        .reversed()
                        .thenComparing(Importance::input))
                .limit(MOST_INPUTS)
                .toList();
    }

    private static Importance importance(String name, Input input) {
        double mean =
                input.contributions.stream().mapToDouble(Math::abs).average().orElse(0);
        return new Importance(
                name,
                mean,
                direction(input),
                input.drops.isEmpty() ? null : mean(input.drops),
                input.drops.size() < 2 ? null : deviation(input.drops),
                values(input));
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    private static double deviation(List<Double> values) {
        double mean = mean(values);
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        return Math.sqrt(squares / (values.size() - 1));
    }

    /** Returns the rank correlation (Spearman) of value and contribution; null for texts, and where either never changes. */
    private static @Nullable Double direction(Input input) {
        int[] present = IntStream.range(0, input.numbers.size())
                .filter(i -> !Double.isNaN(input.numbers.get(i)))
                .toArray();
        if (present.length < LEAST_FOR_DIRECTION) {
            return null;
        }
        double[] x =
                ranks(Arrays.stream(present).mapToDouble(input.numbers::get).toArray());
        double[] y = ranks(
                Arrays.stream(present).mapToDouble(input.contributions::get).toArray());
        double middle = (present.length + 1) / 2.0;
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - middle) * (y[i] - middle);
            xx += (x[i] - middle) * (x[i] - middle);
            yy += (y[i] - middle) * (y[i] - middle);
        }
        return xx * yy == 0 ? null : (Double) (xy / Math.sqrt(xx * yy));
    }

    /** Ranks from 1; equal values share their mean rank. */
    static double[] ranks(double[] values) {
        int[] falling = Ranking.falling(values);
        double[] ranks = new double[values.length];
        for (int from = 0; from < falling.length; ) {
            int until = from;
            while (until < falling.length && values[falling[until]] == values[falling[from]]) {
                until++;
            }
            for (int i = from; i < until; i++) {
                ranks[falling[i]] = values.length - (from + until - 1) / 2.0;
            }
            from = until;
        }
        return ranks;
    }

    private static List<ValueContribution> values(Input input) {
        int count = input.contributions.size();
        if (input.numbers.size() + input.texts.size() != count || count == 0) {
            return List.of();
        }
        boolean isText = input.numbers.isEmpty();
        InputField field = new InputField("value", isText ? InputKind.TEXT : InputKind.NUMBER, 1);
        float[] numbers = new float[isText ? 0 : count];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = input.numbers.get(i).floatValue();
        }
        Rows rows = new Rows(count, numbers, input.texts.toArray(new String[0]));
        Binning binning = Binning.of(field, rows, FIFTHS, MOST_TEXTS);
        int[] bins = binning.bins(rows);
        double[] sums = new double[binning.count()];
        long[] counts = new long[binning.count()];
        for (int i = 0; i < bins.length; i++) {
            sums[bins[i]] += input.contributions.get(i);
            counts[bins[i]]++;
        }
        List<ValueContribution> values = new ArrayList<>();
        for (int bin = 0; bin < sums.length; bin++) {
            if (counts[bin] > 0) {
                values.add(new ValueContribution(binning.labels().get(bin), sums[bin] / counts[bin], counts[bin]));
            }
        }
        return values;
    }
}
