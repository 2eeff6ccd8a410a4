package io.foresell.training.evaluate;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Task;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What a model is judged by, always on rows it was not fitted on. */
public enum Metric {
    /** Probability that a positive scores above a negative, ties count half; of classes the mean over one against the rest. */
    ROC_AUC(true, true, Task.BINARY, Task.MULTICLASS),
    /** Average precision: the area under the precision-recall steps. */
    PR_AUC(true, true, Task.BINARY),
    /** Mean negative log-likelihood, probabilities clipped to [1e-15, 1 - 1e-15]. */
    LOG_LOSS(false, true, Task.BINARY, Task.MULTICLASS),
    /** Mean squared difference of probability and label; of classes the sum over classes. */
    BRIER(false, true, Task.BINARY, Task.MULTICLASS),
    /** Mean |observed rate - mean probability| over 10 bins of equal count, weighted by count; of classes that of the likeliest. */
    EXPECTED_CALIBRATION_ERROR(false, false, Task.BINARY, Task.MULTICLASS),
    /** Harmonic mean of precision and recall at 0.5. */
    F1(true, false, Task.BINARY),
    /** Share of positives among the rows from 0.5 on; none where no row is. */
    PRECISION(true, false, Task.BINARY),
    /** Share of the positives from 0.5 on. */
    RECALL(true, false, Task.BINARY),
    /** Unweighted mean over classes of the harmonic mean of precision and recall. */
    MACRO_F1(true, true, Task.MULTICLASS),
    /** Mean over classes of the harmonic mean of precision and recall, each class weighing as many rows as it has. */
    WEIGHTED_F1(true, true, Task.MULTICLASS),
    /** Share of rows on the right side of 0.5, or whose likeliest class is right. */
    ACCURACY(true, true, Task.BINARY, Task.MULTICLASS),
    /** Unweighted mean over classes of the share of its rows that are found, of two classes at 0.5. */
    BALANCED_ACCURACY(true, true, Task.BINARY, Task.MULTICLASS),
    /** Matthews' correlation of truth and answer, of two classes at 0.5. */
    MATTHEWS(true, true, Task.BINARY, Task.MULTICLASS),
    /** Cohen's kappa: by how much accuracy exceeds that of answers drawn at random in the same shares. */
    COHEN_KAPPA(true, true, Task.MULTICLASS),
    /** Share of rows whose class is among the three likeliest. */
    TOP_3_ACCURACY(true, false, Task.MULTICLASS),
    /** Share of rows that a model refuses to answer; of one that may refuse. */
    REFUSED_SHARE(false, false, Task.BINARY, Task.MULTICLASS),
    /** Share of right answers among the rows not refused; of a model that may refuse. */
    ANSWERED_ACCURACY(true, false, Task.BINARY, Task.MULTICLASS),
    /** Share of rows that belong to none of the classes which a model refuses; where there are such rows. */
    UNKNOWN_REFUSED_SHARE(true, false, Task.MULTICLASS),
    /** Positive rate in the top 10 % over the base rate. */
    LIFT_10(true, false, Task.BINARY),
    /** Kolmogorov and Smirnov's distance: the greatest difference of the shares of positives and of negatives from any score on. */
    KOLMOGOROV_SMIRNOV(true, true, Task.BINARY),
    /** Root of the mean squared error. */
    RMSE(false, true, Task.REGRESSION),
    /** Mean absolute error. */
    MAE(false, true, Task.REGRESSION),
    /** Median absolute error. */
    MEDIAN_AE(false, false, Task.REGRESSION),
    /** 1 - squared error over that of the judged rows' own mean. */
    R2(true, true, Task.REGRESSION),
    /** Sum of absolute errors over the sum of absolute values. */
    WAPE(false, true, Task.REGRESSION),
    /** Mean of 200 |y - f| / (|y| + |f|), 0 where both are 0. */
    SMAPE(false, true, Task.REGRESSION),
    /** Mean of |y - f| / |y| over rows whose value is not 0. */
    MAPE(false, true, Task.REGRESSION),
    /** Spearman's correlation of the ranks of values and answers, ties at their mean rank; none where either is constant. */
    SPEARMAN(true, true, Task.REGRESSION),
    /** Mean of (b - a) / max(a, b): mean distances to the own and the nearest other cluster; noise counts 0. Of a sample. */
    SILHOUETTE(true, true, Task.CLUSTERS),
    /** Mean over clusters of the worst (spread + spread) / distance of centres. Of a sample. */
    DAVIES_BOULDIN(false, true, Task.CLUSTERS),
    /** Mean adjusted Rand index between the clusters of the same rows by fits on different parts of the data. */
    STABILITY(true, true, Task.CLUSTERS),
    /** Mean squared distance to the centre of the cluster in the training rows, on the standardised scale; without noise. */
    MEAN_SQUARED_DISTANCE(false, true, Task.CLUSTERS),
    /** Sum of squared distances to the centres of the clusters when all rows are fitted, on the standardised scale; without noise. */
    INERTIA(false, false, Task.CLUSTERS),
    /** Mean of 1 - a / b: distances to the nearest and the second nearest centre; noise counts 0. */
    SIMPLIFIED_SILHOUETTE(true, true, Task.CLUSTERS),
    /** Share of rows in the largest cluster. */
    LARGEST_CLUSTER(false, false, Task.CLUSTERS),
    /** Share of rows in no cluster. */
    NOISE_SHARE(false, false, Task.CLUSTERS);

