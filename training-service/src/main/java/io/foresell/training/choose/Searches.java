package io.foresell.training.choose;

import io.foresell.training.fit.bayes.NaiveBayes;
import io.foresell.training.fit.linear.LinearRegression;
import io.foresell.training.fit.linear.LogisticRegression;
import io.foresell.training.fit.neighbor.NearestNeighbors;
import io.foresell.training.fit.sequence.NetworkKind;
import io.foresell.training.fit.sequence.SequenceNetwork;
import io.foresell.training.fit.tree.BoostedTrees;
import io.foresell.training.fit.tree.RandomForest;
import io.foresell.training.search.Dimension;
import java.util.List;
import java.util.Map;

/** The main parameters of each family and the ranges in which good values were found on many data sets. */
final class Searches {
    private Searches() {}

    static Proposal logistic(LogisticRegression start) {
        return Proposal.of(
                start,
                List.of(logarithmic("inverse_penalty", 1e-3, 1e2), choice("l1_ratio", 0.0, 1.0)),
                values -> new LogisticRegression(
                        number(values, "inverse_penalty", start.inversePenalty()),
                        number(values, "l1_ratio", start.l1Ratio())));
    }

    static Proposal linear(LinearRegression start) {
        return Proposal.of(
                start,
                List.of(logarithmic("penalty", 1e-5, 1), choice("l1_ratio", 0.0, 0.5, 1.0)),
                values -> values.isEmpty()
                        ? start
                        : new LinearRegression(
                                number(values, "penalty", start.penalty()),
                                number(values, "l1_ratio", start.l1Ratio())));
    }

    static Proposal boosted(BoostedTrees start) {
        return Proposal.of(
                start,
                List.of(
                        steps("tree_count", 50, 500),
                        logarithmic("learning_rate", 0.02, 0.3),
                        new Dimension.Range("max_depth", 2, 8, false, true),
                        logarithmic("min_child_weight", 1, 30),
                        new Dimension.Range("row_sample", 0.5, 1, false, false),
                        new Dimension.Range("column_sample", 0.4, 1, false, false)),
                values -> new BoostedTrees(
                        count(values, "tree_count", start.treeCount()),
                        number(values, "learning_rate", start.learningRate()),
                        count(values, "max_depth", start.maxDepth()),
                        start.maxLeaves(),
                        number(values, "min_child_weight", start.minChildWeight()),
                        number(values, "row_sample", start.rowSample()),
                        number(values, "column_sample", start.columnSample()),
                        start.l2Penalty()));
    }

    static Proposal forest(RandomForest start) {
        return Proposal.of(
                start,
                List.of(steps("min_leaf_rows", 1, 50), new Dimension.Range("column_share", 0.1, 0.9, false, false)),
                values -> new RandomForest(
                        start.treeCount(),
                        start.maxDepth(),
                        count(values, "min_leaf_rows", start.minLeafRows()),
                        number(values, "column_share", start.columnShare())));
    }

    static Proposal bayes(NaiveBayes start) {
        return Proposal.of(
                start,
                List.of(logarithmic("smoothing", 0.05, 20), logarithmic("variance_smoothing", 1e-9, 0.3)),
                values -> new NaiveBayes(
                        number(values, "smoothing", start.smoothing()),
                        number(values, "variance_smoothing", start.varianceSmoothing())));
    }

    static Proposal neighbors(NearestNeighbors start) {
        return Proposal.of(
                start,
                List.of(steps("k", 3, 100), new Dimension.Choice("weights", List.of("uniform", "distance"))),
                values -> new NearestNeighbors(
                        count(values, "k", start.k()),
                        values.isEmpty() ? start.isByDistance() : "distance".equals(values.get("weights")),
                        start.maxRows()));
    }

    static Proposal network(SequenceNetwork start) {
        return Proposal.of(
                start,
                List.of(
                        new Dimension.Choice("kind", List.of("CONV1D", "LSTM")),
                        steps("units", 8, 64),
                        logarithmic("learning_rate", 1e-3, 1e-2)),
                values -> new SequenceNetwork(
                        values.get("kind") instanceof String kind ? NetworkKind.valueOf(kind) : start.kind(),
                        count(values, "units", start.units()),
                        start.kernelSize(),
                        start.epochs(),
                        start.batchSize(),
                        number(values, "learning_rate", start.learningRate())));
    }

    private static Dimension logarithmic(String name, double from, double to) {
        return new Dimension.Range(name, from, to, true, false);
    }

    private static Dimension steps(String name, int from, int to) {
        return new Dimension.Range(name, from, to, true, true);
    }

    private static Dimension choice(String name, Object... values) {
        return new Dimension.Choice(name, List.of(values));
    }

    private static double number(Map<String, Object> values, String name, double usual) {
        return values.get(name) instanceof Double number ? number : usual;
    }

    private static int count(Map<String, Object> values, String name, int usual) {
        return values.get(name) instanceof Double number ? (int) Math.round(number) : usual;
    }
}
