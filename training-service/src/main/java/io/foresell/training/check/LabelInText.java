package io.foresell.training.check;

import io.foresell.model.Task;
import io.foresell.training.dataset.TrainingSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Looks for texts that say the label: a word whose presence decides between two classes, or the name of the row's own class. */
final class LabelInText {
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final int LEAST_ROWS = 50;
    private static final double DECISIVE_SHARE = 0.9;
    private static final double NAMED_SHARE = 0.8;
    private static final int LEAST_NAME_LENGTH = 3;
    private static final int MAX_WORDS = 200_000;

    private LabelInText() {}

    /** Returns what was found, as a part of a sentence. */
    static Optional<String> find(TrainingSet set, String[] texts, double[] labels) {
        if (texts.length < LEAST_ROWS) {
            return Optional.empty();
        }
        return set.task() == Task.BINARY ? decisiveWord(texts, labels) : ownName(set.classes(), texts, labels);
    }

    /** The share of one class's rows with the word, less that of the other's. */
    private static Optional<String> decisiveWord(String[] texts, double[] labels) {
        Map<String, int[]> counts = new HashMap<>();
        int positives = 0;
        boolean hasSeveralWords = false;
        for (int row = 0; row < texts.length; row++) {
            int label = labels[row] == 1 ? 1 : 0;
            positives += label;
            Set<String> words = words(texts[row]);
            hasSeveralWords |= words.size() > 1;
            for (String word : words) {
                if (counts.size() < MAX_WORDS || counts.containsKey(word)) {
                    counts.computeIfAbsent(word, key -> new int[2])[label]++;
                }
            }
        }
        int negatives = texts.length - positives;
        if (!hasSeveralWords || Math.min(positives, negatives) == 0) {
            return Optional.empty();
        }
        for (Map.Entry<String, int[]> entry : counts.entrySet()) {
            double inPositives = entry.getValue()[1] / (double) positives;
            double inNegatives = entry.getValue()[0] / (double) negatives;
            if (Math.abs(inPositives - inNegatives) >= DECISIVE_SHARE) {
                return Optional.of("the word '%s' is in %.1f %% of the positive rows and %.1f %% of the others"
                        .formatted(entry.getKey(), 100 * inPositives, 100 * inNegatives));
            }
        }
        return Optional.empty();
    }

    private static Set<String> words(String text) {
        return new HashSet<>(List.of(NO_WORD.split(text.toLowerCase(Locale.ROOT))));
    }

    private static Optional<String> ownName(List<String> classes, String[] texts, double[] labels) {
        List<String> names = classes.stream()
                .map(name -> NO_WORD.matcher(name.toLowerCase(Locale.ROOT))
                        .replaceAll(" ")
                        .strip())
                .toList();
        int named = 0;
        for (int row = 0; row < texts.length; row++) {
            String name = names.get((int) labels[row]);
            String text = NO_WORD.matcher(texts[row].toLowerCase(Locale.ROOT)).replaceAll(" ");
            named += name.length() >= LEAST_NAME_LENGTH && text.contains(name) ? 1 : 0;
        }
        double share = named / (double) texts.length;
        return share < NAMED_SHARE
                ? Optional.empty()
                : Optional.of("%.1f %% of the texts contain the name of their own class".formatted(100 * share));
    }
}
