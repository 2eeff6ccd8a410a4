package io.foresell.training.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Messages about cards, loans and rates, each with words of its own among words of all; and others, with words of all alone. */
public final class PlantedIntents {
    private static final List<String> INTENTS = List.of("card", "loan", "rate", "other");
    private static final List<List<String>> WORDS = List.of(
            List.of("card", "pin", "chip", "plastic"),
            List.of("loan", "borrow", "owe", "instalment"),
            List.of("rate", "interest", "yield", "percent"),
            List.of("weather", "holiday", "game", "recipe"));
    private static final List<String> COMMON =
            List.of("please", "my", "the", "what", "when", "tell", "today", "again", "need", "help");

    private PlantedIntents() {}

    /** Returns rows with the message and a part, of which every fourth is a test row. */
    public static TrainingSet of(int rowCount, long seed) {
        Random random = new Random(seed);
        List<String> labels = new ArrayList<>();
        String[] texts = new String[rowCount];
        String[] parts = new String[rowCount];
        for (int row = 0; row < rowCount; row++) {
            int intent = random.nextInt(INTENTS.size());
            labels.add(INTENTS.get(intent));
            texts[row] = message(intent, random);
            parts[row] = row % 4 == 3 ? "test" : "train";
        }
        return Tables.of(labels, Tables.texts("message", texts), Tables.texts("part", parts));
    }

    private static String message(int intent, Random random) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            words.add(COMMON.get(random.nextInt(COMMON.size())));
        }
        for (int i = 0; i < 2; i++) {
            List<String> own = WORDS.get(intent);
            words.add(random.nextInt(words.size()), own.get(random.nextInt(own.size())));
        }
        return String.join(" ", words);
    }
}
