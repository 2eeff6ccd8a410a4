package io.foresell.model.scorer;

import io.foresell.model.kernel.Functions;
import io.foresell.model.tree.Aggregate;
import io.foresell.model.tree.TreeEnsemble;
import io.foresell.model.tree.TreeSums;
import java.util.Arrays;
import java.util.Map;

/**
 * TreeEnsembleRegressor and TreeEnsembleClassifier of ai.onnx.ml. Where ONNX Runtime departs from the specification, or
 * answers what the specification does not say, they do not compile, so that ONNX Runtime itself says what a model means.
 */
final class TreeOperator {
    private TreeOperator() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("ai.onnx.ml.TreeEnsembleRegressor", TreeOperator::regress);
        operators.put("ai.onnx.ml.TreeEnsembleClassifier", TreeOperator::classify);
    }

    private static void regress(GraphNode node, PlanBuilder plan) {
        long targets = node.integer("n_targets", 1);
        if (targets < 1 || targets > Shapes.MAX_SIZE) {
            throw BadGraph.of("n_targets of %s: %d (expected: 1..%d)", node, targets, Shapes.MAX_SIZE);
        }
        PostTransform transform = PostTransform.of(node);
        if (targets == 1 && transform != PostTransform.NONE) {
            throw node.unsupported("post_transform %s of one score", transform); // ONNX Runtime ignores it.
        }
        TreeAttributes attributes = new TreeAttributes(node, node.columnCount(0), (int) targets, "target");
        if (targets == 1 && !attributes.isOneWeightEach()) {
            throw node.unsupported(
                    "a leaf without or with several weights of one score"); // Runtimes do not agree on it.
        }
        Aggregate aggregate = aggregate(node);
        double[] base = base(node, (int) targets);
        boolean isExtreme = aggregate == Aggregate.MIN || aggregate == Aggregate.MAX;
        if (isExtreme && targets > 1 && node.decimals("base_values").length > 0 && !attributes.isAlwaysWeighted()) {
            throw node.unsupported("base_values of the %s of no leaf", aggregate); // ONNX Runtime drops them.
        }
        Value.Floats totals = totals(node, plan, attributes, aggregate, base);
        plan.define(node.output(0), transform.apply(plan, totals));
    }

    private static void classify(GraphNode node, PlanBuilder plan) {
        ClassLabels labels = ClassLabels.of(node, "classlabels_int64s");
        if (labels.count() == 1) {
            throw node.unsupported("one class");
        }
        TreeAttributes attributes = new TreeAttributes(node, node.columnCount(0), labels.count(), "class");
        if (labels.count() > 2) {
            classifyMany(node, plan, attributes, labels);
        } else if (Arrays.stream(attributes.targets()).allMatch(target -> target == 0)) {
            classifyByOneScore(node, plan, attributes, labels);
        } else {
            classifyByTwoScores(node, plan, attributes);
        }
    }

    private static void classifyMany(GraphNode node, PlanBuilder plan, TreeAttributes attributes, ClassLabels labels) {
        Value.Floats totals = totals(node, plan, attributes, Aggregate.SUM, base(node, labels.count()));
        labels.define(plan, ClassLabels.greatest(totals));
        if (node.hasOutput(1)) {
            plan.define(node.output(1), PostTransform.of(node).apply(plan, totals));
        }
    }

    /** Weights of one class out of two are the score of the second: a probability when none is below 0, else of any sign. */
    private static void classifyByOneScore(
            GraphNode node, PlanBuilder plan, TreeAttributes attributes, ClassLabels labels) {
        boolean isProbability = Arrays.stream(attributes.weights()).noneMatch(weight -> weight < 0);
        PostTransform transform = PostTransform.of(node);
        boolean isLogistic = transform == PostTransform.LOGISTIC;
        if (transform != PostTransform.NONE && !isLogistic) {
            throw node.unsupported("post_transform %s of one score", transform); // ONNX Runtime ignores it.
        }
        if (node.hasOutput(0) && isLogistic && isProbability) {
            throw node.unsupported("a label by log-odds of 0 or more"); // ONNX Runtime splits at log-odds of a half.
        }
        Value.Floats total = totals(node, plan, attributes, Aggregate.SUM, base(node, 1));
        int score = total.offset();
        float limit = isProbability ? 0.5f : 0;
        labels.define(plan, memory -> memory[score] > limit ? 1 : 0);
        if (node.hasOutput(1)) {
            Value.Floats pair = isLogistic
                    ? pair(plan, total)
                    : isProbability ? LinearOperators.complemented(plan, total) : opposed(plan, total);
            plan.define(node.output(1), pair);
        }
    }

    /** Returns -s and s of one score s. */
    private static Value.Floats opposed(PlanBuilder plan, Value.Floats score) {
        Value.Floats to = plan.allocate(new int[] {1, 2});
        int in = score.offset();
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            memory[out] = -memory[in];
            memory[out + 1] = memory[in];
        });
        return to;
    }

    /** Returns 1 - sigmoid(s) and sigmoid(s) of one score s. */
    private static Value.Floats pair(PlanBuilder plan, Value.Floats score) {
        Value.Floats to = plan.allocate(new int[] {1, 2});
        int in = score.offset();
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            memory[out] = Functions.sigmoid(-memory[in]);
            memory[out + 1] = Functions.sigmoid(memory[in]);
        });
        return to.linked(new Link(Link.Kind.PAIR, score));
    }

    private static void classifyByTwoScores(GraphNode node, PlanBuilder plan, TreeAttributes attributes) {
        if (node.hasOutput(0) || node.decimals("base_values").length > 0 || !attributes.isAlwaysWeighted(1)) {
            throw node.unsupported("two classes with weights of both, and a label, base_values or leaves of one alone");
        }
        Value.Floats totals = totals(node, plan, attributes, Aggregate.SUM, new double[2]);
        plan.define(node.output(1), PostTransform.of(node).apply(plan, totals));
    }

    /** Has the totals of the trees written to the memory; returns them, shape [1, targets]. */
    private static Value.Floats totals(
            GraphNode node, PlanBuilder plan, TreeAttributes attributes, Aggregate aggregate, double[] base) {
        Value.Floats from = node.columns(0);
        int targets = base.length;
        TreeEnsemble trees = attributes.trees(targets).build(aggregate, base);
        TreeSums sums = TreeSums.of(trees);
        Value.Floats to = plan.allocate(new int[] {1, targets});
        int in = from.offset();
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            double[] totals = Scratch.ofThread().doubles(targets);
            sums.sum(memory, in, totals);
            for (int i = 0; i < targets; i++) {
                memory[out + i] = (float) totals[i];
            }
        });
        boolean isTold = trees.isAdditive() && Arrays.stream(from.sources()).noneMatch(source -> source < 0);
        Additive terms = isTold ? new TreeTerms(trees, attributes.hasCovers(), in, from.sources(), null) : null;
        return new Value.Floats(out, to.shape(), to.sources(), Affine.of(terms, targets), null);
    }

    private static double[] base(GraphNode node, int targets) {
        double[] base = node.decimals("base_values");
        if (base.length != 0 && base.length != targets) {
            throw node.unsupported("%d base_values of %d scores", base.length, targets);
        }
        for (double value : base) {
            if (!Double.isFinite(value)) {
                throw BadGraph.of("base_values of %s: %s (expected: finite numbers)", node, value);
            }
        }
        return base.length == 0 ? new double[targets] : base;
    }

    private static Aggregate aggregate(GraphNode node) {
        String name = node.text("aggregate_function", "SUM");
        for (Aggregate aggregate : Aggregate.values()) {
            if (aggregate.name().equals(name)) {
                return aggregate;
            }
        }
        throw BadGraph.of(
                "aggregate_function of %s: %s (expected: one of %s)", node, name, Arrays.toString(Aggregate.values()));
    }
}
