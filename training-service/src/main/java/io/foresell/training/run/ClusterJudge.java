package io.foresell.training.run;

import io.foresell.model.Rows;
import io.foresell.model.Task;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.AdjustedRandIndex;
import io.foresell.training.evaluate.ClusterShape;
import io.foresell.training.evaluate.Judgement;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.FitListener;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.prepare.Preparation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Measures the clusters of one candidate where answers alone do not tell: all kinds of clusterings on the same standardised columns,
 * fitted on the training rows of the fold. Does nothing for other tasks. One owner, not thread-safe.
 */
final class ClusterJudge {
    /** Rows of the measures whose time grows with the square. */
    private static final int MAX_SHAPE_ROWS = 2000;

    private static final int MAX_STABILITY_ROWS = 2000;
    private static final int LEAST_FITS = 4;
    private static final double LEFT_OUT_SHARE = 0.2;

    // Kaufman and Rousseeuw 1990, table 4: up to 0.25 there is no substantial structure.
    private static final double NO_STRUCTURE = 0.25;
    private static final double UNSTABLE = 0.6;
    private static final double NEARLY_ALL = 0.9;

    private final TrainingSet set;
    private final Preparation preparation;
    private final long seed;
    private final BooleanSupplier isCancelled;
    private final HeldOutRows compared;
    private final List<int[]> divisions = new ArrayList<>();
    private final List<Integer> counts = new ArrayList<>();
    private final List<Map<Metric, Double>> measured = new ArrayList<>();

    ClusterJudge(TrainingSet set, Preparation preparation, long seed, BooleanSupplier isCancelled) {
        this.set = set;
        this.preparation = preparation;
        this.seed = seed;
        this.isCancelled = isCancelled;
        this.compared = HeldOutRows.all(set).sample(MAX_STABILITY_ROWS);
    }

    /** Adds what held-out rows of a fold show. */
    void judgeInto(Judgement judgement, FittedParts parts, Fold fold) {
        if (set.task() != Task.CLUSTERS) {
            return;
        }
        ClusterLookup lookup = new ClusterLookup(parts);
        Preprocessing columns = columns(fold.training());
        double[][] centres = shape(
                        columns,
                        lookup,
                        fold.training().rows(columns.signature()),
                        fold.training().rows(parts.signature()))
                .centres();
        HeldOutRows heldOut = fold.heldOut();
        ClusterShape all = shape(columns, lookup, heldOut.rows(columns.signature()), heldOut.rows(parts.signature()));
        HeldOutRows some = heldOut.sample(MAX_SHAPE_ROWS);
        requireWanted();
        ClusterShape sample = shape(columns, lookup, some.rows(columns.signature()), some.rows(parts.signature()));
        Map<Metric, Double> metrics = new TreeMap<>();
        metrics.put(Metric.SILHOUETTE, sample.silhouette());
        metrics.put(Metric.DAVIES_BOULDIN, sample.daviesBouldin());
        metrics.put(Metric.MEAN_SQUARED_DISTANCE, all.meanSquaredDistance(centres));
        metrics.put(Metric.SIMPLIFIED_SILHOUETTE, all.simplifiedSilhouette(centres));
        metrics.put(Metric.LARGEST_CLUSTER, all.largestShare());
        metrics.put(Metric.NOISE_SHARE, all.noiseShare());
        judgement.addMeasured(metrics);
        measured.add(metrics);
        divisions.add(lookup.clusters(compared.rows(parts.signature())));
        counts.add(lookup.count());
        requireWanted();
    }

    private Preprocessing columns(TrainingFold training) {
        return new FitRequest(training, preparation, ClassWeights.EQUAL, seed, FitListener.NONE, isCancelled)
                .encodings()
                .standardizedFlat();
    }

    private static ClusterShape shape(Preprocessing columns, ClusterLookup lookup, Rows encoded, Rows scored) {
        return new ClusterShape(
                columns.encode(encoded), columns.encodedWidth(), lookup.clusters(scored), lookup.count());
    }

    /**
     * Compares the fits of all folds; a single one with fits on random parts of its training rows.
     *
     * @param first the first fold
     * @param fit fits the candidate once more
     */
    void finishInto(Judgement judgement, Fold first, Function<TrainingFold, FittedParts> fit) {
        if (set.task() != Task.CLUSTERS) {
            return;
        }
        for (int i = divisions.size(); i < LEAST_FITS; i++) {
            requireWanted();
            FittedParts parts = fit.apply(
                    first.training().holdBack(LEFT_OUT_SHARE, seed + i).fitted());
            ClusterLookup lookup = new ClusterLookup(parts);
            divisions.add(lookup.clusters(compared.rows(parts.signature())));
            counts.add(lookup.count());
        }
        double stability = stability();
        judgement.addMeasured(Map.of(Metric.STABILITY, stability, Metric.INERTIA, inertia(fit)));
        warn(judgement, stability);
    }

    private double inertia(Function<TrainingFold, FittedParts> fit) {
        requireWanted();
        TrainingFold all = TrainingFold.all(set);
        FittedParts parts = fit.apply(all);
        Preprocessing columns = columns(all);
        ClusterShape shape =
                shape(columns, new ClusterLookup(parts), all.rows(columns.signature()), all.rows(parts.signature()));
        return shape.meanSquaredDistance(shape.centres()) * (1 - shape.noiseShare()) * all.rowCount();
    }

    /** Returns the mean adjusted Rand index over pairs of fits. */
    private double stability() {
        double sum = 0;
        int pairs = 0;
        for (int i = 0; i < divisions.size(); i++) {
            for (int j = 0; j < i; j++) {
                sum += AdjustedRandIndex.of(divisions.get(i), divisions.get(j));
                pairs++;
            }
        }
        return sum / pairs;
    }

    private void warn(Judgement judgement, double stability) {
        double silhouette = mean(Metric.SILHOUETTE);
        if (Double.isNaN(silhouette)) {
            judgement.warn("The judged rows fall in fewer than two clusters.");
        } else if (silhouette <= NO_STRUCTURE) {
            judgement.warn(String.format(
                    Locale.ROOT,
                    "The clusters overlap: mean silhouette %.2f (expected: above %.2f for groups that stand apart).",
                    silhouette,
                    NO_STRUCTURE));
        }
        if (stability < UNSTABLE) {
            judgement.warn(String.format(
                    Locale.ROOT,
                    "The clusters are not stable: %d fits on different parts of the rows agree by %.2f (adjusted Rand index:"
                            + " 1 is equal, 0 is chance; expected: %.1f or more).",
                    divisions.size(),
                    stability,
                    UNSTABLE));
        }
        if (new TreeSet<>(counts).size() > 1) {
            judgement.warn(
                    "The number of clusters depends on the rows: fits on different parts have %s.".formatted(counts));
        }
        if (mean(Metric.LARGEST_CLUSTER) > NEARLY_ALL) {
            judgement.warn(String.format(
                    Locale.ROOT, "One cluster holds %.0f %% of the judged rows.", 100 * mean(Metric.LARGEST_CLUSTER)));
        }
        if (mean(Metric.NOISE_SHARE) > 0.5) {
            judgement.warn(String.format(
                    Locale.ROOT, "%.0f %% of the judged rows are in no cluster.", 100 * mean(Metric.NOISE_SHARE)));
        }
    }

    private double mean(Metric metric) {
        return measured.stream()
                .mapToDouble(fold -> fold.getOrDefault(metric, Double.NaN))
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    private void requireWanted() {
        if (isCancelled.getAsBoolean()) {
            throw new CancellationException("cancelled while judging");
        }
    }
}
