package io.foresell.training.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Customers whose label three numbers tell, two much (strong, second) and one little (weak), but in the region "east", where nothing tells
 * it; one row a day. Features are left out or added by name.
 */
public final class PlantedCustomers {
    private static final long DAY_MILLIS = 86_400_000;

    private PlantedCustomers() {}

    /** Labels 1 or 0; {@code copy} is the label under another name. */
    public static TrainingSet binary(int rowCount, String featureSetHash, String... features) {
        return of(rowCount, featureSetHash, Kind.BINARY, features);
    }

    /** Labels with one of three classes. */
    public static TrainingSet classes(int rowCount, String featureSetHash, String... features) {
        return of(rowCount, featureSetHash, Kind.CLASSES, features);
    }

    /** Labels with a value. */
    public static TrainingSet values(int rowCount, String featureSetHash, String... features) {
        return of(rowCount, featureSetHash, Kind.VALUES, features);
    }

    private enum Kind {
        BINARY,
        CLASSES,
        VALUES
    }

    private static TrainingSet of(int rowCount, String featureSetHash, Kind kind, String... features) {
        Random random = new Random(23);
        double[] strong = new double[rowCount];
        double[] second = new double[rowCount];
        double[] weak = new double[rowCount];
        int[] regions = new int[rowCount];
        double[] scores = new double[rowCount];
        List<String> keys = new ArrayList<>();
        long[] times = new long[rowCount];
        for (int row = 0; row < rowCount; row++) {
            keys.add("c" + row);
            times[row] = row * DAY_MILLIS;
            strong[row] = random.nextGaussian();
            second[row] = random.nextGaussian();
            weak[row] = random.nextGaussian();
            regions[row] = random.nextInt(4);
            double told = regions[row] == 3 ? 0 : 1.4 * (strong[row] + second[row]) + 0.7 * weak[row];
            scores[row] = told + random.nextGaussian();
        }
        double[] copies = Arrays.stream(scores).map(score -> score > 0 ? 7 : 3).toArray();
        Map<String, RowBlock.Column> columns = Map.of(
                "strong", new RowBlock.Numbers("strong", 1, strong),
                "second", new RowBlock.Numbers("second", 1, second),
                "weak", new RowBlock.Numbers("weak", 1, weak),
                "region", new RowBlock.Texts("region", List.of("north", "south", "west", "east"), regions),
                "copy", new RowBlock.Numbers("copy", 1, copies));
        return new TrainingSetBuilder(
                        new FeatureSetInfo("customer_features", featureSetHash, "left", "customer", Map.of()))
                .add(new RowBlock(
                        keys,
                        times,
                        labels(scores, kind),
                        Arrays.stream(features).map(columns::get).toList()))
                .build();
    }

    private static RowBlock.Target labels(double[] scores, Kind kind) {
        return switch (kind) {
            case BINARY -> new RowBlock.NumberTarget(
                    Arrays.stream(scores).map(score -> score > 0 ? 1 : 0).toArray());
            case CLASSES -> new RowBlock.TextTarget(Arrays.stream(scores)
                    .mapToObj(score -> score < -1 ? "low" : score < 1 ? "middle" : "high")
                    .toList());
            case VALUES -> new RowBlock.NumberTarget(
                    Arrays.stream(scores).map(score -> 100 + 10 * score).toArray());
        };
    }
}
