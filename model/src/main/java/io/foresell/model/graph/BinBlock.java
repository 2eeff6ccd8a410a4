package io.foresell.model.graph;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.ArrayList;
import java.util.List;

/** The columns of a {@link BinnedEncoding}. */
final class BinBlock implements ColumnBlock {
    private final Signature signature;
    private final BinnedEncoding binned;
    private final int place;

    BinBlock(Signature signature, BinnedEncoding binned) {
        this.signature = signature;
        this.binned = binned;
        this.place = signature.offset(binned.input());
    }

    @Override
    public String input(int column) {
        return binned.input();
    }

    @Override
    public List<String> names() {
        if (!binned.isOneHot()) {
            return List.of(binned.input() + " bin");
        }
        List<String> names = new ArrayList<>();
        names.add("%s<%s".formatted(binned.input(), binned.edges().get(0)));
        binned.edges().forEach(edge -> names.add("%s>=%s".formatted(binned.input(), edge)));
        return names;
    }

    @Override
    public void encode(Rows rows, int row, float[] encoded, int at) {
        float x = rows.numbers()[row * signature.numberWidth() + place];
        if (Float.isNaN(x)) {
            return;
        }
        int bin = 0;
        while (bin < binned.edges().size() && x >= binned.edges().get(bin)) {
            bin++;
        }
        if (binned.isOneHot()) {
            encoded[at + bin] = 1;
        } else {
            encoded[at] = bin + 1;
        }
    }

    /** A number that is there, and each edge it reaches, give a 1; bins are differences of neighbours, or their sum. */
    @Override
    public String write(GraphBuilder graph) {
        int count = binned.edges().size();
        float[] edges = new float[count];
        for (int i = 0; i < count; i++) {
            edges[i] = binned.edges().get(i);
        }
        String isMissing = graph.toFloat(graph.node("IsNaN", List.of(binned.input())));
        String isReached = graph.toFloat(
                graph.node("GreaterOrEqual", List.of(binned.input(), graph.constant("edges", edges, 1, count))));
        int outputs = binned.isOneHot() ? count + 1 : 1;
        float[] weights = new float[outputs * (count + 1)];
        float[] bias = new float[outputs];
        bias[0] = 1;
        weights[0] = -1;
        for (int edge = 0; edge < count; edge++) {
            if (binned.isOneHot()) {
                weights[edge * (count + 1) + edge + 1] = -1;
                weights[(edge + 1) * (count + 1) + edge + 1] = 1;
            } else {
                weights[edge + 1] = 1;
            }
        }
        return graph.dense(graph.concat(List.of(isMissing, isReached)), weights, bias);
    }
}
