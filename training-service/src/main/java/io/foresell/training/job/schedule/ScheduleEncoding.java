package io.foresell.training.job.schedule;

import com.google.protobuf.ByteString;
import java.time.Instant;

/** Reads and completes stored specs; the edge's own. */
public interface ScheduleEncoding {
    /**
     * Reads when the training is repeated.
     *
     * @throws io.foresell.kit.ServiceException INVALID_ARGUMENT naming every field at fault
     */
    RetrainRule readRule(ByteString spec);

    /** Returns the spec that trains only when rows from {@code referenceUntil} on drifted from those before. */
    ByteString comparedWith(ByteString spec, Instant referenceUntil);

    /** Returns the spec that trains whatever the rows are. */
    ByteString unconditional(ByteString spec);
}
