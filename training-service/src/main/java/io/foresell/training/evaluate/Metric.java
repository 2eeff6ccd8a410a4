package io.foresell.training.evaluate;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.Locale;

/** The metrics of a two-class model, each on rows it was not fitted on. */
public enum Metric {
    /** Probability that a positive scores above a negative, ties count half. */
    ROC_AUC(true, true),
    /** Average precision: the area under the precision-recall steps. */
    PR_AUC(true, true),
    /** Mean negative log-likelihood, probabilities clipped to [1e-15, 1 - 1e-15]. */
    LOG_LOSS(false, true),
    /** Mean squared difference of probability and label. */
    BRIER(false, true),
    /** Mean |observed rate - mean probability| over 10 bins of equal count, weighted by count. */
    EXPECTED_CALIBRATION_ERROR(false, false),
    /** Harmonic mean of precision and recall at 0.5. */
    F1(true, false),
    /** Share of rows on the right side of 0.5. */
    ACCURACY(true, false),
    /** Positive rate in the top 10 % over the base rate. */
    LIFT_10(true, false);

    private final boolean isHigherBetter;
    private final boolean isRanking;

    Metric(boolean isHigherBetter, boolean isRanking) {
        this.isHigherBetter = isHigherBetter;
        this.isRanking = isRanking;
    }

    /** Returns the name used on the wire, e.g. {@code roc_auc}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether {@code a} is strictly better than {@code b}; NaN is never better. */
    public boolean isBetter(double a, double b) {
        return Double.isNaN(b) ? !Double.isNaN(a) : isHigherBetter ? a > b : a < b;
    }

    /**
     * Returns the metric that ranks candidates.
     *
     * @param key one of roc_auc, pr_auc, log_loss, brier; empty means roc_auc
     */
    public static Metric ranking(String key) {
        if (key.isEmpty()) {
            return ROC_AUC;
        }
        for (Metric metric : values()) {
            if (metric.isRanking && metric.key().equals(key)) {
                return metric;
            }
        }
        throw new ServiceException(
                Failure.invalid("METRIC_UNKNOWN", "metric", key, "roc_auc, pr_auc, log_loss or brier"));
    }
}
