package io.foresell.model.scorer;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The operators that compile, by name. */
final class Operators {
    /** Turns a node into steps and defines its outputs. */
    @FunctionalInterface
    interface Operator {
        void compile(GraphNode node, PlanBuilder plan);
    }

    private static final Map<String, Operator> BY_NAME = new HashMap<>();

    static {
        ShapeOperators.register(BY_NAME);
        ElementOperators.register(BY_NAME);
        EncodingOperators.register(BY_NAME);
        DenseOperators.register(BY_NAME);
        LinearOperators.register(BY_NAME);
        SvmOperators.register(BY_NAME);
        NormalizingOperators.register(BY_NAME);
        CategoryOperators.register(BY_NAME);
        TextOperators.register(BY_NAME);
        SplitOperators.register(BY_NAME);
        TypeOperators.register(BY_NAME);
        LogicOperators.register(BY_NAME);
        ReductionOperators.register(BY_NAME);
        IndexOperators.register(BY_NAME);
        ConvolutionOperators.register(BY_NAME);
        PoolingOperators.register(BY_NAME);
        ActivationOperators.register(BY_NAME);
        SoftmaxOperators.register(BY_NAME);
        NormalizationOperators.register(BY_NAME);
        SliceOperators.register(BY_NAME);
        RecurrentOperators.register(BY_NAME);
        TreeOperator.register(BY_NAME);
    }

    private Operators() {}

    /** Returns the names of all, sorted; those of other domains than ONNX's own with the domain in front. */
    static SortedSet<String> names() {
        return new TreeSet<>(BY_NAME.keySet());
    }

    static @Nullable Operator find(String name) {
        return BY_NAME.get(name);
    }
}
