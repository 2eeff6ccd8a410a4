package io.foresell.training.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Messages in which "never" and "again" both stand once: those who leave write "never again", those who stay "again never". The
 * words of both kinds are the same, so that no weighting of words tells them apart.
 */
public final class PlantedTexts {
    private static final List<String> OTHERS = List.of(
            "order", "shop", "parcel", "late", "nice", "red", "blue", "price", "asked", "friend", "week", "box", "paid",
            "card", "card.", "Card", "door", "rain");

    private PlantedTexts() {}

    /** Returns rows with the message, a region of 60 and a number that says nothing. */
    public static TrainingSet of(int rowCount, long seed) {
        Random random = new Random(seed);
        double[] labels = new double[rowCount];
        double[] numbers = new double[rowCount];
        List<String> keys = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        List<String> regions = new ArrayList<>();
        int[] codes = new int[rowCount];
        int[] regionCodes = new int[rowCount];
        for (int region = 0; region < 60; region++) {
            regions.add("region " + region);
        }
        for (int row = 0; row < rowCount; row++) {
            keys.add("c" + row);
            labels[row] = random.nextInt(2);
            numbers[row] = random.nextGaussian();
            List<String> words = new ArrayList<>();
            for (int i = 4 + random.nextInt(5); i >= 0; i--) {
                words.add(OTHERS.get(random.nextInt(OTHERS.size())));
            }
            int place = random.nextInt(words.size());
            words.add(place, labels[row] == 1 ? "again" : "never");
            words.add(place, labels[row] == 1 ? "never" : "again");
            texts.add(String.join(" ", words));
            codes[row] = row;
            regionCodes[row] = random.nextInt(60);
        }
        return new TrainingSetBuilder(new FeatureSetInfo("messages", "hash", "left", "customer", Map.of()))
                .add(new RowBlock(
                        keys,
                        new long[rowCount],
                        new RowBlock.NumberTarget(labels),
                        List.of(
                                new RowBlock.Numbers("age", 1, numbers),
                                new RowBlock.Texts("message", texts, codes),
                                new RowBlock.Texts("region", regions, regionCodes))))
                .build();
    }
}
