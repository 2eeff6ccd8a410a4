package io.foresell.training.job;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.model.manifest.Manifest;
import io.foresell.training.registry.StagedPackage;
import io.foresell.training.run.Progress;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.bson.Document;
import org.bson.types.Binary;
import org.jspecify.annotations.Nullable;

/** The document of a job, both ways. */
final class JobDocuments {
    private JobDocuments() {}

    static Document ofQueued(Job job, JobOptions options) {
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
                .append("cancel_requested", false)
                .append("schedule", job.schedule())
                .append("priority", options.priority())
                .append("threads", options.threads())
                .append("memory_mib", options.memoryMib());
    }

    /** Returns what the queue needs to know of a document that waits; what older ones do not have takes its default. */
    static WaitingJob toWaiting(Document document) {
        return new WaitingJob(
                document.getString("_id"),
                document.getString("model"),
                document.getDate("created_at").toInstant(),
                document.getInteger("priority", 0),
                document.getInteger("threads", 0),
                document.getInteger("memory_mib", 0));
    }

    static List<Document> ofStaged(List<StagedCandidate> candidates) {
        return candidates.stream().map(JobDocuments::ofStaged).toList();
    }

    private static Document ofStaged(StagedCandidate candidate) {
        StagedPackage staged = candidate.staged();
        Document document = new Document("name", candidate.name())
                .append("is_best", candidate.isBest())
                .append("result", binary(candidate.result()));
        return staged == null
                ? document
                : document.append("model", staged.model())
                        .append("digest", staged.digest())
                        .append("package_bytes", staged.packageBytes())
                        .append("file_id", staged.fileId())
                        .append("p99_micros", staged.p99Micros())
                        .append("engine", staged.engine())
                        .append("fallback_reason", staged.fallbackReason())
                        .append("manifest", new Binary(staged.manifest().toByteArray()));
    }

    /** Returns what the job has reached; empty before its packages are in the store. */
    static Optional<List<StagedCandidate>> toStaged(Document job) {
        List<Document> staged = job.getList("staged", Document.class);
        return Optional.ofNullable(staged)
                .map(candidates ->
                        candidates.stream().map(JobDocuments::toStagedCandidate).toList());
    }

    private static StagedCandidate toStagedCandidate(Document document) {
        return new StagedCandidate(
                document.getString("name"),
                document.getBoolean("is_best"),
                bytes(document, "result"),
                document.containsKey("file_id") ? toStagedPackage(document) : null);
    }

    private static StagedPackage toStagedPackage(Document document) {
        try {
            return new StagedPackage(
                    document.getString("model"),
                    document.getString("digest"),
                    document.getLong("package_bytes"),
                    document.getString("file_id"),
                    document.getDouble("p99_micros"),
                    document.getString("engine"),
                    document.getString("fallback_reason"),
                    Manifest.parseFrom(document.get("manifest", Binary.class).getData()));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored manifest cannot be read", e);
        }
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
                document.getInteger("attempt"),
                document.get("schedule", ""),
                document.get("remark", ""));
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
