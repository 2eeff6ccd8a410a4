package io.foresell.model.scorer;

import io.foresell.model.kernel.Functions;
import java.util.Arrays;

/** One SVMClassifier node: checks its attribute lists and adds its steps. */
final class SvmClassifier {
    // The pairs of more classes would be millions.
    private static final int MAX_CLASSES = 256;
    private static final float LEAST_PROBABILITY = 1e-7f;

    private final GraphNode node;
    private final PlanBuilder plan;
    private final ClassLabels labels;
    private final int classes;
    private final int pairs;
    private final float[] coefficients; // [classes - 1, vectors]
    private final float[] rho;
    private final float[] probA;
    private final float[] probB;
    private final PostTransform transform;

    SvmClassifier(GraphNode node, PlanBuilder plan) {
        this.node = node;
        this.plan = plan;
        this.labels = ClassLabels.of(node, "classlabels_ints");
        this.classes = labels.count();
        if (classes < 2 || classes > MAX_CLASSES) {
            throw node.unsupported("%d classes", classes);
        }
        this.pairs = classes * (classes - 1) / 2;
        this.coefficients = node.finiteNumbers("coefficients");
        this.rho = node.finiteNumbers("rho");
        this.probA = node.finiteNumbers("prob_a");
        this.probB = node.finiteNumbers("prob_b");
        this.transform = PostTransform.of(node);
    }

    void compile() {
        int[] counts = node.integers("vectors_per_class");
        long vectorCount = 0;
        for (int count : counts) {
            if (count < 0) {
                throw BadGraph.of("vectors_per_class of %s: %d (expected: 0 or more)", node, count);
            }
            vectorCount += count;
        }
        if (vectorCount == 0) {
            throw node.unsupported("a classifier without support vectors");
        }
        requireCount("vectors_per_class", counts.length, classes);
        requireCount("coefficients", coefficients.length, (classes - 1) * vectorCount);
        requireCount("rho", rho.length, pairs);
        requireCount("prob_b", probB.length, probA.length);
        if (probA.length != 0) {
            requireCount("prob_a", probA.length, pairs);
        }
        int[] starts = new int[classes + 1];
        for (int i = 0; i < classes; i++) {
            starts[i + 1] = starts[i] + counts[i];
        }
        Value.Floats decisions = decisions(SupportVectors.of(node, starts[classes], node.columnCount(0)), starts);
        labels.define(plan, votes(decisions));
        if (node.hasOutput(1)) {
            plan.define(node.output(1), scores(decisions));
        }
    }

    private void requireCount(String name, int actual, long expected) {
        if (actual != expected) {
            throw BadGraph.of("%s of %s: %d values (expected: %d)", name, node, actual, expected);
        }
    }

    /** Returns the decision between each pair of classes, [1, pairs]; above 0 for the first of the pair. */
    private Value.Floats decisions(SupportVectors vectors, int[] starts) {
        if (vectors.isLinear()) {
            return linear(vectors, starts);
        }
        Value.Floats from = node.columns(0);
        Value.Floats to = plan.allocate(new int[] {1, pairs});
        int count = vectors.count();
        plan.spend((long) count * (from.size() + 20) + (long) count * (classes - 1));
        int in = from.offset();
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            float[] kernels = Scratch.ofThread().work(count);
            vectors.kernels(memory, in, kernels);
            int pair = 0;
            for (int i = 0; i < classes; i++) {
                for (int j = i + 1; j < classes; j++) {
                    double sum = dot(kernels, starts[i], starts[i + 1], (j - 1) * count)
                            + dot(kernels, starts[j], starts[j + 1], i * count);
                    memory[out + pair] = (float) (sum + rho[pair]);
                    pair++;
                }
            }
        });
        return to;
    }

    private double dot(float[] kernels, int from, int to, int row) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) coefficients[row + i] * kernels[i];
        }
        return sum;
    }

    /** Multiplies coefficients and vectors out: one weight per column and pair. */
    private Value.Floats linear(SupportVectors vectors, int[] starts) {
        int columns = node.columnCount(0);
        float[] weights = new float[columns * pairs];
        int count = vectors.count();
        int pair = 0;
        for (int i = 0; i < classes; i++) {
            for (int j = i + 1; j < classes; j++) {
                double[] ofPair = new double[count];
                for (int vector = starts[i]; vector < starts[i + 1]; vector++) {
                    ofPair[vector] = coefficients[(j - 1) * count + vector];
                }
                for (int vector = starts[j]; vector < starts[j + 1]; vector++) {
                    ofPair[vector] = coefficients[i * count + vector];
                }
                double[] perColumn = vectors.weights(ofPair);
                for (int column = 0; column < columns; column++) {
                    weights[column * pairs + pair] = (float) perColumn[column];
                }
                pair++;
            }
        }
        return DenseOperators.dense(node, plan, weights, rho);
    }

    private ClassLabels.Winner votes(Value.Floats decisions) {
        int in = decisions.offset();
        return memory -> {
            float[] votes = Scratch.ofThread().work(classes);
            Arrays.fill(votes, 0, classes, 0);
            int pair = in;
            for (int i = 0; i < classes; i++) {
                for (int j = i + 1; j < classes; j++) {
                    votes[memory[pair++] > 0 ? i : j]++;
                }
            }
            int best = 0;
            for (int i = 1; i < classes; i++) {
                if (votes[i] > votes[best]) {
                    best = i;
                }
            }
            return best;
        };
    }

    private Value.Floats scores(Value.Floats decisions) {
        if (probA.length > 0) {
            return transform.apply(plan, probabilities(decisions));
        }
        if (pairs > 1) {
            return transform.apply(plan, decisions);
        }
        if (transform == PostTransform.NONE) {
            return opposites(decisions);
        }
        return LinearOperators.complemented(plan, decisions);
    }

    /** Returns -s and s of one decision s. */
    private Value.Floats opposites(Value.Floats decision) {
        Value.Floats to = plan.allocate(new int[] {1, 2});
        int in = decision.offset();
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            memory[out] = -memory[in];
            memory[out + 1] = memory[in];
        });
        return to;
    }

    private Value.Floats probabilities(Value.Floats decisions) {
        Value.Floats to = plan.allocate(new int[] {1, classes});
        plan.spend(100L * classes * classes);
        int in = decisions.offset();
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            float[] work = Scratch.ofThread().work(PairwiseCoupling.workSize(classes));
            int pair = 0;
            for (int i = 0; i < classes; i++) {
                for (int j = i + 1; j < classes; j++) {
                    float p = 1 - Functions.sigmoid(memory[in + pair] * probA[pair] + probB[pair]);
                    float bounded = Math.min(Math.max(p, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY);
                    work[i * classes + j] = bounded;
                    work[j * classes + i] = 1 - bounded;
                    pair++;
                }
            }
            PairwiseCoupling.couple(classes, work, memory, out);
        });
        return to;
    }
}
