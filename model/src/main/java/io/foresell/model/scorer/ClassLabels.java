package io.foresell.model.scorer;

import java.util.List;

/** The class labels of a classifier, and the label that its first output answers. */
final class ClassLabels {
    /** Finds the place of the winning class in the memory of a row. */
    @FunctionalInterface
    interface Winner {
        int find(float[] memory);
    }

    private final GraphNode node;
    private final long[] integers;
    private final int count;

    private ClassLabels(GraphNode node, long[] integers, int count) {
        this.node = node;
        this.integers = integers;
        this.count = count;
    }

    /** Reads the labels: integers, or texts whose names do not matter here. */
    static ClassLabels of(GraphNode node, String integersName) {
        List<String> texts = node.texts("classlabels_strings");
        long[] integers = node.longs(integersName);
        if (texts.isEmpty() == (integers.length == 0)) {
            throw BadGraph.of(
                    "class labels of %s: %d texts and %d integers (expected: one of the two)",
                    node, texts.size(), integers.length);
        }
        return new ClassLabels(node, integers, Math.max(texts.size(), integers.length));
    }

    int count() {
        return count;
    }

    /** Defines the label output, [N], when somebody reads it. */
    void define(PlanBuilder plan, Winner winner) {
        if (!node.hasOutput(0)) {
            return;
        }
        if (integers.length == 0) {
            throw node.unsupported("a label that is a text and read by another node");
        }
        float[] numbers = new float[integers.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = node.exact(integers[i]);
        }
        Value.Floats label = plan.allocate(new int[] {1});
        int out = label.offset();
        plan.step((memory, texts, textBase) -> memory[out] = numbers[winner.find(memory)]);
        plan.define(node.output(0), plan.integers(label));
    }

    /** Returns the first of the greatest of consecutive scores. */
    static Winner greatest(Value.Floats scores) {
        int in = scores.offset();
        int size = scores.size();
        return memory -> {
            int best = 0;
            for (int i = 1; i < size; i++) {
                if (memory[in + i] > memory[in + best]) {
                    best = i;
                }
            }
            return best;
        };
    }
}
