package io.foresell.training.job;

import com.google.protobuf.ByteString;
import io.foresell.training.run.Progress;
import java.time.Instant;
import java.util.Date;
import java.util.OptionalDouble;
import org.bson.Document;
import org.bson.types.Binary;
import org.jspecify.annotations.Nullable;

/** The document of a job, both ways. */
final class JobDocuments {
    private JobDocuments() {}

    static Document ofQueued(Job job) {
        return new Document("_id", job.id())
                .append("model", job.model())
                .append("spec", binary(job.spec()))
                .append("state", job.state().name())
                .append("created_at", Date.from(job.createdAt()))
                .append("failure", "")
                .append("failure_reason", "")
                .append("results", binary(job.results()))
                .append("attempt", 0)
                .append("loss_count", 0)
                .append("owner", "")
                .append("cancel_requested", false);
    }

    static Job toJob(Document document) {
        Document progress = document.get("progress", Document.class);
        return new Job(
                document.getString("_id"),
                document.getString("model"),
                bytes(document, "spec"),
                JobState.valueOf(document.getString("state")),
                progress == null ? null : toProgress(progress),
                document.getString("failure"),
                document.getString("failure_reason"),
                bytes(document, "results"),
                document.getDate("created_at").toInstant(),
                instant(document, "started_at"),
                instant(document, "ended_at"),
                document.getInteger("attempt"));
    }

    static @Nullable Document ofProgress(@Nullable Progress progress) {
        if (progress == null) {
            return null;
        }
        return new Document("stage", progress.stage())
                .append("fraction", progress.fraction())
                .append("loss", boxed(progress.loss()))
                .append("iteration", progress.iteration())
                .append("iteration_count", progress.iterationCount())
                .append("seconds_left", boxed(progress.secondsLeft()));
    }

    private static Progress toProgress(Document document) {
        return new Progress(
                document.getString("stage"),
                document.getDouble("fraction"),
                optional(document, "loss"),
                document.getInteger("iteration"),
                document.getInteger("iteration_count"),
                optional(document, "seconds_left"));
    }

    static Binary binary(ByteString bytes) {
        return new Binary(bytes.toByteArray());
    }

    private static ByteString bytes(Document document, String key) {
        return ByteString.copyFrom(document.get(key, Binary.class).getData());
    }

    private static @Nullable Instant instant(Document document, String key) {
        Date date = document.getDate(key);
        return date == null ? null : date.toInstant();
    }

    private static @Nullable Double boxed(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    private static OptionalDouble optional(Document document, String key) {
        Double value = document.getDouble(key);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
