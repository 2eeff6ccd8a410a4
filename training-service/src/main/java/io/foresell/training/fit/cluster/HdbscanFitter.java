package io.foresell.training.fit.cluster;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.graph.ExampleModel;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Fits HDBSCAN, and the rule by which new rows are put in its clusters. */
final class HdbscanFitter implements Fitter {
    private final Hdbscan parameters;
    private final int threadCount;

    HdbscanFitter(Hdbscan parameters, int threadCount) {
        this.parameters = parameters;
        this.threadCount = threadCount;
    }

    @Override
    public FittedModel fit(FitRequest request) {
        request.weights(); // refuses weights of classes, which clusters do not have
        Encodings encodings = request.encodings();
        Preprocessing preprocessing = encodings.standardizedFlat();
        EncodedRows all = EncodedRows.of(preprocessing, encodings.rows());
        EncodedRows rows = all.some(all.sample(parameters.maxRows(), request.seed()));
        int minClusterSize = parameters.minClusterSizeOf(rows.rowCount());
        if (rows.rowCount() < 2 * minClusterSize) {
            throw noClusters("rows to fit on: %d (expected: at least %d, two clusters of min_cluster_size)"
                    .formatted(rows.rowCount(), 2 * minClusterSize));
        }
        double[] core = CoreDistances.of(rows, parameters.minSamplesOf(rows.rowCount()), threadCount, request);
        int[] found = DensityClusters.of(new MergeTree(SpanningTree.of(rows, core, request)), minClusterSize);
        int count = Arrays.stream(found).max().orElse(-1) + 1;
        if (count == 0) {
            throw noClusters(
                    "dense regions of %d rows or more: 0 (expected: at least 2; a smaller min_cluster_size, or other columns)"
                            .formatted(minClusterSize));
        }
        if (count > ClusterCount.MOST) {
            throw new ServiceException(Failure.precondition(
                    "TOO_MANY_CLUSTERS",
                    "dense regions of %d rows or more: %d (expected: at most %d; a greater min_cluster_size)"
                            .formatted(minClusterSize, count, ClusterCount.MOST)));
        }
        return fitted(preprocessing, all, rows, largestFirst(found, count), count, core);
    }

    private static ServiceException noClusters(String message) {
        return new ServiceException(Failure.precondition("NO_CLUSTERS", message));
    }

    private static int[] largestFirst(int[] found, int count) {
        int[] order = ClusterLabels.largestFirst(found, count);
        int[] places = new int[count];
        for (int i = 0; i < count; i++) {
            places[order[i]] = i;
        }
        return Arrays.stream(found)
                .map(cluster -> cluster < 0 ? -1 : places[cluster])
                .toArray();
    }

    private FittedModel fitted(
            Preprocessing preprocessing, EncodedRows all, EncodedRows rows, int[] clusters, int count, double[] core) {
        ExampleRows rule = ExampleRows.of(rows, clusters, count, core);
        List<String> labels = new ArrayList<>(ClusterLabels.numbered(count));
        labels.add(ClusterLabels.NOISE);
        return new FittedClusters(
                preprocessing,
                new ExampleModel(rule.examples, rule.reaches),
                Head.clusters(),
                labels,
                notes(all, rows, clusters, count, rule),
                1e-5,
                (row, answers) -> write(rule, row, answers));
    }

    /** As the model does: minus the distance in units of the reach; noise is above all from 1 on. */
    private static void write(ExampleRows rule, float[] row, double[] answers) {
        double[] ratios = new double[rule.reaches.length];
        int least = rule.write(row, ratios);
        for (int i = 0; i < ratios.length; i++) {
            answers[i] = -ratios[i];
        }
        answers[ratios.length] = ratios[least] - 2;
    }

    private static List<String> notes(EncodedRows all, EncodedRows rows, int[] clusters, int count, ExampleRows rule) {
        List<String> notes = new ArrayList<>();
        if (rows.rowCount() < all.rowCount()) {
            notes.add("Clustered %d of %d rows, drawn at random.".formatted(rows.rowCount(), all.rowCount()));
        }
        int noise = 0;
        int same = 0;
        double[] ratios = new double[count];
        for (int row = 0; row < clusters.length; row++) {
            int least = rule.writeAsNew(rows, row, ratios);
            noise += clusters[row] < 0 ? 1 : 0;
            same += clusters[row] == (ratios[least] <= 1 ? least : -1) ? 1 : 0;
        }
        notes.add(String.format(
                Locale.ROOT,
                "%d dense regions found; %.1f %% of the rows are noise between them.",
                count,
                100.0 * noise / clusters.length));
        notes.add(String.format(
                Locale.ROOT,
                "New rows join the cluster of the nearest of %d example rows if it is close enough: this agrees with the"
                        + " clustering itself on %.1f %% of the training rows, each taken for a new one.",
                Arrays.stream(rule.examples)
                        .mapToInt(examples -> examples.length)
                        .sum(),
                100.0 * same / clusters.length));
        return notes;
    }
}
