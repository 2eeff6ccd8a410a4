package io.foresell.training.fit.svm;

/** How rows are compared. */
public enum KernelKind {
    /** Weighted sum of the columns; reads any number of rows. */
    LINEAR,
    /** Gaussian of the distance. */
    RBF,
    /** Power of the dot product. */
    POLYNOMIAL
}
