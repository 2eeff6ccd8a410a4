package io.foresell.model.scorer;

import java.util.Arrays;
import java.util.List;

/** One TfIdfVectorizer node: counts the n-grams of a row's tokens, then weighs the counts. */
final class NgramCounter {
    /** Longest n-gram and greatest distance between its tokens, together a bound of the work per token. */
    private static final int MAX_LENGTH = 64;

    private static final int MAX_SKIP = 64;

    /** Turns counts into the columns of a row. */
    private enum Mode {
        TF,
        IDF,
        TFIDF
    }

    private final GraphNode node;
    private final int least;
    private final int most;
    private final int skips;
    private final Mode mode;
    private final float[] weights; // By column; NaN where no n-gram is counted.
    private final int width;
    private final NgramPool pool;

    NgramCounter(GraphNode node) {
        this.node = node;
        this.least = (int) bounded("min_gram_length", 1, MAX_LENGTH);
        this.most = (int) bounded("max_gram_length", least, MAX_LENGTH);
        this.skips = (int) bounded("max_skip_count", 0, MAX_SKIP);
        this.mode = mode();
        int[] indexes = node.integers("ngram_indexes");
        int greatest = -1;
        for (int index : indexes) {
            if (index < 0 || index >= Shapes.MAX_SIZE) {
                throw BadGraph.of("ngram_indexes of %s: %d (expected: 0..%d)", node, index, Shapes.MAX_SIZE - 1);
            }
            greatest = Math.max(greatest, index);
        }
        this.width = greatest + 1;
        if (width == 0) {
            throw BadGraph.of("ngram_indexes of %s: 0 values (expected: 1 or more)", node);
        }
        this.weights = weights(indexes);
        this.pool = pool(indexes);
    }

    /** Returns the weight of each column; the list has one per n-gram. */
    private float[] weights(int[] indexes) {
        float[] given = node.finiteNumbers("weights");
        if (given.length != 0 && given.length != indexes.length) {
            throw BadGraph.of("weights of %s: %d values (expected: %d)", node, given.length, indexes.length);
        }
        float[] byColumn = new float[width];
        Arrays.fill(byColumn, given.length == 0 ? 1 : Float.NaN);
        for (int i = 0; i < given.length; i++) {
            if (!Float.isNaN(byColumn[indexes[i]]) && byColumn[indexes[i]] != given[i]) {
                throw node.unsupported("two weights of column %d", indexes[i]);
            }
            byColumn[indexes[i]] = given[i];
        }
        return byColumn;
    }

    private long bounded(String name, long low, long high) {
        long value = node.integer(name, -1);
        if (value < low) {
            throw BadGraph.of("%s of %s: %d (expected: %d..%d)", name, node, value, low, high);
        }
        if (value > high) {
            throw node.unsupported("%s %d (only up to %d)", name, value, high);
        }
        return value;
    }

    private Mode mode() {
        String name = node.text("mode", "");
        for (Mode known : Mode.values()) {
            if (known.name().equals(name)) {
                return known;
            }
        }
        throw BadGraph.of("mode of %s: %s (expected: one of %s)", node, name, Arrays.toString(Mode.values()));
    }

    /** Reads the pool: all 1-grams, then all 2-grams, and so on; ngram_counts says where each size starts. */
    private NgramPool pool(int[] indexes) {
        List<String> items = node.texts("pool_strings");
        if (items.isEmpty()) {
            items = Arrays.stream(node.longs("pool_int64s"))
                    .mapToObj(number -> String.valueOf((long) node.exact(number)))
                    .toList();
        }
        int[] starts = node.integers("ngram_counts");
        if (starts.length < most || items.isEmpty()) {
            throw BadGraph.of(
                    "ngram_counts of %s: %d sizes of %d items (expected: %d or more of some)",
                    node, starts.length, items.size(), most);
        }
        NgramPool.Builder builder = new NgramPool.Builder();
        int id = 0;
        for (int size = 1; size <= starts.length; size++) {
            int start = starts[size - 1];
            int end = size < starts.length ? starts[size] : items.size();
            if (start < 0 || end < start || end > items.size() || (end - start) % size != 0) {
                throw BadGraph.of("ngram_counts of %s: %d items are no %d-grams", node, end - start, size);
            }
            for (int at = start; at < end; at += size, id++) {
                if (id >= indexes.length) {
                    throw BadGraph.of("ngram_indexes of %s: %d values (expected: more)", node, indexes.length);
                }
                boolean isWanted = size >= least && size <= most;
                if (isWanted && !builder.add(items.subList(at, at + size), indexes[id])) {
                    throw BadGraph.of("%d-gram %d of %s: given twice", size, id, node);
                }
            }
        }
        return builder.build();
    }

    int width() {
        return width;
    }

    boolean isOfTexts() {
        return node.has("pool_strings");
    }

    TokenTable tokens() {
        return pool.tokens();
    }

    /** Writes the columns of a row. */
    void count(int[] tokens, int size, float[] memory, int out) {
        Arrays.fill(memory, out, out + width, 0);
        int first = least;
        if (least == 1) {
            for (int i = 0; i < size; i++) {
                add(tokens[i] < 0 ? -1 : pool.ngrams().next(0, tokens[i]), memory, out);
            }
            first = 2;
        }
        for (int distance = 1; distance <= skips + 1 && first <= most; distance++) {
            for (int start = 0; start + distance * (first - 1) < size; start++) {
                walk(tokens, size, start, distance, first, memory, out);
            }
        }
        if (mode != Mode.TF) {
            for (int i = 0; i < width; i++) {
                float count = memory[out + i];
                memory[out + i] = count == 0 ? 0 : weights[i] * (mode == Mode.IDF ? 1 : count);
            }
        }
    }

    private void walk(int[] tokens, int size, int start, int distance, int first, float[] memory, int out) {
        int at = 0;
        for (int length = 1, i = start; length <= most && i < size; length++, i += distance) {
            at = tokens[i] < 0 ? -1 : pool.ngrams().next(at, tokens[i]);
            if (at < 0) {
                return;
            }
            if (length >= first) {
                add(at, memory, out);
            }
        }
    }

    private void add(int place, float[] memory, int out) {
        int column = place < 0 ? -1 : pool.ngrams().label(place);
        if (column >= 0) {
            memory[out + column]++;
        }
    }
}
