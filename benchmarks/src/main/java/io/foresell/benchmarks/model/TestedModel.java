package io.foresell.benchmarks.model;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** One model in the form that each engine wants, and the rows that all of them score. */
final class TestedModel {
    /** Where a process finds the models that another one drew; without it, it draws its own. */
    static final String DIRECTORY_PROPERTY = "foresell.benchmarks.models";

    private static final long ROW_SEED = 42;

    private final ModelFamily family;
    private final byte[] onnx;
    private final byte[] runtimeOnnx;
    private final long[] tensorRowShape;
    private final byte[] network;
    private final Rows rows;
    private final float[] expected;

    private TestedModel(
            ModelFamily family,
            byte[] onnx,
            byte[] runtimeOnnx,
            long[] tensorRowShape,
            byte[] network,
            float[] expected) {
        this.family = family;
        this.onnx = onnx;
        this.runtimeOnnx = runtimeOnnx;
        this.tensorRowShape = tensorRowShape;
        this.network = network;
        this.rows = family.rows(Scale.poolRows(), ROW_SEED);
        this.expected = expected;
    }

    /** Adds the answers of ONNX Runtime. */
    private TestedModel judged() {
        try (Engine judge = new OnnxRuntimeEngine(this, rows.rowCount())) {
            return new TestedModel(
                    family,
                    onnx,
                    runtimeOnnx,
                    tensorRowShape,
                    network,
                    judge.score(0).clone());
        }
    }

    /** Every engine runs the graph as it is. */
    static TestedModel ofGraph(ModelFamily family, byte[] onnx) {
        return new TestedModel(family, onnx, onnx, new long[0], new byte[0], new float[0]).judged();
    }

    /**
     * ONNX Runtime gets the graph from the first such operator on.
     *
     * @param network DL4J's zip file, empty where there is none
     * @param rowShape shape of that operator's output without the rows
     */
    static TestedModel ofNumbers(ModelFamily family, byte[] onnx, byte[] network, String operator, long... rowShape) {
        byte[] runtimeOnnx = OneTensor.after(operator, onnx, rowShape);
        return new TestedModel(family, onnx, runtimeOnnx, rowShape, network, new float[0]).judged();
    }

    /** Returns the model that another process left behind, else draws it and leaves it for the next. */
    static TestedModel of(ModelFamily family) {
        Optional<Path> directory = directory();
        if (directory.isEmpty()) {
            return family.draw();
        }
        Path file = directory.get().resolve(family + ".model");
        try {
            if (Files.exists(file)) {
                return read(family, file);
            }
            TestedModel model = family.draw();
            model.write(file);
            return model;
        } catch (IOException e) {
            throw new UncheckedIOException("model " + file, e);
        }
    }

    /** Returns where processes leave models and packages for each other, if anywhere. */
    static Optional<Path> directory() {
        String directory = System.getProperty(DIRECTORY_PROPERTY, "");
        return directory.isEmpty() ? Optional.empty() : Optional.of(Path.of(directory));
    }

    private static TestedModel read(ModelFamily family, Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            byte[] onnx = in.readNBytes(in.readInt());
            byte[] runtimeOnnx = in.readNBytes(in.readInt());
            byte[] network = in.readNBytes(in.readInt());
            long[] shape = new long[in.readInt()];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = in.readLong();
            }
            float[] expected = new float[in.readInt()];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = in.readFloat();
            }
            return new TestedModel(family, onnx, runtimeOnnx, shape, network, expected);
        }
    }

    private void write(Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            for (byte[] part : new byte[][] {onnx, runtimeOnnx, network}) {
                out.writeInt(part.length);
                out.write(part);
            }
            out.writeInt(tensorRowShape.length);
            for (long length : tensorRowShape) {
                out.writeLong(length);
            }
            out.writeInt(expected.length);
            for (float answer : expected) {
                out.writeFloat(answer);
            }
        }
    }

    ModelFamily family() {
        return family;
    }

    Signature signature() {
        return family.signature();
    }

    Rows rows() {
        return rows;
    }

    /** Returns ONNX Runtime's answer to each row; not a copy. */
    float[] expected() {
        return expected;
    }

    byte[] onnx() {
        return onnx;
    }

    /** Returns DL4J's zip file, empty where there is none. */
    byte[] network() {
        return network;
    }

    byte[] runtimeOnnx() {
        return runtimeOnnx;
    }

    /** Returns whether ONNX Runtime takes all numbers of a row in one tensor. */
    boolean hasOneTensor() {
        return tensorRowShape.length > 0;
    }

    /** Returns the shape of encoded rows: ONNX Runtime's one tensor, and DL4J's input. */
    long[] tensorShape(int rowCount) {
        long[] shape = new long[tensorRowShape.length + 1];
        shape[0] = rowCount;
        System.arraycopy(tensorRowShape, 0, shape, 1, tensorRowShape.length);
        return shape;
    }

    Scorer compile() {
        return ScorerCompiler.compile(onnx, signature(), Answer.binary(), Background.of(signature(), rows));
    }
}
