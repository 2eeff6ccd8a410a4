package io.foresell.model.graph;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The columns of a {@link WordsEncoding}. */
final class WordsBlock implements ColumnBlock {
    private final Signature signature;
    private final WordsEncoding words;
    private final int place;
    private final List<String> names;
    /** Terms by the number of their words, sorted. */
    private final TreeMap<Integer, TreeMap<String, Integer>> columnsByLength = new TreeMap<>();

    WordsBlock(Signature signature, WordsEncoding words) {
        this.signature = signature;
        this.words = words;
        this.place = signature.offset(words.input());
        String[] found = new String[words.weights().width()];
        words.columns().forEach((term, column) -> {
            columnsByLength
                    .computeIfAbsent(Words.of(term).size(), length -> new TreeMap<>())
                    .put(term, column);
            String name = "%s has %s".formatted(words.input(), term);
            found[column] = found[column] == null || name.compareTo(found[column]) < 0 ? name : found[column];
        });
        this.names = List.of(found);
    }

    @Override
    public String input(int column) {
        return words.input();
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public int width() {
        return names.size();
    }

    @Override
    public void encode(Rows rows, int row, float[] encoded, int at) {
        List<String> found = Words.of(ColumnBlock.text(signature, rows, row, place));
        for (int length : columnsByLength.keySet()) {
            for (int from = 0; from + length <= found.size(); from++) {
                Integer column = words.columns().get(String.join(" ", found.subList(from, from + length)));
                if (column != null) {
                    encoded[at + column]++;
                }
            }
        }
        words.weights().weigh(encoded, at);
    }

    @Override
    public String write(GraphBuilder graph) {
        // [N, 1] becomes [N, 1, words], where the longest text has as many; then [N, words].
        String split = graph.split(words.input(), Words.DELIMITER).get(0);
        String squeezed = graph.node("Squeeze", List.of(split, graph.constant("axis", 1L)));
        List<Long> starts = new ArrayList<>();
        List<Long> columns = new ArrayList<>();
        List<String> pool = new ArrayList<>();
        for (int length = 1; length <= columnsByLength.lastKey(); length++) {
            starts.add((long) pool.size());
            for (Map.Entry<String, Integer> term :
                    columnsByLength.getOrDefault(length, new TreeMap<>()).entrySet()) {
                pool.addAll(Words.of(term.getKey()));
                columns.add((long) term.getValue());
            }
        }
        String counts = graph.node(
                "TfIdfVectorizer",
                List.of(squeezed),
                GraphBuilder.text("mode", "TF"),
                GraphBuilder.integer("min_gram_length", columnsByLength.firstKey()),
                GraphBuilder.integer("max_gram_length", columnsByLength.lastKey()),
                GraphBuilder.integer("max_skip_count", 0),
                GraphBuilder.integers("ngram_counts", starts),
                GraphBuilder.integers("ngram_indexes", columns),
                GraphBuilder.texts("pool_strings", pool));
        return words.weights().write(graph, counts);
    }
}
