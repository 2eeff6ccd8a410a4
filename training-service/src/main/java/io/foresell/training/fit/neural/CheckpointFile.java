package io.foresell.training.fit.neural;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.CRC32;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one training in one file, replaced as a whole: parameters, the optimizer's memory, the best parameters so far
 * and the counters. Random numbers need none: every epoch seeds its own. Format, big-endian: version, counters, arrays each
 * with its length before it, then the CRC-32 of all that. A file that cannot be read is as good as none.
 */
final class CheckpointFile {
    private static final Logger log = LoggerFactory.getLogger(CheckpointFile.class);
    private static final int VERSION = 0x464e4301; // "FNC", 1

    private final Path file;

    /** Takes a file whose name says of exactly which fit it is. */
    CheckpointFile(Path file) {
        this.file = file;
    }

    void write(ComputationGraph network, TrainingState state) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (DataOutputStream out = new DataOutputStream(bytes)) {
                out.writeInt(VERSION);
                out.writeInt(state.epoch);
                out.writeInt(network.getConfiguration().getIterationCount());
                out.writeDouble(state.leastLoss);
                out.writeInt(state.epochsSinceLeast);
                out.writeInt(state.drops);
                out.writeInt(state.epochsSinceDrop);
                write(out, network.params());
                write(out, state.best);
                write(out, network.getUpdater().getStateViewArray());
                CRC32 checksum = new CRC32();
                checksum.update(bytes.toByteArray());
                out.writeLong(checksum.getValue());
            }
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path written = file.resolveSibling(file.getFileName() + ".part");
            Files.write(written, bytes.toByteArray());
            Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoint " + file, e);
        }
    }

    private static void write(DataOutputStream out, @Nullable INDArray array) throws IOException {
        float[] values = array == null ? new float[0] : array.dup('c').data().asFloat();
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Float.BYTES);
        buffer.asFloatBuffer().put(values);
        out.writeInt(values.length);
        out.write(buffer.array());
    }

    /** Puts network and state where the file left them; returns whether there was a sound one. */
    boolean read(ComputationGraph network, TrainingState state) {
        if (!Files.exists(file)) {
            return false;
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            requireSound(bytes);
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
                in.readInt();
                int epoch = in.readInt();
                int iteration = in.readInt();
                double leastLoss = in.readDouble();
                int epochsSinceLeast = in.readInt();
                int drops = in.readInt();
                int epochsSinceDrop = in.readInt();
                INDArray memory = network.getUpdater().getStateViewArray();
                float[] parameters = read(in, network.params());
                float[] best = read(in, state.best);
                float[] optimizer = read(in, memory);
                network.getConfiguration().setIterationCount(iteration);
                network.setParams(row(parameters));
                state.best.assign(row(best));
                if (memory != null) {
                    network.getUpdater().setStateViewArray(Nd4j.create(optimizer, memory.shape(), 'c'));
                }
                state.epoch = epoch;
                state.leastLoss = leastLoss;
                state.epochsSinceLeast = epochsSinceLeast;
                state.drops = drops;
                state.epochsSinceDrop = epochsSinceDrop;
                return true;
            }
        } catch (IOException e) {
            log.warn("checkpoint file={} unreadable={}: training starts anew", file, e.getMessage());
            return false;
        }
    }

    private static INDArray row(float[] values) {
        return Nd4j.create(values, new long[] {1, values.length}, 'c');
    }

    private static void requireSound(byte[] bytes) throws IOException {
        int length = bytes.length - Long.BYTES;
        if (length < Integer.BYTES || ByteBuffer.wrap(bytes).getInt() != VERSION) {
            throw new IOException("not a checkpoint of this version");
        }
        CRC32 checksum = new CRC32();
        checksum.update(bytes, 0, length);
        if (ByteBuffer.wrap(bytes).getLong(length) != checksum.getValue()) {
            throw new IOException("checksum differs");
        }
    }

    private static float[] read(DataInputStream in, @Nullable INDArray like) throws IOException {
        int count = in.readInt();
        if (count != (like == null ? 0 : like.length())) {
            throw new IOException("of another network");
        }
        float[] values = new float[count];
        ByteBuffer.wrap(in.readNBytes(count * Float.BYTES)).asFloatBuffer().get(values);
        return values;
    }
}
