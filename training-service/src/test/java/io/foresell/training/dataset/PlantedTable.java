package io.foresell.training.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Customers with two numbers, a plan and a noisy column. The score is the plan's level plus a step in age plus a product of age and
 * spend, so neither a line nor one split explains it; labels are the score, whether it is high, or in which third it lies.
 */
public final class PlantedTable {
    private static final List<String> PLANS = List.of("basic", "family", "gold", "trial");
    private static final double[] LEVELS = {0, 1, 2, -1.5};

    private PlantedTable() {}

    /** Labels 1 or 0. */
    public static TrainingSet binary(int rowCount, long seed) {
        return of(rowCount, seed, scores -> {
            double[] labels =
                    Arrays.stream(scores).map(score -> score > 0.8 ? 1 : 0).toArray();
            return new RowBlock.NumberTarget(labels);
        });
    }

    /** Labels high, low, medium. */
    public static TrainingSet multiclass(int rowCount, long seed) {
        return of(
                rowCount,
                seed,
                scores -> new RowBlock.TextTarget(Arrays.stream(scores)
                        .mapToObj(score -> score < 0 ? "low" : score < 1.5 ? "medium" : "high")
                        .toList()));
    }

    /** Labels are values, far from 0 and not of unit size. */
    public static TrainingSet values(int rowCount, long seed) {
        return of(
                rowCount,
                seed,
                scores -> new RowBlock.NumberTarget(
                        Arrays.stream(scores).map(score -> 500 + 20 * score).toArray()));
    }

    private interface Labelling {
        RowBlock.Target of(double[] scores);
    }

    private static TrainingSet of(int rowCount, long seed, Labelling labelling) {
        Random random = new Random(seed);
        double[] ages = new double[rowCount];
        double[] spends = new double[rowCount];
        double[] noises = new double[rowCount];
        double[] scores = new double[rowCount];
        int[] plans = new int[rowCount];
        List<String> keys = new ArrayList<>();
        for (int row = 0; row < rowCount; row++) {
            keys.add("c" + row);
            ages[row] = 18 + random.nextInt(60);
            spends[row] = random.nextGaussian();
            noises[row] = random.nextGaussian();
            plans[row] = random.nextInt(PLANS.size());
            scores[row] = LEVELS[plans[row]]
                    + (ages[row] < 40 ? 0 : 1)
                    + 0.03 * (ages[row] - 48) * spends[row]
                    + 0.3 * random.nextGaussian();
            ages[row] = random.nextDouble() < 0.1 ? Double.NaN : ages[row];
            plans[row] = random.nextDouble() < 0.05 ? -1 : plans[row];
        }
        return set(
                keys,
                labelling.of(scores),
                List.of(
                        new RowBlock.Numbers("age", 1, ages),
                        new RowBlock.Texts("plan", PLANS, plans),
                        new RowBlock.Numbers("spend", 1, spends),
                        new RowBlock.Numbers("noise", 1, noises)));
    }

    /** Returns a set of these columns. */
    public static TrainingSet set(List<String> keys, RowBlock.Target labels, List<RowBlock.Column> columns) {
        FeatureSetInfo info = new FeatureSetInfo("table", "hash", "label", "customer", Map.of());
        return new TrainingSetBuilder(info)
                .add(new RowBlock(keys, new long[keys.size()], labels, columns))
                .build();
    }
}
