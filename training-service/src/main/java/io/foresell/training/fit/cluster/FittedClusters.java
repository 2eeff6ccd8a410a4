package io.foresell.training.fit.cluster;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.ModelGraph;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.ScoreModel;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.RowChunks;
import java.util.Arrays;
import java.util.List;

/**
 * A clustering of any of the three families.
 *
 * @param labels from the largest cluster to the smallest, noise last
 * @param answers the family's own answers in double precision
 */
record FittedClusters(
        Preprocessing preprocessing,
        ScoreModel model,
        Head head,
        List<String> labels,
        List<String> notes,
        double parityTolerance,
        RowAnswers answers)
        implements FittedModel {
    private static final int CHUNK_ROWS = 4096;

    /** Answers one row. */
    @FunctionalInterface
    interface RowAnswers {
        /**
         * Writes an answer per label.
         *
         * @param row the encoded row
         */
        void write(float[] row, double[] answers);
    }

    FittedClusters {
        labels = List.copyOf(labels);
        notes = List.copyOf(notes);
    }

    @Override
    public Signature signature() {
        return preprocessing.signature();
    }

    @Override
    public Answer answer() {
        return head.answerOf(labels);
    }

    @Override
    public byte[] onnx() {
        return ModelGraph.write(preprocessing, model, head);
    }

    @Override
    public double[] predict(Rows rows) {
        int width = labels.size();
        double[] all = new double[Math.multiplyExact(rows.rowCount(), width)];
        double[] answer = new double[width];
        int columns = preprocessing.encodedWidth();
        for (int from = 0; from < rows.rowCount(); from += CHUNK_ROWS) {
            int until = Math.min(rows.rowCount(), from + CHUNK_ROWS);
            float[] encoded = preprocessing.encode(RowChunks.slice(rows, from, until));
            for (int row = from; row < until; row++) {
                int at = (row - from) * columns;
                answers.write(Arrays.copyOfRange(encoded, at, at + columns), answer);
                System.arraycopy(answer, 0, all, row * width, width);
            }
        }
        return all;
    }
}
