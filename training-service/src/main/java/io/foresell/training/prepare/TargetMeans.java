package io.foresell.training.prepare;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Task;
import io.foresell.training.dataset.TrainingFold;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Mean labels by text, of a whole fold and of what is left of it without each of its parts. All rows of an entity are in one part, so
 * that no row reads a label of its own entity. Texts of training rows carry the number of their part behind a mark.
 */
final class TargetMeans {
    /** Stands between a text and the part of its row; no text of a feature store has it. */
    private static final char MARK = '\u0001';
    /** Most numbers to keep: 160 MB. */
    private static final long MAX_NUMBERS = 20_000_000;

    private final String input;
    private final TextRule.Target rule;
    private final int width;
    private final double[][] labels;
    private final String[] texts;
    private final int[] parts;

    /**
     * Reads a text of a fold.
     *
     * @param texts one per row, empty where missing
     */
    TargetMeans(String input, TextRule.Target rule, TrainingFold fold, String[] texts, long seed) {
        if (fold.task() == Task.CLUSTERS) {
            throw new ServiceException(Failure.precondition(
                    "PREPARE_NEEDS_LABELS",
                    "prepare.columns: %s with target encoding for task clusters (expected: a task with labels)"
                            .formatted(input)));
        }
        this.input = input;
        this.rule = rule;
        this.labels = Labels.indicators(fold);
        this.width = labels.length;
        this.texts = texts;
        this.parts = new int[texts.length];
        for (int row = 0; row < parts.length; row++) {
            parts[row] = (int) Long.remainderUnsigned(hash(fold.entityKey(row), seed), rule.foldCount());
        }
    }

    /** FNV-1a over the characters, then the finaliser of splitmix64 with the seed. */
    private static long hash(String key, long seed) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        }
        hash += seed * 0x9e3779b97f4a7c15L;
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return hash ^ (hash >>> 31);
    }

    /** Returns the texts with the number of their row's part; missing ones stay missing. */
    String[] marked() {
        String[] marked = new String[texts.length];
        Arrays.setAll(marked, row -> texts[row].isEmpty() ? "" : texts[row] + MARK + parts[row]);
        return marked;
    }

    /** Returns how many numbers a text becomes: one, or one per class. */
    int width() {
        return width;
    }

    /**
     * The numbers of texts.
     *
     * @param served by text
     * @param fitted by text and by marked text
     * @param unseen of every other text
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Numbers(Map<String, double[]> served, Map<String, double[]> fitted, double[] unseen) {
        /** Returns them as {@code (x - offset) * scale}, so that the numbers of the training rows have mean 0 and deviation 1. */
        Numbers standardized(String[] markedTexts) {
            double[] offset = new double[unseen.length];
            double[] scale = new double[unseen.length];
            for (int i = 0; i < unseen.length; i++) {
                float[] values = new float[markedTexts.length];
                for (int row = 0; row < values.length; row++) {
                    values[row] = (float) fitted.getOrDefault(markedTexts[row], unseen)[i];
                }
                Values known = Values.known(values);
                offset[i] = known.mean();
                scale[i] = known.deviation() > 0 ? 1 / known.deviation() : 1;
            }
            return new Numbers(
                    scaled(served, offset, scale), scaled(fitted, offset, scale), scaled(unseen, offset, scale));
        }

        private static Map<String, double[]> scaled(Map<String, double[]> numbers, double[] offset, double[] scale) {
            Map<String, double[]> scaled = new LinkedHashMap<>();
            numbers.forEach((text, values) -> scaled.put(text, scaled(values, offset, scale)));
            return scaled;
        }

        private static double[] scaled(double[] values, double[] offset, double[] scale) {
            double[] scaled = new double[values.length];
            Arrays.setAll(scaled, i -> (values[i] - offset[i]) * scale[i]);
            return scaled;
        }
    }

    /** Returns the numbers of all texts. */
    Numbers numbers() {
        Map<String, Sums> all = new TreeMap<>();
        List<Map<String, Sums>> byPart = new ArrayList<>();
        Sums whole = new Sums(width);
        List<Sums> wholeByPart = new ArrayList<>();
        for (int part = 0; part < rule.foldCount(); part++) {
            byPart.add(new HashMap<>());
            wholeByPart.add(new Sums(width));
        }
        for (int row = 0; row < texts.length; row++) {
            whole.add(labels, row);
            wholeByPart.get(parts[row]).add(labels, row);
            if (!texts[row].isEmpty()) {
                all.computeIfAbsent(texts[row], text -> new Sums(width)).add(labels, row);
                byPart.get(parts[row])
                        .computeIfAbsent(texts[row], text -> new Sums(width))
                        .add(labels, row);
            }
        }
        requireRoom(all.size(), byPart);
        double[] prior = whole.mean(new double[width], 0);
        Map<String, double[]> served = new TreeMap<>();
        all.forEach((text, sums) -> served.put(text, sums.mean(prior, rule.smoothing())));
        Map<String, double[]> fitted = new HashMap<>(served);
        for (int part = 0; part < rule.foldCount(); part++) {
            double[] priorOfOthers = whole.less(wholeByPart.get(part)).mean(prior, 0);
            for (Map.Entry<String, Sums> entry : byPart.get(part).entrySet()) {
                Sums others = all.getOrDefault(entry.getKey(), entry.getValue()).less(entry.getValue());
                fitted.put(entry.getKey() + MARK + part, others.mean(priorOfOthers, rule.smoothing()));
            }
        }
        return new Numbers(served, fitted, prior);
    }

    private void requireRoom(int textCount, List<Map<String, Sums>> byPart) {
        long numbers =
                (long) width * (textCount + byPart.stream().mapToLong(Map::size).sum());
        if (numbers > MAX_NUMBERS) {
            throw new ServiceException(Failure.precondition(
                    "TOO_MANY_CATEGORIES",
                    "mean labels of %s: %d of %d texts and %d classes (expected: at most %d; fewer folds, or buckets)"
                            .formatted(input, numbers, textCount, width, MAX_NUMBERS)));
        }
    }

    /** Sums of labels. */
    private static final class Sums {
        private final double[] sums;
        private long count;

        Sums(int width) {
            this.sums = new double[width];
        }

        void add(double[][] labels, int row) {
            count++;
            for (int i = 0; i < sums.length; i++) {
                sums[i] += labels[i][row];
            }
        }

        Sums less(Sums part) {
            Sums rest = new Sums(sums.length);
            Arrays.setAll(rest.sums, i -> sums[i] - part.sums[i]);
            rest.count = count - part.count;
            return rest;
        }

        /** Returns the means with the prior counted as so many rows; the prior itself without rows. */
        double[] mean(double[] prior, double priorRows) {
            double[] means = new double[sums.length];
            Arrays.setAll(
                    means,
                    i -> count + priorRows == 0 || count == 0
                            ? prior[i]
                            : (sums[i] + priorRows * prior[i]) / (count + priorRows));
            return means;
        }
    }
}
