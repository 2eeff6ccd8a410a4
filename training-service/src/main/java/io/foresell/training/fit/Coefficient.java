package io.foresell.training.fit;

/**
 * The weight of one encoded column.
 *
 * @param label the class it speaks for; empty when there is one score
 * @param name the encoded column, e.g. {@code tenure} or {@code contract=monthly}; {@code (intercept)} for the constant
 * @param estimate change of the score per 1 of the encoded column; 0 when left out
 * @param standardError NaN when unknown
 * @param statistic estimate / standard error: t of a linear regression, z of a logistic one; NaN when unknown
 * @param pValue two-sided, in [0, 1]; NaN when unknown
 * @param unit how much of the raw input is 1 of the encoded column (its standard deviation, when standardised); 1 for
 *     categories, NaN where that is no constant: estimate / unit is the change per 1 of the raw input
 * @param isLeftOut whether other columns determine it, so that it has no weight of its own
 */
public record Coefficient(
        String label,
        String name,
        double estimate,
        double standardError,
        double statistic,
        double pValue,
        double unit,
        boolean isLeftOut) {
    /** The name of the constant. */
    public static final String INTERCEPT = "(intercept)";
}
