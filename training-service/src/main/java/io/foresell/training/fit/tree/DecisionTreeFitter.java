package io.foresell.training.fit.tree;

import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Fits one readable tree: every threshold between two values of a number is tried, up to 4,096 of them. */
final class DecisionTreeFitter implements Fitter {
    private static final int MAX_BINS = 4096;

    private final DecisionTree parameters;

    DecisionTreeFitter(DecisionTree parameters) {
        this.parameters = parameters;
    }

    @Override
    public FittedModel fit(FitRequest request) {
        Encodings encodings = request.encodings();
        Preprocessing preprocessing = encodings.rawFlat();
        BinnedColumns columns = new BinnedColumns(preprocessing, encodings.rows(), MAX_BINS);
        request.requireWanted();
        Targets targets = Targets.of(request.fold());
        Criterion criterion = targets.isRegression()
                ? Criterion.SQUARED_ERROR
                : parameters.usesEntropy() ? Criterion.ENTROPY : Criterion.GINI;
        Growth growth = new Growth(
                parameters.maxDepth(), parameters.maxLeaves(), parameters.minLeafRows(), columns.width, criterion);
        int[] rows = new int[columns.rowCount];
        Arrays.setAll(rows, row -> row);
        GrownTree tree = new TreeGrower(
                        columns,
                        targets,
                        growth,
                        rows,
                        request.weights(),
                        new SplittableRandom(request.seed()),
                        request.isCancelled())
                .grow()
                .pruned(parameters.pruning());
        request.listener().progressed(1, 1, Double.NaN);
        TreeWords words =
                new TreeWords(tree, preprocessing, targets.task, request.fold().classes());
        Map<String, byte[]> source = Map.of(
                "tree.txt", TreeText.of(tree, words).getBytes(StandardCharsets.UTF_8),
                "tree.svg", TreeDrawing.of(tree, words).getBytes(StandardCharsets.UTF_8));
        return new FittedForest(preprocessing, targets, request.fold().classes(), List.of(tree), source);
    }
}
