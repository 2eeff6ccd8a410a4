package io.foresell.training.evaluate;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a model is judged by, always on rows it was not fitted on. Immutable; equal by key, ordered as people read them: those of all
 * rows first.
 */
public final class Metric implements Comparable<Metric> {
    private static final List<Metric> ALL = new ArrayList<>();

    /** Probability that a positive scores above a negative, ties count half; of classes the mean over one against the rest. */
    public static final Metric ROC_AUC = usual("roc_auc", true, true, Task.BINARY, Task.MULTICLASS);

    /** Average precision: the area under the precision-recall steps. */
    public static final Metric PR_AUC = usual("pr_auc", true, true, Task.BINARY);

    /** Mean negative log-likelihood, probabilities clipped to [1e-15, 1 - 1e-15]. */
    public static final Metric LOG_LOSS = usual("log_loss", false, true, Task.BINARY, Task.MULTICLASS);

    /** Mean squared difference of probability and label; of classes the sum over classes. */
    public static final Metric BRIER = usual("brier", false, true, Task.BINARY, Task.MULTICLASS);

    /** Mean |observed rate - mean probability| over 10 bins of equal count, weighted by count; of classes that of the likeliest. */
    public static final Metric EXPECTED_CALIBRATION_ERROR =
            usual("expected_calibration_error", false, false, Task.BINARY, Task.MULTICLASS);

    /** Harmonic mean of precision and recall at 0.5. */
    public static final Metric F1 = usual("f1", true, false, Task.BINARY);

    /** Share of positives among the rows from 0.5 on; none where no row is. */
    public static final Metric PRECISION = usual("precision", true, false, Task.BINARY);

    /** Share of the positives from 0.5 on. */
    public static final Metric RECALL = usual("recall", true, false, Task.BINARY);

    /** Unweighted mean over classes of the harmonic mean of precision and recall. */
    public static final Metric MACRO_F1 = usual("macro_f1", true, true, Task.MULTICLASS);

    /** Mean over classes of the harmonic mean of precision and recall, each class weighing as many rows as it has. */
    public static final Metric WEIGHTED_F1 = usual("weighted_f1", true, true, Task.MULTICLASS);

    /** Share of rows on the right side of 0.5, or whose likeliest class is right. */
    public static final Metric ACCURACY = usual("accuracy", true, true, Task.BINARY, Task.MULTICLASS);

    /** Unweighted mean over classes of the share of its rows that are found, of two classes at 0.5. */
    public static final Metric BALANCED_ACCURACY = usual("balanced_accuracy", true, true, Task.BINARY, Task.MULTICLASS);

    /** Matthews' correlation of truth and answer, of two classes at 0.5. */
    public static final Metric MATTHEWS = usual("matthews", true, true, Task.BINARY, Task.MULTICLASS);

    /** Cohen's kappa: by how much accuracy exceeds that of answers drawn at random in the same shares. */
    public static final Metric COHEN_KAPPA = usual("cohen_kappa", true, true, Task.MULTICLASS);

    /** Share of rows whose class is among the three likeliest. */
    public static final Metric TOP_3_ACCURACY = usual("top_3_accuracy", true, false, Task.MULTICLASS);

    /** Share of rows that a model refuses to answer; of one that may refuse. */
    public static final Metric REFUSED_SHARE = usual("refused_share", false, false, Task.BINARY, Task.MULTICLASS);

    /** Share of right answers among the rows not refused; of a model that may refuse. */
    public static final Metric ANSWERED_ACCURACY =
            usual("answered_accuracy", true, false, Task.BINARY, Task.MULTICLASS);

    /** Share of rows that belong to none of the classes which a model refuses; where there are such rows. */
    public static final Metric UNKNOWN_REFUSED_SHARE = usual("unknown_refused_share", true, false, Task.MULTICLASS);

    /** Positive rate in the top 10 % over the base rate. */
    public static final Metric LIFT_10 = usual("lift_10", true, false, Task.BINARY);

    /** Kolmogorov and Smirnov's distance: the greatest difference of the shares of positives and of negatives from any score on. */
    public static final Metric KOLMOGOROV_SMIRNOV = usual("kolmogorov_smirnov", true, true, Task.BINARY);

    /** Root of the mean squared error. */
    public static final Metric RMSE = usual("rmse", false, true, Task.REGRESSION);

    /** Mean absolute error. */
    public static final Metric MAE = usual("mae", false, true, Task.REGRESSION);

    /** Median absolute error. */
    public static final Metric MEDIAN_AE = usual("median_ae", false, false, Task.REGRESSION);

    /** 1 - squared error over that of the judged rows' own mean. */
    public static final Metric R2 = usual("r2", true, true, Task.REGRESSION);

    /** Sum of absolute errors over the sum of absolute values. */
    public static final Metric WAPE = usual("wape", false, true, Task.REGRESSION);

    /** Mean of 200 |y - f| / (|y| + |f|), 0 where both are 0. */
    public static final Metric SMAPE = usual("smape", false, true, Task.REGRESSION);

    /** Mean of |y - f| / |y| over rows whose value is not 0. */
    public static final Metric MAPE = usual("mape", false, true, Task.REGRESSION);

    /** Spearman's correlation of the ranks of values and answers, ties at their mean rank; none where either is constant. */
    public static final Metric SPEARMAN = usual("spearman", true, true, Task.REGRESSION);

    /** Mean of (b - a) / max(a, b): mean distances to the own and the nearest other cluster; noise counts 0. Of a sample. */
    public static final Metric SILHOUETTE = usual("silhouette", true, true, Task.CLUSTERS);

