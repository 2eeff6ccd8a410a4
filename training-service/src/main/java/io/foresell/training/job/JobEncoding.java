package io.foresell.training.job;

import com.google.protobuf.ByteString;
import io.foresell.training.run.CandidateOutcome;
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

    /** Reads what a spec says about its job, as {@link #readSpec} does. */
    JobOptions readOptions(ByteString spec);

    /** Returns the spec as a package keeps it: what is trained, without when and on what machine. */
    String specText(ByteString spec);

    /** Writes the judgement of one candidate. */
    ByteString writeResult(CandidateOutcome outcome);

    /** Returns a result with the version that was published. */
    ByteString withVersion(ByteString result, int version);

    /** Writes results in spec order. */
    ByteString writeResults(List<ByteString> results);
}
