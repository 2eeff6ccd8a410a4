package io.foresell.training.fit.tree;

import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.ParallelTasks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Grows the trees of a forest side by side; the same seed gives the same forest with any number of threads. */
final class RandomForestFitter implements Fitter {
    private static final int MAX_BINS = 255;
    // Keeps a package below 64 MiB and its objects below what a server accepts; the splits that gain least are left
    // out.
    private static final int MAX_LEAVES = 500_000;
    private static final int MAX_LEAVES_OF_CLASSES = 250_000;
    private static final int MAX_SHARES = 12_000_000;

    private final RandomForest parameters;
    private final int threadCount;

    RandomForestFitter(RandomForest parameters, int threadCount) {
        this.parameters = parameters;
        this.threadCount = threadCount;
    }

    @Override
    public FittedModel fit(FitRequest request) {
        Encodings encodings = request.encodings();
        Preprocessing preprocessing = encodings.rawFlat();
        BinnedColumns columns = new BinnedColumns(preprocessing, encodings.rows(), MAX_BINS);
        request.requireWanted();
        Targets targets = Targets.of(request.fold());
        Growth growth = new Growth(
                parameters.maxDepth(),
                maxLeaves(targets),
                parameters.minLeafRows(),
                parameters.columnsPerSplit(columns.width, targets.task),
                targets.isRegression() ? Criterion.SQUARED_ERROR : Criterion.GINI);
        OutOfBag outOfBag = new OutOfBag(targets, columns.rowCount);
        List<GrownTree> trees = grow(request, columns, targets, growth, outOfBag);
        Map<String, byte[]> source = Map.of("out_of_bag.json", outOfBag.asJson().getBytes(StandardCharsets.UTF_8));
        return new FittedForest(preprocessing, targets, request.fold().classes(), trees, source);
    }

    private int maxLeaves(Targets targets) {
        int all = targets.width == 2 ? MAX_LEAVES : Math.min(MAX_LEAVES_OF_CLASSES, MAX_SHARES / targets.width);
        return Math.max(2, all / parameters.treeCount());
    }

    private List<GrownTree> grow(
            FitRequest request, BinnedColumns columns, Targets targets, Growth growth, OutOfBag outOfBag) {
        long[] seeds = new SplittableRandom(request.seed())
                .longs(parameters.treeCount())
                .toArray();
        float[] weights = request.weights();
        List<GrownTree> trees = new ArrayList<>();
        ParallelTasks.run(
                threadCount,
                seeds.length,
                request,
                (index, isStopped) -> DrawnTree.grow(
                        columns, targets, growth, weights, new SplittableRandom(seeds[index]), isStopped),
                (DrawnTree drawn) -> {
                    outOfBag.add(drawn);
                    trees.add(drawn.tree());
                    request.listener().progressed(trees.size(), seeds.length, outOfBag.lossAfter(trees.size()));
                });
        return trees;
    }
}
