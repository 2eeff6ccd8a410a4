package io.foresell.training.job;

import com.google.protobuf.ByteString;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.registry.ModelVersion;
import io.foresell.training.run.CandidateOutcome;
import io.foresell.training.run.Champion;
import io.foresell.training.run.TrainingSpec;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /** Returns a result with the version that was published and the outcomes of its gates. */
    ByteString published(ByteString result, ModelVersion version);

    /**
     * Reads the champion that candidates are compared with.
     *
     * @param packageFile its package
     * @param metric what is compared; null for what ranks candidates
     * @param threadCount threads that score rows
     * @throws io.foresell.kit.ServiceException FAILED_PRECONDITION when the file is no package that this release can read
     */
    Champion readChampion(Path packageFile, int version, @Nullable Metric metric, int threadCount);

    /** Writes results in spec order. */
    ByteString writeResults(List<ByteString> results);
}
