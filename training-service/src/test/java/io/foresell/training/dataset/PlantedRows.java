package io.foresell.training.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Rows with a number, a sequence and a category of many, whose label is of any task. */
public final class PlantedRows {
    private PlantedRows() {}

    /** Labels 1 for a share of the rows, with a number that says little. */
    public static TrainingSet binary(int rowCount, double share, long seed) {
        Random random = new Random(seed);
        double[] labels = new double[rowCount];
        double[] hints = new double[rowCount];
        for (int row = 0; row < rowCount; row++) {
            labels[row] = random.nextDouble() < share ? 1 : 0;
            hints[row] = labels[row] * 0.3 + random.nextGaussian();
        }
        return set(new RowBlock.NumberTarget(labels), hints, random);
    }

    /** Labels with one of three classes, that a number tells. */
    public static TrainingSet classes(int rowCount, long seed) {
        Random random = new Random(seed);
        List<String> labels = new ArrayList<>();
        double[] hints = new double[rowCount];
        for (int row = 0; row < rowCount; row++) {
            int label = random.nextInt(3);
            labels.add(List.of("high", "low", "middle").get(label));
            hints[row] = label + 0.3 * random.nextGaussian();
        }
        return set(new RowBlock.TextTarget(labels), hints, random);
    }

    /** Labels with a value around 1,000, that a number tells. */
    public static TrainingSet values(int rowCount, long seed) {
        Random random = new Random(seed);
        double[] labels = new double[rowCount];
        double[] hints = new double[rowCount];
        for (int row = 0; row < rowCount; row++) {
            hints[row] = random.nextGaussian();
            labels[row] = 1000 + 200 * hints[row] + 10 * random.nextGaussian();
        }
        return set(new RowBlock.NumberTarget(labels), hints, random);
    }

    private static TrainingSet set(RowBlock.Target labels, double[] hints, Random random) {
        int rowCount = hints.length;
        List<String> keys = new ArrayList<>();
        List<String> shops = new ArrayList<>();
        for (int shop = 0; shop < 40; shop++) {
            shops.add("shop " + shop);
        }
        int[] codes = new int[rowCount];
        double[] weeks = new double[rowCount * 6];
        for (int row = 0; row < rowCount; row++) {
            keys.add("c" + row);
            codes[row] = random.nextInt(41) - 1;
            for (int week = 0; week < 6; week++) {
                weeks[row * 6 + week] = random.nextGaussian();
            }
        }
        return new TrainingSetBuilder(new FeatureSetInfo("rows", "hash", "label", "customer", Map.of()))
                .add(new RowBlock(
                        keys,
                        new long[rowCount],
                        labels,
                        List.of(
                                new RowBlock.Numbers("hint", 1, hints),
                                new RowBlock.Texts("shop", shops, codes),
                                new RowBlock.Numbers("weeks", 6, weeks))))
                .build();
    }
}
