package io.foresell.training.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Customers whose last two weeks depart from their usual orders: for those who leave one week lies far above and the other
 * far below, in either order; for those who stay both lie on one side. No weighting of single weeks tells them apart.
 */
public final class PlantedSequences {
    private PlantedSequences() {}

    /** Returns rows with two sequences, one number and one text, some values missing. */
    public static TrainingSet of(int rowCount, int length, long seed) {
        Random random = new Random(seed);
        double[] orders = new double[rowCount * length];
        double[] visits = new double[rowCount * length];
        double[] ages = new double[rowCount];
        int[] regions = new int[rowCount];
        double[] labels = new double[rowCount];
        List<String> keys = new ArrayList<>();
        for (int row = 0; row < rowCount; row++) {
            keys.add("c" + row);
            labels[row] = random.nextDouble() < 0.4 ? 1 : 0;
            double level = 5 + random.nextGaussian();
            for (int week = 0; week < length; week++) {
                orders[row * length + week] = level + 0.5 * random.nextGaussian();
                visits[row * length + week] = random.nextDouble() < 0.02 ? Double.NaN : random.nextGaussian();
            }
            double height = random.nextBoolean() ? 4 : -4;
            orders[row * length + length - 2] += height;
            orders[row * length + length - 1] += labels[row] == 1 ? -height : height;
            ages[row] = random.nextDouble() < 0.1 ? Double.NaN : random.nextInt(80);
            regions[row] = random.nextInt(4) - 1;
        }
        FeatureSetInfo info = new FeatureSetInfo("weekly", "hash", "left", "customer", Map.of());
        return new TrainingSetBuilder(info)
                .add(new RowBlock(
                        keys,
                        new long[rowCount],
                        new RowBlock.NumberTarget(labels),
                        List.of(
                                new RowBlock.Numbers("age", 1, ages),
                                new RowBlock.Numbers("orders", length, orders),
                                new RowBlock.Texts("region", List.of("north", "south", "west"), regions),
                                new RowBlock.Numbers("visits", length, visits))))
                .build();
    }
}