    /** Mean over clusters of the worst (spread + spread) / distance of centres. Of a sample. */
    public static final Metric DAVIES_BOULDIN = usual("davies_bouldin", false, true, Task.CLUSTERS);

    /** Mean adjusted Rand index between the clusters of the same rows by fits on different parts of the data. */
    public static final Metric STABILITY = usual("stability", true, true, Task.CLUSTERS);

    /** Mean squared distance to the centre of the cluster in the training rows, on the standardised scale; without noise. */
    public static final Metric MEAN_SQUARED_DISTANCE = usual("mean_squared_distance", false, true, Task.CLUSTERS);

    /** Sum of squared distances to the centres of the clusters when all rows are fitted, on the standardised scale; without noise. */
    public static final Metric INERTIA = usual("inertia", false, false, Task.CLUSTERS);

    /** Mean of 1 - a / b: distances to the nearest and the second nearest centre; noise counts 0. */
    public static final Metric SIMPLIFIED_SILHOUETTE = usual("simplified_silhouette", true, true, Task.CLUSTERS);

    /** Share of rows in the largest cluster. */
    public static final Metric LARGEST_CLUSTER = usual("largest_cluster", false, false, Task.CLUSTERS);

    /** Share of rows in no cluster. */
    public static final Metric NOISE_SHARE = usual("noise_share", false, false, Task.CLUSTERS);

    /** Names metrics of lists where none of them are declared. */
    private static final String OF_LISTS = "ndcg_K, map_K, precision_K, recall_K, hit_rate_K, mrr of judge.rankings";

    private final String key;
    private final int place;
    private final boolean isHigherBetter;
    private final boolean isRanking;
    private final Set<Task> tasks;
    private final @Nullable ListMeasure ofLists;
    private final int cutOff;

    private Metric(
            String key,
            int place,
            boolean isHigherBetter,
            boolean isRanking,
            Set<Task> tasks,
            @Nullable ListMeasure ofLists,
            int cutOff) {
        this.key = key;
        this.place = place;
        this.isHigherBetter = isHigherBetter;
        this.isRanking = isRanking;
        this.tasks = Collections.unmodifiableSet(tasks);
        this.ofLists = ofLists;
        this.cutOff = cutOff;
    }

    private static Metric usual(String key, boolean isHigherBetter, boolean isRanking, Task first, Task... rest) {
        Metric metric = new Metric(key, ALL.size(), isHigherBetter, isRanking, EnumSet.of(first, rest), null, 0);
        ALL.add(metric);
        return metric;
    }

    /**
     * Returns a metric of the order within lists.
     *
     * @param cutOff first places of a list that count, 1 or more; ignored by measures without
     */
    public static Metric of(ListMeasure measure, int cutOff) {
        int counted = measure.hasCutOff() ? cutOff : 0;
        return new Metric(
                measure.hasCutOff() ? measure.key() + "_" + cutOff : measure.key(),
                ALL.size() + Arrays.asList(ListMeasure.values()).indexOf(measure),
                true,
                true,
                EnumSet.of(Task.BINARY, Task.REGRESSION),
                measure,
                counted);
    }

    /** Returns all metrics but those of lists. */
    public static List<Metric> all() {
        return Collections.unmodifiableList(ALL);
    }

    /** Returns the metric with this key; empty when there is none. */
    public static Optional<Metric> find(String key) {
        return ALL.stream().filter(metric -> metric.key.equals(key)).findFirst().or(() -> ListMeasure.metric(key));
    }

    /** Returns what is measured in lists; null of a metric of all rows. */
    public @Nullable ListMeasure ofLists() {
        return ofLists;
    }

    /** Returns how many first places of a list count; 0 when all do. */
    public int cutOff() {
        return cutOff;
    }

    /** Returns the name used on the wire, e.g. {@code roc_auc}. */
    public String key() {
        return key;
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
        return equals(REFUSED_SHARE) || equals(ANSWERED_ACCURACY) || equals(UNKNOWN_REFUSED_SHARE);
    }

    /** Returns the metrics of a task, but those of lists. */
    public static List<Metric> of(Task task) {
        return ALL.stream().filter(metric -> metric.suits(task)).toList();
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
        return find(key)
                .filter(metric -> metric.isRanking)
                .orElseThrow(() -> new ServiceException(
                        Failure.invalid("METRIC_UNKNOWN", "metric", key, rankingKeys(EnumSet.allOf(Task.class)))));
    }

    /** Returns the keys of the metrics that can rank candidates of these tasks. */
    public static String rankingKeys(Set<Task> tasks) {
        return keys(tasks, metric -> metric.isRanking);
    }

    /** Returns the keys of the metrics of these tasks. */
    public static String keys(Set<Task> tasks) {
        return keys(tasks, metric -> true);
    }

    private static String keys(Set<Task> tasks, Predicate<Metric> isWanted) {
        String keys = ALL.stream()
                .filter(metric -> isWanted.test(metric) && tasks.stream().anyMatch(metric::suits))
                .map(Metric::key)
                .collect(Collectors.joining(", "));
        return tasks.contains(Task.BINARY) || tasks.contains(Task.REGRESSION) ? keys + ", " + OF_LISTS : keys;
    }

    @Override
    public int compareTo(Metric other) {
        return place != other.place ? Integer.compare(place, other.place) : Integer.compare(cutOff, other.cutOff);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Metric metric && metric.key.equals(key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return key;
    }
}
