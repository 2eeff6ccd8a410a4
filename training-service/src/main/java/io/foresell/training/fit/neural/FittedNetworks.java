package io.foresell.training.fit.neural;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.LibraryVersions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;

/** DL4J networks of one architecture, whose answers are averaged, and the encoding before them. */
final class FittedNetworks implements FittedModel {
    private final Signature signature;
    private final NetworkGraph graph;
    private final List<ComputationGraph> networks;
    private final List<String> classes;

    FittedNetworks(Signature signature, NetworkGraph graph, List<ComputationGraph> networks, List<String> classes) {
        this.signature = signature;
        this.graph = graph;
        this.networks = List.copyOf(networks);
        this.classes = classes;
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public Answer answer() {
        return switch (graph.task()) {
            case BINARY -> Answer.binary();
            case MULTICLASS -> Answer.multiclass(classes);
            default -> Answer.regression();
        };
    }

    @Override
    public byte[] onnx() {
        return graph.write(networks);
    }

    @Override
    public double[] predict(Rows rows) {
        NetworkRows encoded = NetworkRows.unlabelled(graph, rows);
        int outputs = graph.outputs();
        double[] mean = new double[rows.rowCount() * outputs];
        for (ComputationGraph network : networks) {
            double[] answers = encoded.predict(network, () -> false);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += answers[i] / networks.size();
            }
        }
        return graph.task() == Task.BINARY ? positives(mean) : mean;
    }

    /** Returns the second of two probabilities of each row. */
    private static double[] positives(double[] pairs) {
        double[] positives = new double[pairs.length / 2];
        for (int row = 0; row < positives.length; row++) {
            positives[row] = pairs[2 * row + 1];
        }
        return positives;
    }

    @Override
    public double parityTolerance() {
        return graph.isRecurrent() ? 1e-4 : 1e-5;
    }

    @Override
    public Map<String, byte[]> source() {
        Map<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < networks.size(); i++) {
            String name = networks.size() == 1 ? "model.dl4j.zip" : "model-%d.dl4j.zip".formatted(i + 1);
            files.put(name, file(networks.get(i)));
        }
        return files;
    }

    private static byte[] file(ComputationGraph network) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ModelSerializer.writeModel(network, bytes, false);
            return withoutTimes(bytes.toByteArray());
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
                copy.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
                out.putNextEntry(copy);
                in.transferTo(out);
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Override
    public Map<String, String> libraryVersions() {
        return versions();
    }

    static Map<String, String> versions() {
        return LibraryVersions.of("org.deeplearning4j", "deeplearning4j-nn", ComputationGraph.class);
    }

    @Override
    public void close() {
        for (ComputationGraph network : networks) {
            network.clear();
            network.close();
        }
    }
}
