package io.foresell.benchmarks.model;

import io.foresell.model.Rows;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** DL4J's {@code output()} on one thread, given encoded rows that were put outside of the heap before timing. */
final class Dl4jEngine implements Engine {
    private final MultiLayerNetwork network;
    private final INDArray[] batches;
    private final float[] answers;

    Dl4jEngine(TestedModel model, int batchRows) {
        Nd4j.getMemoryManager().togglePeriodicGc(false);
        Nd4j.getEnvironment().setMaxThreads(1);
        Nd4j.getEnvironment().setMaxMasterThreads(1);
        Nd4j.factory().blas().setMaxThreads(1);
        try {
            this.network = ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(model.network()), false);
        } catch (IOException e) {
            throw new UncheckedIOException("network of " + model.family(), e);
        }
        this.batches = new INDArray[model.rows().rowCount() / batchRows];
        for (int i = 0; i < batches.length; i++) {
            Rows rows = RandomRows.slice(model.rows(), model.signature(), i * batchRows, batchRows);
            batches[i] = Nd4j.create(rows.numbers(), model.tensorShape(batchRows), 'c');
        }
        this.answers = new float[batchRows];
    }

    @Override
    public float[] score(int batch) {
        INDArray output = network.output(batches[batch]);
        for (int i = 0; i < answers.length; i++) {
            answers[i] = output.getFloat(i, 0);
        }
        return answers;
    }

    @Override
    public void close() {
        network.clear();
        network.close();
    }
}
