package io.foresell.training.fit.sequence;

import io.foresell.model.Rows;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.dataset.TrainingFold;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Encoded rows on the heap, handed to DL4J in batches: sequences [rows, channels, length] and columns [rows, width]. */
final class NetworkRows {
    private static final int BATCH_ROWS = 512;

    private final int channels;
    private final int length;
    private final int width;
    private final float[] sequences;
    private final float[] columns;
    private final float[] labels;

    private NetworkRows(Preprocessing preprocessing, Rows rows, float[] labels) {
        this.channels = preprocessing.channels();
        this.length = preprocessing.sequenceLength();
        this.width = preprocessing.encodedWidth();
        this.sequences = preprocessing.encodeSequences(rows);
        this.columns = preprocessing.encode(rows);
        this.labels = labels;
    }

    static NetworkRows of(Preprocessing preprocessing, TrainingFold fold) {
        return new NetworkRows(preprocessing, fold.rows(preprocessing.signature()), fold.labels());
    }

    static NetworkRows unlabelled(Preprocessing preprocessing, Rows rows) {
        return new NetworkRows(preprocessing, rows, new float[rows.rowCount()]);
    }

    int rowCount() {
        return labels.length;
    }

    /** Copies the rows {@code order[from .. from + count)} out of the heap. */
    MultiDataSet batch(int[] order, int from, int count) {
        float[] batchLabels = new float[count];
        for (int i = 0; i < count; i++) {
            batchLabels[i] = labels[order[from + i]];
        }
        return new MultiDataSet(
                inputs(order, from, count), new INDArray[] {Nd4j.create(batchLabels, new long[] {count, 1}, 'c')});
    }

    private INDArray[] inputs(int[] order, int from, int count) {
        float[] batchSequences = gathered(sequences, channels * length, order, from, count);
        INDArray first = Nd4j.create(batchSequences, new long[] {count, channels, length}, 'c');
        if (width == 0) {
            return new INDArray[] {first};
        }
        float[] batchColumns = gathered(columns, width, order, from, count);
        return new INDArray[] {first, Nd4j.create(batchColumns, new long[] {count, width}, 'c')};
    }

    private static float[] gathered(float[] values, int rowWidth, int[] order, int from, int count) {
        float[] gathered = new float[count * rowWidth];
        for (int i = 0; i < count; i++) {
            System.arraycopy(values, order[from + i] * rowWidth, gathered, i * rowWidth, rowWidth);
        }
        return gathered;
    }

    /** Returns P(positive) of every row. */
    double[] predict(ComputationGraph network, BooleanSupplier isCancelled) {
        int[] order = new int[rowCount()];
        Arrays.setAll(order, i -> i);
        double[] probabilities = new double[rowCount()];
        for (int from = 0; from < order.length; from += BATCH_ROWS) {
            if (isCancelled.getAsBoolean()) {
                throw new CancellationException("cancelled while scoring");
            }
            int count = Math.min(BATCH_ROWS, order.length - from);
            INDArray output = network.outputSingle(inputs(order, from, count));
            for (int i = 0; i < count; i++) {
                probabilities[from + i] = output.getFloat(i, 0);
            }
        }
        return probabilities;
    }

    /** Returns the mean log-loss of a network on these rows. */
    double logLoss(ComputationGraph network, BooleanSupplier isCancelled) {
        double[] probabilities = predict(network, isCancelled);
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            double p = labels[i] == 1 ? probabilities[i] : 1 - probabilities[i];
            sum -= Math.log(Math.max(p, 1e-15));
        }
        return sum / labels.length;
    }
}
