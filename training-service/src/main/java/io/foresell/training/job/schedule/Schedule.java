package io.foresell.training.job.schedule;

import com.google.protobuf.ByteString;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A training that is repeated. Immutable.
 *
 * @param spec what is trained and when, in the form of {@link ScheduleEncoding}
 * @param lastJobId empty before the first start
 * @param lastAt null before the first start
 * @param lastFailure why the last start failed; empty when it did not
 * @param startedCount jobs started
 */
public record Schedule(
        String name,
        String model,
        ByteString spec,
        Instant nextAt,
        String lastJobId,
        @Nullable Instant lastAt,
        String lastFailure,
        int startedCount) {}
