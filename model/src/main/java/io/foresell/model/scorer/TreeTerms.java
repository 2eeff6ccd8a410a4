package io.foresell.model.scorer;

import io.foresell.model.tree.InterventionalShap;
import io.foresell.model.tree.PathDependentShap;
import io.foresell.model.tree.TreeEnsemble;
import io.foresell.model.tree.TreeShap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Totals of trees as sums of Shapley values, one for each input. */
final class TreeTerms implements Additive {
    private final TreeEnsemble trees;
    private final boolean hasCovers;
    private final int offset;
    private final int[] sources;
    private final @Nullable TreeShap shap;

    /**
     * Takes the trees.
     *
     * @param hasCovers whether the trees know how many training rows went each way
     * @param sources the input each column depends on
     */
    TreeTerms(TreeEnsemble trees, boolean hasCovers, int offset, int[] sources, @Nullable TreeShap shap) {
        this.trees = trees;
        this.hasCovers = hasCovers;
        this.offset = offset;
        this.sources = sources;
        this.shap = shap;
    }

    /** Trees of libraries that write no covers are explained against sample rows, where there are any. */
    @Override
    public @Nullable Additive prepared(BackgroundMeans means) {
        if (hasCovers && means.explanation() != ExplanationKind.INTERVENTIONAL) {
            // Every column is known or not by itself, and an input gets what its columns get: so it has been since the
            // first
            // format version, and the same package must go on giving the same reasons.
            int[] columns = IntStream.range(0, sources.length).toArray();
            return with(new PathDependentShap(trees, columns, sources));
        }
        float[] samples = means.ofSampleRows(offset, sources.length);
        return samples.length == 0 ? null : with(new InterventionalShap(trees, sources, samples));
    }

    private TreeTerms with(TreeShap prepared) {
        return new TreeTerms(trees, hasCovers, offset, sources, prepared);
    }

    private TreeShap shap() {
        if (shap == null) {
            throw new IllegalStateException("terms of trees (expected: prepared before)");
        }
        return shap;
    }

    @Override
    public double base(int target) {
        return shap().mean(target);
    }

    @Override
    public void addTerms(float[] memory, int target, double slope, double[] perInput) {
        shap().add(memory, offset, target, slope, perInput);
    }
}
