package io.foresell.training.serve;

import io.foresell.model.Task;
import io.foresell.training.dataset.FeatureSetInfo;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/** Rows in which everything is sound, to be spoiled one thing at a time: spend tells the label, visits and plan hardly. */
final class Customers {
    private static final long DAY_MILLIS = 86_400_000;
    private static final long START_MILLIS = 1_700_000_000_000L;

    private final int rowCount;
    private final double[] spend;
    private final Map<String, RowBlock.Column> columns = new LinkedHashMap<>();
    private IntFunction<String> entity = row -> "c" + row;
    private IntToLongFunction time = row -> START_MILLIS + row * DAY_MILLIS;
    private RowBlock.Target labels;

    private Customers(int rowCount) {
        this.rowCount = rowCount;
        Random random = new Random(7);
        this.spend = random.doubles(rowCount, 0, 100).toArray();
        double[] noise = random.doubles(rowCount, -40, 40).toArray();
        double[] visits = random.doubles(rowCount, 0, 20).toArray();
        int[] plans = random.ints(rowCount, 0, 3).toArray();
        columns.put("spend", new RowBlock.Numbers("spend", 1, spend));
        columns.put("visits", new RowBlock.Numbers("visits", 1, visits));
        columns.put("plan", new RowBlock.Texts("plan", List.of("basic", "family", "gold"), plans));
        labels = new RowBlock.NumberTarget(numbers(row -> spend[row] + noise[row] > 50 ? 1 : 0));
    }

    static Customers of(int rowCount) {
        return new Customers(rowCount);
    }

    static Customers sound() {
        return of(120);
    }

    private double[] numbers(IntToDoubleFunction formula) {
        double[] values = new double[rowCount];
        Arrays.setAll(values, formula);
        return values;
    }

    Customers number(String name, IntToDoubleFunction formula) {
        columns.put(name, new RowBlock.Numbers(name, 1, numbers(formula)));
        return this;
    }

    Customers sequence(String name, int width, IntToDoubleFunction formula) {
        double[] values = new double[rowCount * width];
        Arrays.setAll(values, formula);
        columns.put(name, new RowBlock.Numbers(name, width, values));
        return this;
    }

    /** An empty text is missing. */
    Customers text(String name, IntFunction<String> formula) {
        Map<String, Integer> codes = new LinkedHashMap<>();
        int[] coded = new int[rowCount];
        for (int row = 0; row < rowCount; row++) {
            String text = formula.apply(row);
            coded[row] = text.isEmpty() ? -1 : codes.computeIfAbsent(text, added -> codes.size());
        }
        columns.put(name, new RowBlock.Texts(name, List.copyOf(codes.keySet()), coded));
        return this;
    }

    Customers only(String... names) {
        columns.keySet().retainAll(List.of(names));
        return this;
    }

    Customers entities(IntFunction<String> formula) {
        entity = formula;
        return this;
    }

    Customers days(IntToLongFunction formula) {
        time = row -> START_MILLIS + formula.applyAsLong(row) * DAY_MILLIS;
        return this;
    }

    Customers labelled(IntToDoubleFunction formula) {
        labels = new RowBlock.NumberTarget(numbers(formula));
        return this;
    }

    Customers labelledWithTexts(IntFunction<String> formula) {
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < rowCount; row++) {
            texts.add(formula.apply(row));
        }
        labels = new RowBlock.TextTarget(texts);
        return this;
    }

    Customers unlabelled() {
        labels = new RowBlock.NoTarget(rowCount);
        return this;
    }

    /** A value that the label can be told from: the spend. */
    double spend(int row) {
        return spend[row];
    }

    Customers labelledWithSpend() {
        return labelled(row -> 3 * spend[row] + row % 7);
    }

    /** Returns the rows as the feature store would stream them to a spec that names a task, or none. */
    TrainingSet read(@Nullable Task task) {
        List<String> keys = new ArrayList<>();
        long[] times = new long[rowCount];
        for (int row = 0; row < rowCount; row++) {
            keys.add(entity.apply(row));
            times[row] = time.applyAsLong(row);
        }
        FeatureSetInfo info = new FeatureSetInfo("customers", "hash", "left", "customer", Map.of());
        return new TrainingSetBuilder(info, task)
                .add(new RowBlock(keys, times, labels, List.copyOf(columns.values())))
                .build();
    }
}
