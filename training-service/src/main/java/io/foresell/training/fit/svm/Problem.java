package io.foresell.training.fit.svm;

/**
 * What a machine is to learn.
 *
 * @param isRegression whether targets are values; otherwise 1 or -1
 * @param targets one per row
 * @param costs what a unit of error costs per row; rows of cost 0 are not learnt from
 * @param epsilon error of a value that costs nothing
 */
@SuppressWarnings("ArrayRecordComponent")
record Problem(boolean isRegression, double[] targets, double[] costs, double epsilon) {}
