package io.foresell.feature.prediction;

import java.util.List;
import java.util.Map;

/**
 * What is needed to read the records of a package. Immutable.
 *
 * @param task "binary", "multiclass", "regression", "clusters" or "ranking"
 * @param inputs in the order of the signature
 * @param profiles of inputs, as far as the package knows how they were in training
 */
public record PackageFacts(String digest, String model, String task, List<Field> inputs, List<Profile> profiles) {
    /**
     * One input.
     *
     * @param width 1, or the length of a sequence
     */
    public record Field(String name, boolean isText, int width) {}

    /**
     * How an input was in training.
     *
     * @param edges ascending, of a number
     * @param shares of rows with a value between the edges, one more than edges; empty for a text
     * @param textShares of rows by text, the empty one being missing; empty for a number
     * @param rowCount rows counted; 0 when the package does not say
     */
    public record Profile(
            String input,
            List<Float> edges,
            List<Double> shares,
            double missingShare,
            Map<String, Double> textShares,
            long rowCount) {
        public Profile {
            edges = List.copyOf(edges);
            shares = List.copyOf(shares);
            textShares = Map.copyOf(textShares);
        }
    }

    public PackageFacts {
        inputs = List.copyOf(inputs);
        profiles = List.copyOf(profiles);
    }

    /** Returns how many numbers a row holds. */
    public int numberWidth() {
        return inputs.stream()
                .filter(field -> !field.isText())
                .mapToInt(Field::width)
                .sum();
    }

    /** Returns how many texts a row holds. */
    public int textWidth() {
        return (int) inputs.stream().filter(Field::isText).count();
    }
}
