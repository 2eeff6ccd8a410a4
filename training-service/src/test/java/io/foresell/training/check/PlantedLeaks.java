package io.foresell.training.check;

import io.foresell.training.dataset.FeatureSetInfo;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Rows with six honest columns of equal worth, two of them whole numbers, to plant leaks in. */
final class PlantedLeaks {
    private final Random random = new Random(31);
    private final List<String> keys = new ArrayList<>();
    private final List<Double> labels = new ArrayList<>();
    private final List<double[]> rows = new ArrayList<>();

    static PlantedLeaks honest(int count) {
        PlantedLeaks planted = new PlantedLeaks();
        for (int row = 0; row < count; row++) {
            double label = planted.random.nextInt(5) == 0 ? 1 : 0;
            double[] values = new double[6];
            for (int i = 0; i < values.length; i++) {
                values[i] = 0.6 * label + planted.random.nextGaussian();
            }
            values[4] = Math.rint(20 * values[4]);
            values[5] = Math.rint(30 * values[5]);
            planted.add("c" + row, label, values);
        }
        return planted;
    }

    private void add(String key, double label, double[] values) {
        keys.add(key);
        labels.add(label);
        rows.add(values);
    }

    /** Copies positive rows until there are as many as negative ones. */
    PlantedLeaks oversampled() {
        int count = rows.size();
        for (int i = 0; i < 5 * count; i++) {
            int row = random.nextInt(count);
            if (labels.get(row) == 1 && i % 5 < 4) {
                add("copy" + i, 1, rows.get(row));
            }
        }
        return this;
    }

    /** Adds mixtures of two positive rows. */
    PlantedLeaks mixed() {
        int count = rows.size();
        for (int i = 0; i < 3 * count; i++) {
            int first = random.nextInt(count);
            int second = random.nextInt(count);
            if (labels.get(first) == 1 && labels.get(second) == 1) {
                double share = random.nextDouble();
                double[] values = new double[6];
                for (int j = 0; j < values.length; j++) {
                    values[j] = share * rows.get(first)[j] + (1 - share) * rows.get(second)[j];
                }
                add("mix" + i, 1, values);
            }
        }
        return this;
    }

    /** Adds a second copy of every third row. */
    PlantedLeaks doubled() {
        int count = rows.size();
        for (int row = 0; row < count; row += 3) {
            add("again" + row, labels.get(row), rows.get(row));
        }
        return this;
    }

    /** Gives rows in threes to one entity. */
    PlantedLeaks ofFewEntities() {
        for (int row = 0; row < keys.size(); row++) {
            keys.set(row, "e" + row / 3);
        }
        return this;
    }

    int count() {
        return rows.size();
    }

    double label(int row) {
        return labels.get(row);
    }

    TrainingSet with(RowBlock.Column... more) {
        List<RowBlock.Column> columns = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int column = i;
            columns.add(new RowBlock.Numbers(
                    "honest" + i,
                    1,
                    rows.stream().mapToDouble(row -> row[column]).toArray()));
        }
        columns.addAll(List.of(more));
        return new TrainingSetBuilder(new FeatureSetInfo("shop", "hash", "left", "customer", Map.of()))
                .add(new RowBlock(
                        keys,
                        new long[rows.size()],
                        new RowBlock.NumberTarget(
                                labels.stream().mapToDouble(Double::doubleValue).toArray()),
                        columns))
                .build();
    }

    RowBlock.Numbers numbers(String name, double ofLabel, double noise) {
        return new RowBlock.Numbers(
                name,
                1,
                labels.stream()
                        .mapToDouble(label -> ofLabel * label + noise * random.nextGaussian())
                        .toArray());
    }
}
