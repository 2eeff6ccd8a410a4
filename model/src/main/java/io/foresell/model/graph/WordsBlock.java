package io.foresell.model.graph;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The columns of a {@link WordsEncoding}. */
final class WordsBlock implements ColumnBlock {
    private final Signature signature;
    private final WordsEncoding words;
    private final int place;
    private final List<String> names;
    /** How many words a term may have, ascending. */
    private final int[] lengths;

    WordsBlock(Signature signature, WordsEncoding words) {
        this.signature = signature;
        this.words = words;
        this.place = signature.offset(words.input());
        TreeSet<Integer> found = new TreeSet<>();
        String[] first = new String[words.weights().width()];
        words.columns().forEach((term, column) -> {
            found.add(wordCount(term));
            first[column] = first[column] == null || term.compareTo(first[column]) < 0 ? term : first[column];
        });
        this.lengths = found.stream().mapToInt(Integer::intValue).toArray();
        this.names =
                Arrays.stream(first).map(term -> words.input() + " has " + term).toList();
    }

    private static int wordCount(String term) {
        int count = 1;
        for (int i = term.indexOf(' '); i >= 0; i = term.indexOf(' ', i + 1)) {
            count++;
        }
        return count;
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
        words.weights().weigh(found(rows, row), at, ColumnBlock.into(encoded));
    }

    @Override
    public void encodeSparse(Rows rows, int row, int at, float[] scratch, ColumnSink sink) {
        words.weights().weigh(found(rows, row), at, sink);
    }

    /** Returns the column of each term of a text, sorted. */
    private int[] found(Rows rows, int row) {
        List<String> split = Words.of(ColumnBlock.text(signature, rows, row, place));
        IntStream.Builder found = IntStream.builder();
        for (int length : lengths) {
            for (int from = 0; from + length <= split.size(); from++) {
                String term = length == 1 ? split.get(from) : String.join(" ", split.subList(from, from + length));
                Integer column = words.columns().get(term);
                if (column != null) {
                    found.add(column);
                }
            }
        }
        return found.build().sorted().toArray();
    }

    @Override
    public String write(GraphBuilder graph) {
        // [N, 1] becomes [N, 1, words], where the longest text has as many; then [N, words].
        String split = graph.split(words.input(), Words.DELIMITER).get(0);
        String squeezed = graph.node("Squeeze", List.of(split, graph.constant("axis", 1L)));
        List<Long> starts = new ArrayList<>();
        List<Long> columns = new ArrayList<>();
        List<String> pool = new ArrayList<>();
        String[] terms = words.columns().keySet().toArray(String[]::new);
        Arrays.sort(terms);
        for (int length = 1; length <= lengths[lengths.length - 1]; length++) {
            starts.add((long) pool.size());
            for (String term : terms) {
                if (wordCount(term) == length) {
                    pool.addAll(Words.of(term));
                    columns.add((long) words.columns().getOrDefault(term, 0));
                }
            }
        }
        String counts = graph.node(
                "TfIdfVectorizer",
                List.of(squeezed),
                GraphBuilder.text("mode", "TF"),
                GraphBuilder.integer("min_gram_length", lengths[0]),
                GraphBuilder.integer("max_gram_length", lengths[lengths.length - 1]),
                GraphBuilder.integer("max_skip_count", 0),
                GraphBuilder.integers("ngram_counts", starts),
                GraphBuilder.integers("ngram_indexes", columns),
                GraphBuilder.texts("pool_strings", pool));
        return words.weights().write(graph, counts);
    }
}
