package io.foresell.model.scorer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encoded columns that are known but not computed: an operator that only needs products with them reads the raw row and
 * skips the zeros of one-hot columns, any other one has them written to the memory. Shape [1, columns], or with more ones
 * in between.
 */
final class EncodedColumns implements Value {
    private final PlanBuilder plan;
    private final List<ColumnPart> parts;
    private final int[] shape;
    private final int[] sources;
    private Value.@Nullable Floats scored;
    private Value.@Nullable Floats explained;

    EncodedColumns(PlanBuilder plan, List<ColumnPart> parts, int[] shape, int[] sources) {
        this.plan = plan;
        this.parts = List.copyOf(parts);
        this.shape = shape;
        this.sources = sources;
    }

    /** Returns floats as columns; columns stay what they are. */
    static EncodedColumns of(PlanBuilder plan, Value value) {
        if (value instanceof EncodedColumns columns) {
            return columns;
        }
        Value.Floats floats = (Value.Floats) value;
        return new EncodedColumns(
                plan, List.of(new ColumnPart.Plain(floats.offset(), floats.size())), floats.shape(), floats.sources());
    }

    /** Returns the columns of several values side by side. */
    static EncodedColumns concat(PlanBuilder plan, List<EncodedColumns> values, int[] shape) {
        List<ColumnPart> parts = new ArrayList<>();
        int[] sources = new int[Shapes.size(shape)];
        int at = 0;
        for (EncodedColumns value : values) {
            parts.addAll(value.parts);
            System.arraycopy(value.sources, 0, sources, at, value.sources.length);
            at += value.sources.length;
        }
        return new EncodedColumns(plan, parts, shape, sources);
    }

    @Override
    public int[] shape() {
        return shape;
    }

    List<ColumnPart> parts() {
        return parts;
    }

    EncodedColumns withShape(int[] newShape) {
        return new EncodedColumns(plan, parts, newShape, sources);
    }

    /** Returns the only part, numbers that were only filled, scaled too. */
    EncodedColumns rescaled(float[] offsets, float[] scales) {
        ColumnPart.Scaled part = (ColumnPart.Scaled) parts.get(0);
        return new EncodedColumns(
                plan, List.of(new ColumnPart.Scaled(part.places(), part.fills(), offsets, scales)), shape, sources);
    }

    /** Has the columns written to the memory of every row. */
    Value.Floats floats() {
        if (scored == null) {
            scored = plan.allocate(shape, sources);
            plan.step(writer(scored.offset()));
        }
        return scored;
    }

    /** Has the columns written to the memory of rows that are explained. */
    Value.Floats explainedFloats() {
        if (scored != null) {
            return scored;
        }
        if (explained == null) {
            explained = plan.allocate(shape, sources);
            plan.explainingStep(writer(explained.offset()));
        }
        return explained;
    }

    private Step writer(int to) {
        ColumnPart[] all = parts.toArray(ColumnPart[]::new);
        return (memory, texts, textBase) -> {
            int at = to;
            for (ColumnPart part : all) {
                part.write(memory, at, texts, textBase);
                at += part.width();
            }
        };
    }

    /**
     * Returns the products of the columns with a matrix, computed without writing the columns.
     *
     * @param newShape the shape of the result, as many values as targets
     */
    Value.Floats product(int[] newShape, float[] weights, float[] bias) {
        Value.Floats to = plan.allocate(newShape);
        plan.spend((long) sources.length * bias.length);
        plan.step(product(to.offset(), weights, bias));
        Affine additive = Affine.of(LinearTerms.of(explainedFloats(), weights, bias), bias.length);
        return new Value.Floats(to.offset(), newShape, to.sources(), additive, null);
    }

    /**
     * Returns the step that writes the products of the columns with a matrix.
     *
     * @param weights row-major, shape [columns, targets]
     * @param bias shape [targets]
     */
    private Step product(int to, float[] weights, float[] bias) {
        ColumnPart[] all = parts.toArray(ColumnPart[]::new);
        return (memory, texts, textBase) -> {
            double[] sums = Scratch.ofThread().doubles(bias.length);
            for (int target = 0; target < bias.length; target++) {
                sums[target] = bias[target];
            }
            int first = 0;
            for (ColumnPart part : all) {
                part.addProducts(memory, texts, textBase, weights, first, bias.length, sums);
                first += part.width();
            }
            for (int target = 0; target < bias.length; target++) {
                memory[to + target] = (float) sums[target];
            }
        };
    }

    @Override
    public String toString() {
        return "encoded columns " + Arrays.toString(shape);
    }
}
