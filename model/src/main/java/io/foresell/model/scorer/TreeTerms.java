package io.foresell.model.scorer;

import io.foresell.model.tree.PathDependentShap;

/** Totals of trees as sums of Shapley values: unknown columns follow the cover of their branches. */
record TreeTerms(PathDependentShap shap, int offset) implements Additive {
    @Override
    public double base(int target) {
        return shap.mean(target);
    }

    @Override
    public void addTerms(float[] memory, int target, double slope, double[] perInput) {
        shap.add(memory, offset, target, slope, perInput);
    }
}
