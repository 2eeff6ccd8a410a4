package io.foresell.training.run;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.dataset.RowGroups;
import io.foresell.training.evaluate.ImportanceSummary;
import io.foresell.training.evaluate.Judgement;
import io.foresell.training.evaluate.Metric;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * By how much a metric gets worse when one input's values are shuffled among judged rows. Breiman, "Random Forests" (2001), section 10.
 */
final class PermutationImportance {
    /** Bound the work: rows a fold, fewer where a score is dear, and inputs. */
    private static final int MOST_ROWS = 1000;

    private static final int MOST_DEAR_ROWS = 200;
    private static final int MOST_INPUTS = 50;
    /** One fold is shuffled more than once, so that a deviation can be told. */
    private static final int REPEATS_OF_ONE_FOLD = 3;

    private final FittedParts parts;
    private final Metric metric;
    private final long seed;

    PermutationImportance(FittedParts parts, Metric metric, long seed) {
        this.parts = parts;
        this.metric = metric;
        this.seed = seed;
    }

    void addTo(ImportanceSummary summary, HeldOutRows heldOut, int foldCount, BooleanSupplier isCancelled) {
        // Only sums of exact terms are surely cheap; networks, kernels and neighbours are not.
        boolean isDear = Double.isNaN(parts.scorer().base(0));
        int most = isDear ? MOST_DEAR_ROWS : MOST_ROWS;
        HeldOutRows sample = metric.ofLists() == null ? heldOut.sample(most) : heldOut.sampleOfGroups(most);
        @Nullable RowGroups groups = sample.groups();
        Signature signature = parts.signature();
        ColumnSwap swap = new ColumnSwap(signature, sample.rows(signature));
        double[] labels = sample.labels();
        double before = measure(labels, swap.rows(), groups);
        Random random = new Random(seed);
        int repeats = foldCount == 1 ? REPEATS_OF_ONE_FOLD : 1;
        int inputs = Math.min(MOST_INPUTS, signature.inputs().size());
        for (int input = 0; input < inputs && !Double.isNaN(before); input++) {
            for (int repeat = 0; repeat < repeats; repeat++) {
                if (isCancelled.getAsBoolean()) {
                    throw new CancellationException("cancelled while shuffling inputs");
                }
                int[] order = shuffled(labels.length, random);
                for (int row = 0; row < order.length; row++) {
                    swap.set(input, row, order[row]);
                }
                double after = measure(labels, swap.rows(), groups);
                summary.permuted(
                        signature.inputs().get(input).name(),
                        metric.isHigherBetter() ? before - after : after - before);
            }
            swap.restore(input);
        }
    }

    private double measure(double[] labels, Rows rows, @Nullable RowGroups groups) {
        float[] answers = new float[labels.length * parts.answer().width()];
        parts.scorer().score(rows, answers);
        return Judgement.measure(parts.answer().task(), metric, labels, answers, groups);
    }

    private static int[] shuffled(int count, Random random) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int place = random.nextInt(i + 1);
            order[i] = order[place];
            order[place] = i;
        }
        return order;
    }
}
