package io.foresell.training.job;

import com.google.protobuf.ByteString;
import io.foresell.training.run.TrainingSpec;
import java.util.List;

/** The form in which specs and results are stored; the edge's own, so that what was asked is shown as it was asked. */
public interface JobEncoding {
    /**
     * Reads a spec.
     *
     * @throws io.foresell.kit.ServiceException INVALID_ARGUMENT naming every field at fault
     */
    TrainingSpec readSpec(ByteString spec);

    /** Writes results in spec order. */
    ByteString writeResults(List<CandidateResult> results);
}
