package io.foresell.training.fit.sequence;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.LibraryVersions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;

/** A DL4J network and the encoding before it. */
final class FittedNetwork implements FittedModel {
    private final Signature signature;
    private final Preprocessing preprocessing;
    private final NetworkLayout layout;
    private final ComputationGraph network;

    FittedNetwork(Signature signature, Preprocessing preprocessing, NetworkLayout layout, ComputationGraph network) {
        this.signature = signature;
        this.preprocessing = preprocessing;
        this.layout = layout;
        this.network = network;
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public Answer answer() {
        return Answer.binary();
    }

    @Override
    public byte[] onnx() {
        return layout.write(network);
    }

    @Override
    public double[] predict(Rows rows) {
        return NetworkRows.unlabelled(preprocessing, rows).predict(network, () -> false);
    }

    @Override
    public double parityTolerance() {
        return layout.isRecurrent() ? 1e-4 : 1e-5;
    }

    @Override
    public Map<String, byte[]> source() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ModelSerializer.writeModel(network, bytes, false);
            return Map.of("model.dl4j.zip", withoutTimes(bytes.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a zip file with one fixed time in all entries, so that equal networks give equal bytes. */
    private static byte[] withoutTimes(byte[] zip) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip));
                ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
                out.putNextEntry(copy);
                in.transferTo(out);
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Override
    public Map<String, String> libraryVersions() {
        return LibraryVersions.of("org.deeplearning4j", "deeplearning4j-nn", ComputationGraph.class);
    }

    @Override
    public void close() {
        network.clear();
        network.close();
    }
}