    private final boolean isHigherBetter;
    private final boolean isRanking;

    @SuppressWarnings("ImmutableEnumChecker") // unmodifiable, which the type does not say
    private final Set<Task> tasks;

    Metric(boolean isHigherBetter, boolean isRanking, Task first, Task... rest) {
        this.isHigherBetter = isHigherBetter;
        this.isRanking = isRanking;
        this.tasks = Collections.unmodifiableSet(EnumSet.of(first, rest));
    }

    /** Returns the name used on the wire, e.g. {@code roc_auc}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether {@code a} is strictly better than {@code b}; NaN is never better. */
    public boolean isBetter(double a, double b) {
        return Double.isNaN(b) ? !Double.isNaN(a) : isHigherBetter ? a > b : a < b;
    }

    /** Returns whether greater values are better. */
    public boolean isHigherBetter() {
        return isHigherBetter;
    }

    /** Returns whether models of a task have this metric. */
    public boolean suits(Task task) {
        return tasks.contains(task);
    }

    /**
     * Returns this metric of some answers; NaN where it does not exist on these rows.
     *
     * @param labels 1 or 0, the index of the class, or the value; at least one
     * @param answers row-major, shape [rowCount, width]
     */
    public double of(Task task, double[] labels, double[] answers) {
        return TaskMetrics.of(task, labels, answers).all().getOrDefault(this, Double.NaN);
    }

    /** Returns whether only models that may refuse to answer have this metric. */
    boolean isOfRefusing() {
        return this == REFUSED_SHARE || this == ANSWERED_ACCURACY || this == UNKNOWN_REFUSED_SHARE;
    }

    /** Returns the metrics of a task. */
    public static List<Metric> of(Task task) {
        return Arrays.stream(values()).filter(metric -> metric.suits(task)).toList();
    }

    /** Returns what ranks the candidates of a spec that says nothing. */
    public static Metric usual(Task task) {
        return switch (task) {
            case BINARY -> ROC_AUC;
            case MULTICLASS -> LOG_LOSS;
            case REGRESSION, RANKING -> RMSE;
            case CLUSTERS -> SILHOUETTE;
        };
    }

    /**
     * Returns the metric that ranks candidates.
     *
     * @param key a metric of some task that can rank, e.g. roc_auc
     * @throws ServiceException INVALID_ARGUMENT when there is none
     */
    public static Metric ranking(String key) {
        return Arrays.stream(values())
                .filter(metric -> metric.isRanking && metric.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new ServiceException(
                        Failure.invalid("METRIC_UNKNOWN", "metric", key, rankingKeys(EnumSet.allOf(Task.class)))));
    }

    /** Returns the keys of the metrics that can rank candidates of these tasks. */
    public static String rankingKeys(Set<Task> tasks) {
        return Arrays.stream(values())
                .filter(metric -> metric.isRanking && tasks.stream().anyMatch(metric::suits))
                .map(Metric::key)
                .collect(Collectors.joining(", "));
    }
}
