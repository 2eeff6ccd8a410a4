package io.foresell.training.fit.tree;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.ModelGraph;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.TreeEnsembleModel;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.RowChunks;
import java.util.List;
import java.util.Map;

/** Trees whose leaves are averaged: one, or a forest. */
final class FittedForest implements FittedModel {
    private static final int CHUNK_ROWS = 1024;

    private final Preprocessing preprocessing;
    private final Targets targets;
    private final List<String> classes;
    private final List<GrownTree> trees;
    private final Map<String, byte[]> source;

    FittedForest(
            Preprocessing preprocessing,
            Targets targets,
            List<String> classes,
            List<GrownTree> trees,
            Map<String, byte[]> source) {
        this.preprocessing = preprocessing;
        this.targets = targets;
        this.classes = classes;
        this.trees = List.copyOf(trees);
        this.source = Map.copyOf(source);
    }

    @Override
    public Signature signature() {
        return preprocessing.signature();
    }

    private Head head() {
        return switch (targets.task) {
            case BINARY -> Head.binaryOfProbability(Calibration.NONE);
            case MULTICLASS -> Head.multiclassOfProbabilities(List.of());
            case REGRESSION, CLUSTERS, RANKING -> Head.regression();
        };
    }

    @Override
    public Answer answer() {
        return head().answerOf(classes);
    }

    @Override
    public byte[] onnx() {
        TreeEnsembleModel model = TreeEnsembleModel.forest(
                preprocessing.encodedWidth(),
                trees.stream().map(GrownTree::toTree).toList());
        return ModelGraph.write(preprocessing, model, head());
    }

    @Override
    public double[] predict(Rows rows) {
        int width = targets.answerWidth();
        double[] answers = new double[rows.rowCount() * width];
        for (int from = 0; from < rows.rowCount(); from += CHUNK_ROWS) {
            int until = Math.min(rows.rowCount(), from + CHUNK_ROWS);
            float[] encoded = preprocessing.encode(RowChunks.slice(rows, from, until));
            for (int row = from; row < until; row++) {
                for (GrownTree tree : trees) {
                    float[] leaf = tree.answer(tree.leafOf(encoded, (row - from) * preprocessing.encodedWidth()));
                    for (int i = 0; i < width; i++) {
                        answers[row * width + i] += (double) leaf[i] / trees.size();
                    }
                }
            }
        }
        return answers;
    }

    @Override
    public double parityTolerance() {
        return 1e-5;
    }

    @Override
    public Map<String, byte[]> source() {
        return source;
    }
}
