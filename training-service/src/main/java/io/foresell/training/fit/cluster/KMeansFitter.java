package io.foresell.training.fit.cluster;

import io.foresell.model.graph.Head;
import io.foresell.model.graph.KMeansModel;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.evaluate.ClusterShape;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Fits k-means: the best of several restarts, which run beside each other. */
final class KMeansFitter implements Fitter {
    private static final int SILHOUETTE_ROWS = 2000;

    private final KMeans parameters;
    private final int threadCount;

    KMeansFitter(KMeans parameters, int threadCount) {
        this.parameters = parameters;
        this.threadCount = threadCount;
    }

    @Override
    public FittedModel fit(FitRequest request) {
        request.weights(); // refuses weights of classes, which clusters do not have
        Encodings encodings = request.encodings();
        Preprocessing preprocessing = encodings.standardizedFlat();
        EncodedRows rows = EncodedRows.of(preprocessing, encodings.rows());
        int[] tried = parameters.count().tried(rows);
        List<String> notes = new ArrayList<>();
        Partition partition = tried.length == 1 && !parameters.count().isChosen()
                ? best(rows, tried[0], request, 0, parameters.restarts())
                : chosen(rows, tried, request, notes);
        notes.add(String.format(
                Locale.ROOT,
                "Inertia %.2f over %d rows, the least of %d restarts.",
                partition.inertia(),
                rows.rowCount(),
                parameters.restarts()));
        return fitted(preprocessing, partition, notes);
    }

    /** Returns the partition with the highest mean silhouette over a sample of the rows. */
    private Partition chosen(EncodedRows rows, int[] tried, FitRequest request, List<String> notes) {
        int[] sample = rows.sample(SILHOUETTE_ROWS, request.seed());
        EncodedRows some = rows.some(sample);
        List<Partition> partitions = new ArrayList<>();
        double[] silhouettes = new double[tried.length];
        int best = 0;
        int fits = tried.length * parameters.restarts();
        for (int i = 0; i < tried.length; i++) {
            Partition partition = best(rows, tried[i], request, i * parameters.restarts(), fits);
            partitions.add(partition);
            request.requireWanted();
            int[] clusters = new int[sample.length];
            for (int j = 0; j < sample.length; j++) {
                clusters[j] = partition.clusters()[sample[j]];
            }
            silhouettes[i] = new ClusterShape(some.values(), some.width(), clusters, tried[i]).silhouette();
            best = silhouettes[i] > silhouettes[best] ? i : best;
        }
        notes.add(Choice.sentence(
                tried, silhouettes, best, "highest mean silhouette on %d rows".formatted(sample.length)));
        return partitions.get(best);
    }

    private Partition best(EncodedRows rows, int k, FitRequest request, int fitsBefore, int fits) {
        List<Partition> partitions = new Parallel(threadCount, request)
                .map(
                        parameters.restarts(),
                        restart -> {
                            double[][] seeds =
                                    new CentreSeeds(rows, request, Choice.seed(request.seed(), k, restart)).draw(k);
                            return new CentrePasses(rows, seeds, request).run(parameters.maxPasses());
                        },
                        done -> request.listener().progressed(fitsBefore + done, fits, Double.NaN));
        Partition best = partitions.get(0);
        for (Partition partition : partitions) {
            best = partition.inertia() < best.inertia() ? partition : best;
        }
        return best;
    }

    private FittedModel fitted(Preprocessing preprocessing, Partition partition, List<String> notes) {
        int[] order = ClusterLabels.largestFirst(partition.clusters(), partition.k());
        double[][] centres = new double[order.length][];
        for (int i = 0; i < order.length; i++) {
            centres[i] = asFloats(partition.centres()[order[i]]);
        }
        int width = preprocessing.encodedWidth();
        return new FittedClusters(
                preprocessing,
                new KMeansModel(centres),
                Head.clusters(),
                parameters.count().labels(centres.length),
                notes,
                1e-5,
                (row, answers) -> {
                    for (int i = 0; i < centres.length; i++) {
                        answers[i] = -Math.sqrt(new EncodedRows(row, 1, width).squaredDistance(0, centres[i]));
                    }
                });
    }

    /** The model holds floats. */
    private static double[] asFloats(double[] values) {
        double[] rounded = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }
}
