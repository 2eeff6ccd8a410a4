package io.foresell.model.graph;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The columns of a {@link CharactersEncoding}. */
final class CharactersBlock implements ColumnBlock {
    // ONNX Runtime's loading time is quadratic in the number of inputs of a node.
    private static final int JOINED = 64;

    private final Signature signature;
    private final CharactersEncoding characters;
    private final int place;
    private final Map<String, Integer> columns = new HashMap<>();
    private final TreeSet<Integer> lengths = new TreeSet<>();

    CharactersBlock(Signature signature, CharactersEncoding characters) {
        this.signature = signature;
        this.characters = characters;
        this.place = signature.offset(characters.input());
        for (String string : characters.strings()) {
            columns.put(string, columns.size());
            lengths.add(string.length());
        }
    }

    @Override
    public String input(int column) {
        return characters.input();
    }

    @Override
    public List<String> names() {
        return characters.strings().stream()
                .map(string -> "%s has %s".formatted(characters.input(), string))
                .toList();
    }

    @Override
    public int width() {
        return characters.strings().size();
    }

    @Override
    public void encode(Rows rows, int row, float[] encoded, int at) {
        characters.weights().weigh(found(rows, row), at, ColumnBlock.into(encoded));
    }

    @Override
    public void encodeSparse(Rows rows, int row, int at, float[] scratch, ColumnSink sink) {
        characters.weights().weigh(found(rows, row), at, sink);
    }

    /** Returns the column of each string of a text, sorted. */
    private int[] found(Rows rows, int row) {
        String text = ColumnBlock.text(signature, rows, row, place);
        Map<Integer, Integer> ends = new HashMap<>();
        IntStream.Builder found = IntStream.builder();
        for (int length : lengths) {
            for (int from = 0; from + length <= text.length(); from++) {
                Integer column = columns.get(text.substring(from, from + length));
                if (column != null && ends.getOrDefault(column, 0) <= from) {
                    found.add(column);
                    ends.put(column, from + length);
                }
            }
        }
        return found.build().sorted().toArray();
    }

    @Override
    public String write(GraphBuilder graph) {
        List<String> pieces = new ArrayList<>();
        for (String string : characters.strings()) {
            pieces.add(graph.split(characters.input(), string).get(1));
        }
        while (pieces.size() > 1) {
            pieces = joined(graph, pieces);
        }
        // A text with k occurrences has k + 1 pieces, an empty one has none.
        String one = graph.constant("one", new float[] {1}, 1);
        String occurrences = graph.node("Sub", List.of(graph.toFloat(pieces.get(0)), one));
        return characters.weights().write(graph, graph.node("Relu", List.of(occurrences)));
    }

    private static List<String> joined(GraphBuilder graph, List<String> pieces) {
        List<String> joined = new ArrayList<>();
        for (int from = 0; from < pieces.size(); from += JOINED) {
            joined.add(graph.concat(pieces.subList(from, Math.min(pieces.size(), from + JOINED))));
        }
        return joined;
    }
}
