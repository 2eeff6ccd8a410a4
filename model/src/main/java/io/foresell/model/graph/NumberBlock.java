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
    private final List<String> inputs = new ArrayList<>();
    private final List<NumberEncoding> numbers = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();

    NumberBlock(Signature signature, boolean isBounded, boolean isLogarithmic) {
        this.signature = signature;
        this.isBounded = isBounded;
        this.isLogarithmic = isLogarithmic;
    }

    boolean accepts(NumberEncoding number) {
        return number.isBounded() == isBounded && number.isLogarithmic() == isLogarithmic;
    }

    /** Adds a step of an input; the steps of an input come one after the other, all of them or none. */
    void add(String input, int step, NumberEncoding number) {
        if (step == 0) {
            inputs.add(input);
        }
        numbers.add(number);
        places.add(signature.offset(input) + step);
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
        for (int i = 0; i < numbers.size(); i++) {
            encoded[at + i] = numbers.get(i).encode(rows.numbers()[base + places.get(i)]);
        }
    }

    @Override
    public String write(GraphBuilder graph) {
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
