package io.foresell.cli.command;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.inference.v1.BulkRow;
import io.foresell.proto.inference.v1.ScoreBulkResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * The file of scores and beside it, until it is complete, {@code <file>.resume}: how many bytes and rows are durable and the
 * token behind them, written at most once a second after the scores themselves. A run that is killed leaves both; the next one cuts
 * what came after the last checkpoint and goes on, so that no row is missing and none is there twice. One thread at a time.
 */
final class BulkOutput implements AutoCloseable {
    private static final String HEADER = "row,entity_key,score,band,label,model_version,prediction_id,reason,message\n";
    private static final long CHECKPOINT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int BUFFER_BYTES = 1 << 16;

    /**
     * Where to go on.
     *
     * @param token empty when no row was answered yet
     */
    record Checkpoint(
            String input, String model, int version, String token, long position, long failedCount, long bytes) {}

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private Checkpoint last;
    private long lastNanos = System.nanoTime();

    private BulkOutput(Path file, FileChannel channel, Checkpoint last) {
        this.file = file;
        this.channel = channel;
        this.last = last;
    }

    /**
     * Begins a file.
     *
     * @param input names what is scored, so that nothing else is scored on
     * @throws ServiceException INVALID_ARGUMENT when there is such a file already
     */
    static BulkOutput create(Path file, String input, String model, int version) {
        if (Files.exists(file) || Files.exists(checkpointOf(file))) {
            throw new ServiceException(Failure.invalid(
                    "FILE_EXISTS", "--out", file.toString(), "a file that is not there yet, or --resume"));
        }
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            BulkOutput output = new BulkOutput(file, channel, new Checkpoint(input, model, version, "", 0, 0, 0));
            output.put(HEADER);
            output.checkpoint();
            return output;
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    /**
     * Goes on with a file.
     *
     * @throws ServiceException INVALID_ARGUMENT when no interrupted run left one, or one of another input
     */
    static BulkOutput resume(Path file, String input) {
        try {
            Checkpoint last = read(checkpointOf(file));
            if (!last.input().equals(input)) {
                throw new ServiceException(Failure.invalid(
                        "INPUT_CHANGED", "--bulk", "another file", "the rows that the interrupted run scored"));
            }
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
            if (channel.size() < last.bytes()) {
                channel.close();
                throw new ServiceException(Failure.invalid(
                        "OUTPUT_CHANGED",
                        "--out",
                        "%s of %d bytes".formatted(file, Files.size(file)),
                        "at least the %d bytes that were written".formatted(last.bytes())));
            }
            channel.truncate(last.bytes()).position(last.bytes());
            return new BulkOutput(file, channel, last);
        } catch (NoSuchFileException e) {
            throw new ServiceException(
                    Failure.invalid(
                            "NOTHING_TO_RESUME",
                            "--resume",
                            file.toString(),
                            "what an interrupted run left: this file and one beside it that ends in .resume"),
                    e);
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    private static Path checkpointOf(Path file) {
        return file.resolveSibling(file.getFileName() + ".resume");
    }

    private static Checkpoint read(Path file) throws IOException {
        try {
            JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            return new Checkpoint(
                    json.get("input").getAsString(),
                    json.get("model").getAsString(),
                    json.get("version").getAsInt(),
                    json.get("token").getAsString(),
                    json.get("position").getAsLong(),
                    json.get("failedCount").getAsLong(),
                    json.get("bytes").getAsLong());
        } catch (JsonParseException | IllegalStateException | NullPointerException | NumberFormatException e) {
            throw new ServiceException(
                    Failure.invalid("CHECKPOINT_UNREADABLE", "--resume", file.toString(), "a checkpoint, unchanged"),
                    e);
        }
    }

    private static ServiceException unusable(Path file, IOException e) {
        return new ServiceException(
                Failure.invalid("FILE_UNUSABLE", "%s: %s (expected: a writable file)".formatted(file, e)), e);
    }

    /** Returns where the file is, whether durable or not. */
    Checkpoint last() {
        return last;
    }

    /** Adds the outcomes of consecutive rows. */
    void add(ScoreBulkResponse answer) {
        if (answer.getFirstPosition() != last.position()) {
            throw new IllegalStateException(
                    "answer for row %d (expected: %d)".formatted(answer.getFirstPosition(), last.position()));
        }
        long failedCount = last.failedCount();
        try {
            long row = answer.getFirstPosition();
            for (BulkRow outcome : answer.getRowsList()) {
                row++;
                failedCount += outcome.hasError() ? 1 : 0;
                put(line(row, outcome));
            }
            last = new Checkpoint(
                    last.input(),
                    last.model(),
                    answer.getModelVersion(),
                    answer.getResumeToken(),
                    row,
                    failedCount,
                    channel.position() + buffer.position());
            if (System.nanoTime() - lastNanos > CHECKPOINT_NANOS) {
                checkpoint();
            }
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    private static String line(long row, BulkRow outcome) {
        if (outcome.hasError()) {
            return "%d,,,,,,,%s,%s\n"
                    .formatted(
                            row,
                            outcome.getError().getReason(),
                            quoted(outcome.getError().getMessage()));
        }
        ScoredRow scored = outcome.getScored();
        return "%d,%s,%s,%s,%s,%d,%s,,\n"
                .formatted(
                        row,
                        quoted(scored.getEntityKey()),
                        Double.toString(scored.getScore()),
                        scored.getBand(),
                        quoted(scored.getLabel()),
                        scored.getModelVersion(),
                        scored.getPredictionId());
    }

    private static String quoted(String text) {
        boolean isPlain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private void put(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            if (!buffer.hasRemaining()) {
                drain();
            }
            int count = Math.min(buffer.remaining(), bytes.remaining());
            buffer.put(bytes.slice().limit(count));
            bytes.position(bytes.position() + count);
        }
    }

    private void drain() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /** Makes durable what was added: the scores first, then the word that they are there. */
    void checkpoint() throws IOException {
        drain();
        channel.force(false);
        last = new Checkpoint(
                last.input(),
                last.model(),
                last.version(),
                last.token(),
                last.position(),
                last.failedCount(),
                channel.position());
        JsonObject json = new JsonObject();
        json.addProperty("input", last.input());
        json.addProperty("model", last.model());
        json.addProperty("version", last.version());
        json.addProperty("token", last.token());
        json.addProperty("position", last.position());
        json.addProperty("failedCount", last.failedCount());
        json.addProperty("bytes", last.bytes());
        Path target = checkpointOf(file);
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try (FileChannel out = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(Json.text(json).getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        lastNanos = System.nanoTime();
    }

    /** Says that all rows are there. */
    void complete() {
        try {
            checkpoint();
            Files.delete(checkpointOf(file));
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    /** Removes both files. */
    void discard() {
        try {
            Files.deleteIfExists(checkpointOf(file));
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    /** Makes durable what is there; without {@link #complete} it can be gone on with. */
    @Override
    public void close() {
        try (channel) {
            if (Files.exists(checkpointOf(file))) {
                checkpoint();
            }
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }
}
