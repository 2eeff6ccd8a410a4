package io.foresell.training.job;

import com.google.protobuf.ByteString;
import io.foresell.training.run.Progress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A training job as it stands. Immutable.
 *
 * @param spec what was asked, in the form of {@link JobEncoding}
 * @param progress null before work begins
 * @param failure says why it failed; empty otherwise
 * @param failureReason the reason in UPPER_SNAKE; empty otherwise
 * @param results outcomes so far, in the form of {@link JobEncoding}
 * @param startedAt null before work begins
 * @param endedAt null before the job ends
 * @param attempt counts how often work was begun
 * @param schedule what started it; empty when a person did
 * @param remark what it decided; empty when there is nothing to say
 */
public record Job(
        String id,
        String model,
        ByteString spec,
        JobState state,
        @Nullable Progress progress,
        String failure,
        String failureReason,
        ByteString results,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        int attempt,
        String schedule,
        String remark) {

    static Job queued(String id, String model, ByteString spec, Instant createdAt, String schedule) {
        return new Job(
                id,
                model,
                spec,
                JobState.QUEUED,
                null,
                "",
                "",
                ByteString.EMPTY,
                createdAt,
                null,
                null,
                0,
                schedule,
                "");
    }

    Job with(String newRemark) {
        return new Job(
                id,
                model,
                spec,
                state,
                progress,
                failure,
                failureReason,
                results,
                createdAt,
                startedAt,
                endedAt,
                attempt,
                schedule,
                newRemark);
    }

    Job with(@Nullable Progress newProgress, ByteString newResults) {
        return new Job(
                id,
                model,
                spec,
                state,
                newProgress,
                failure,
                failureReason,
                newResults,
                createdAt,
                startedAt,
                endedAt,
                attempt,
                schedule,
                remark);
    }
}
