package io.foresell.training.fit.svm;

/**
 * A fitted machine.
 *
 * @param coefficients per row of a kernel machine; per column of a linear one
 * @param bias added to the sum
 * @param decisions the answers to all rows, those it did not learn from included
 */
@SuppressWarnings("ArrayRecordComponent")
record Solution(double[] coefficients, double bias, double[] decisions) {}
