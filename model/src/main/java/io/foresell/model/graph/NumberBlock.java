package io.foresell.model.graph;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Numbers that go through the same steps, so that one node does each step for all of them. */
final class NumberBlock implements ColumnBlock {
    private final Signature signature;
    private final boolean isBounded;
    private final boolean isLogarithmic;
    private final List<FlatSequenceEncoding> sequences = new ArrayList<>();
    private final List<NumberEncoding> numbers = new ArrayList<>();
    private final List<String> columnInputs = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();

    NumberBlock(Signature signature, boolean isBounded, boolean isLogarithmic) {
        this.signature = signature;
        this.isBounded = isBounded;
        this.isLogarithmic = isLogarithmic;
    }

    boolean accepts(NumberEncoding number) {
        return number.isBounded() == isBounded && number.isLogarithmic() == isLogarithmic;
    }

    /** Adds a number. */
    void add(String input, NumberEncoding number) {
        add(input, 0, number, new FlatSequenceEncoding(input, List.of(number)));
    }

    /** Adds a step of a sequence; the steps of a sequence come one after the other, all of them or none. */
    void add(String input, int step, NumberEncoding number, FlatSequenceEncoding sequence) {
        if (step == 0) {
            sequences.add(sequence);
        }
        numbers.add(number);
        columnInputs.add(input);
        places.add(signature.offset(input) + step);
    }

    @Override
    public String input(int column) {
        return columnInputs.get(column);
    }

    @Override
    public List<String> names() {
        return numbers.stream().map(NumberEncoding::input).toList();
    }

    @Override
    public int width() {
        return numbers.size();
    }

    @Override
    public boolean isFilled() {
        return numbers.stream().noneMatch(number -> Float.isNaN(number.fill()));
    }

    @Override
    public void encode(Rows rows, int row, float[] encoded, int at) {
        int base = row * signature.numberWidth();
        int i = 0;
        for (FlatSequenceEncoding sequence : sequences) {
            int length = sequence.steps().size();
            if (sequence.gaps() == SequenceGaps.KEPT) {
                for (int step = 0; step < length; step++, i++) {
                    encoded[at + i] = numbers.get(i).encode(rows.numbers()[base + places.get(i)]);
                }
            } else {
                for (float value : sequence.gaps().filled(rows.numbers(), base + places.get(i), length)) {
                    encoded[at + i] = numbers.get(i).encode(value);
                    i++;
                }
            }
        }
    }

    @Override
    public String write(GraphBuilder graph) {
        List<String> inputs = sequences.stream()
                .map(sequence -> sequence.gaps()
                        .write(graph, sequence.input(), sequence.steps().size()))
                .toList();
        String value = NumberNodes.imputed(graph, graph.concat(inputs), all(NumberEncoding::fill));
        if (isBounded) {
            value = graph.node("Max", List.of(value, bounds(graph, "low", NumberEncoding::low)));
            value = graph.node("Min", List.of(value, bounds(graph, "high", NumberEncoding::high)));
        }
        if (isLogarithmic) {
            value = NumberNodes.logarithm(graph, value);
        }
        return NumberNodes.scaled(graph, value, all(NumberEncoding::offset), all(NumberEncoding::scale));
    }

    private List<Float> all(Function<NumberEncoding, Float> parameter) {
        return numbers.stream().map(parameter).toList();
    }

    private String bounds(GraphBuilder graph, String wish, Function<NumberEncoding, Float> bound) {
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = bound.apply(numbers.get(i));
        }
        return graph.constant(wish, values, values.length);
    }
}
