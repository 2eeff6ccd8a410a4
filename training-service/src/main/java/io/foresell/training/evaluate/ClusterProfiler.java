package io.foresell.training.evaluate;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.training.evaluate.ClusterProfile.Trait;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** Sums up rows by cluster. One owner, not thread-safe. */
public final class ClusterProfiler {
    private static final int TEXTS_PER_INPUT = 5;
    private static final int MAX_TRAITS = 40;

    private final Signature signature;
    private final List<String> labels;
    private final long[] sizes;
    private final Moments[][] numbers;
    private final List<Map<String, long[]>> texts = new ArrayList<>();

    public ClusterProfiler(Signature signature, List<String> labels) {
        this.signature = signature;
        this.labels = List.copyOf(labels);
        this.sizes = new long[labels.size()];
        this.numbers = new Moments[signature.inputs().size()][labels.size()];
        for (int input = 0; input < numbers.length; input++) {
            texts.add(new TreeMap<>());
            for (int cluster = 0; cluster < sizes.length; cluster++) {
                numbers[input][cluster] = new Moments();
            }
        }
    }

    /** Adds one row; of a sequence every step counts. */
    public void add(Rows rows, int row, int cluster) {
        sizes[cluster]++;
        for (int input = 0; input < numbers.length; input++) {
            InputField field = signature.inputs().get(input);
            int offset = signature.offset(input);
            if (field.kind() == InputKind.TEXT) {
                String text = rows.texts()[row * signature.textWidth() + offset];
                texts.get(input).computeIfAbsent(text, key -> new long[sizes.length])[cluster]++;
            } else {
                for (int step = 0; step < field.width(); step++) {
                    numbers[input][cluster].add(rows.numbers()[row * signature.numberWidth() + offset + step]);
                }
            }
        }
    }

    /** Returns the profile of all rows added; at least one. */
    public ClusterProfile profile() {
        List<Trait> traits = new ArrayList<>();
        for (int input = 0; input < numbers.length; input++) {
            InputField field = signature.inputs().get(input);
            if (field.kind() == InputKind.TEXT) {
                addShares(field.name(), texts.get(input), traits);
            } else {
                traits.add(means(field.name(), numbers[input]));
            }
        }
        traits.sort(Comparator.comparingDouble(Trait::greatestShift).reversed());
        return new ClusterProfile(
                labels, LongStream.of(sizes).boxed().toList(), traits.subList(0, Math.min(MAX_TRAITS, traits.size())));
    }

    private static Trait means(String input, Moments[] byCluster) {
        Moments all = new Moments();
        List<Double> means = new ArrayList<>();
        for (Moments cluster : byCluster) {
            all.add(cluster);
            means.add(cluster.mean());
        }
        return new Trait(input, "", false, all.mean(), all.deviation(), means);
    }

    /** The most frequent texts only. */
    private void addShares(String input, Map<String, long[]> counts, List<Trait> traits) {
        long rowCount = LongStream.of(sizes).sum();
        counts.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, long[]> entry) ->
                        -LongStream.of(entry.getValue()).sum()))
                .limit(TEXTS_PER_INPUT)
                .forEach(entry -> {
                    double overall = LongStream.of(entry.getValue()).sum() / (double) rowCount;
                    List<Double> shares = new ArrayList<>();
                    for (int cluster = 0; cluster < sizes.length; cluster++) {
                        shares.add(
                                sizes[cluster] == 0 ? Double.NaN : entry.getValue()[cluster] / (double) sizes[cluster]);
                    }
                    traits.add(new Trait(
                            input, entry.getKey(), true, overall, Math.sqrt(overall * (1 - overall)), shares));
                });
    }

    /** Running sums; a missing value counts for nothing. */
    private static final class Moments {
        private long count;
        private double mean;
        private double squares;

        void add(float value) {
            if (!Float.isNaN(value)) {
                count++;
                double difference = value - mean;
                mean += difference / count;
                squares += difference * (value - mean);
            }
        }

        void add(Moments other) {
            if (other.count > 0) {
                double difference = other.mean - mean;
                long both = count + other.count;
                mean += difference * other.count / both;
                squares += other.squares + difference * difference * count * other.count / both;
                count = both;
            }
        }

        double mean() {
            return count == 0 ? Double.NaN : mean;
        }

        double deviation() {
            return count == 0 ? 0 : Math.sqrt(squares / count);
        }
    }
}
