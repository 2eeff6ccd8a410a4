package io.foresell.training.fit.neighbor;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.ModelGraph;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.RowChunks;
import java.util.List;

/** Kept training rows. */
final class FittedNeighbors implements FittedModel {
    private static final int CHUNK_ROWS = 256;

    private final Preprocessing preprocessing;
    private final Answer answer;
    private final Points points;
    private final int k;
    private final boolean isByDistance;
    private final List<String> notes;

    FittedNeighbors(
            Preprocessing preprocessing,
            TrainingFold fold,
            Points points,
            int k,
            boolean isByDistance,
            List<String> notes) {
        this.preprocessing = preprocessing;
        this.answer = switch (fold.task()) {
            case BINARY -> Answer.binary();
            case MULTICLASS -> Answer.multiclass(fold.classes());
            case REGRESSION -> Answer.regression();
            case CLUSTERS, RANKING -> throw new IllegalStateException("task " + fold.task());
        };
        this.points = points;
        this.k = k;
        this.isByDistance = isByDistance;
        this.notes = notes;
    }

    @Override
    public Signature signature() {
        return preprocessing.signature();
    }

    @Override
    public Answer answer() {
        return answer;
    }

    @Override
    public byte[] onnx() {
        return ModelGraph.write(preprocessing, points.model(k, isByDistance), head());
    }

    private Head head() {
        return switch (answer.task()) {
            case BINARY -> Head.binaryOfProbability(Calibration.NONE);
            case MULTICLASS -> Head.multiclassOfProbabilities(List.of());
            case REGRESSION -> Head.regression();
            case CLUSTERS, RANKING -> throw new IllegalStateException("task " + answer.task());
        };
    }

    @Override
    public double[] predict(Rows rows) {
        int width = preprocessing.encodedWidth();
        int outputs = points.outputs();
        double[] answers = new double[Math.multiplyExact(rows.rowCount(), outputs)];
        for (int from = 0; from < rows.rowCount(); from += CHUNK_ROWS) {
            int until = Math.min(rows.rowCount(), from + CHUNK_ROWS);
            float[] encoded = preprocessing.encode(RowChunks.slice(rows, from, until));
            for (int row = from; row < until; row++) {
                points.answer(encoded, (row - from) * width, k, isByDistance, answers, row * outputs);
            }
        }
        return answers;
    }

    /** What rounding may do to a neighbour at the edge. */
    @Override
    public double parityTolerance() {
        return 1e-4;
    }

    @Override
    public List<String> notes() {
        return notes;
    }
}
