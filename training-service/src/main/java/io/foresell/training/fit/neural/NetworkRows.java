package io.foresell.training.fit.neural;

import io.foresell.model.Rows;
import io.foresell.model.Task;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Encoded rows on the heap, handed to DL4J in batches. */
final class NetworkRows {
    private static final int SCORED_ROWS = 512;
    private static final double LEAST_PROBABILITY = 1e-10; // as DL4J's loss

    private final NetworkGraph graph;
    private final float[][] values;
    private final float[] labels;
    private final float[] weights;
    private final boolean isWeighted;

    private NetworkRows(NetworkGraph graph, Rows rows, float[] labels, float[] weights) {
        this.graph = graph;
        this.labels = labels;
        this.weights = weights;
        boolean isWeighted = false;
        for (float weight : weights) {
            isWeighted |= weight != 1;
        }
        this.isWeighted = isWeighted;
        NetworkSource.Encoded encoded = NetworkSource.Encoded.of(graph.inputs().preprocessing(), rows);
        List<NetworkSource> sources = graph.inputs().sources();
        this.values = new float[sources.size()][];
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    new float[Math.multiplyExact(rows.rowCount(), sources.get(i).width())];
            sources.get(i).encode(encoded, values[i]);
        }
    }

    /**
     * Takes rows to fit on.
     *
     * @param labels the index of the class, or the value that the network is to answer
     */
    static NetworkRows of(NetworkGraph graph, Rows rows, float[] labels, float[] weights) {
        return new NetworkRows(graph, rows, labels, weights);
    }

    static NetworkRows unlabelled(NetworkGraph graph, Rows rows) {
        return new NetworkRows(graph, rows, new float[rows.rowCount()], new float[0]);
    }

    int rowCount() {
        return labels.length;
    }

    float[][] values() {
        return values;
    }

    float[] labels() {
        return labels;
    }

    float[] weights() {
        return weights;
    }

    /** Copies the rows {@code order[from .. from + count)} out of the heap; a row alone twice, which is the same step. */
    MultiDataSet batch(int[] order, int from, int count) {
        int[] chosen =
                count == 1 ? new int[] {order[from], order[from]} : Arrays.copyOfRange(order, from, from + count);
        float[] targets = new float[chosen.length * graph.outputs()];
        float[] mask = new float[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            float label = labels[chosen[i]];
            if (graph.task() == Task.REGRESSION) {
                targets[i] = label;
            } else {
                targets[i * graph.outputs() + (int) label] = 1;
            }
            mask[i] = weights[chosen[i]];
        }
        INDArray[] masks = isWeighted ? new INDArray[] {Nd4j.create(mask, new long[] {chosen.length, 1}, 'c')} : null;
        return new MultiDataSet(
                inputs(chosen),
                new INDArray[] {Nd4j.create(targets, new long[] {chosen.length, graph.outputs()}, 'c')},
                null,
                masks);
    }

    private INDArray[] inputs(int[] chosen) {
        List<NetworkSource> sources = graph.inputs().sources();
        INDArray[] inputs = new INDArray[sources.size()];
        for (int source = 0; source < inputs.length; source++) {
            int width = sources.get(source).width();
            float[] gathered = new float[chosen.length * width];
            for (int i = 0; i < chosen.length; i++) {
                System.arraycopy(values[source], chosen[i] * width, gathered, i * width, width);
            }
            long[] rowShape = sources.get(source).rowShape();
            long[] shape = new long[rowShape.length + 1];
            shape[0] = chosen.length;
            System.arraycopy(rowShape, 0, shape, 1, rowShape.length);
            inputs[source] = Nd4j.create(gathered, shape, 'c');
        }
        return inputs;
    }

    /** Returns the network's answers, row-major, shape [rowCount, outputs]. */
    double[] predict(ComputationGraph network, BooleanSupplier isCancelled) {
        double[] answers = new double[rowCount() * graph.outputs()];
        for (int from = 0; from < rowCount(); from += SCORED_ROWS) {
            if (isCancelled.getAsBoolean()) {
                throw new CancellationException("cancelled while scoring");
            }
            int[] chosen = new int[Math.min(SCORED_ROWS, rowCount() - from)];
            int first = from;
            Arrays.setAll(chosen, i -> first + i);
            float[] output =
                    network.outputSingle(inputs(chosen)).dup('c').data().asFloat();
            for (int i = 0; i < output.length; i++) {
                answers[from * graph.outputs() + i] = output[i];
            }
        }
        return answers;
    }

    /** Returns the mean loss of a network: log-loss of classes, or squared error. */
    double loss(ComputationGraph network, BooleanSupplier isCancelled) {
        double[] answers = predict(network, isCancelled);
        double sum = 0;
        for (int row = 0; row < rowCount(); row++) {
            double loss;
            if (graph.task() == Task.REGRESSION) {
                double difference = answers[row] - labels[row];
                loss = difference * difference;
            } else {
                double probability = answers[row * graph.outputs() + (int) labels[row]];
                // Not Math.max alone: NaN must stay NaN.
                loss = -Math.log(probability < LEAST_PROBABILITY ? LEAST_PROBABILITY : probability);
            }
            sum += weights[row] * loss;
        }
        return sum / rowCount();
    }
}
