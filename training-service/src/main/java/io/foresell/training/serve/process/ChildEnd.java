package io.foresell.training.serve.process;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.training.v1.CandidateResult;
import io.foresell.proto.training.v1.TrainFailure;
import io.foresell.proto.training.v1.TrainResults;
import io.foresell.proto.training.v1.TrainedCandidate;
import io.foresell.training.job.TrainedJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a training process ended.
 *
 * @param isTooLarge says that it was ended for taking more memory than it was given
 * @param lastLines of its standard error
 * @param failure what it said last, if it failed in order
 */
record ChildEnd(
        int exitCode, boolean isTooLarge, ChildLimits limits, List<String> lastLines, @Nullable TrainFailure failure) {
    /**
     * Reads what it left behind.
     *
     * @throws ServiceException saying what the training failed of or the process died of
     */
    TrainedJob outcome(OutputFolder output) {
        if (exitCode == ExitCode.DONE && output.isComplete()) {
            return read(output);
        }
        throw new ServiceException(died());
    }

    private Failure died() {
        if (isTooLarge || exitCode == ExitCode.OUT_OF_MEMORY) {
            return Failure.precondition(
                    "OUT_OF_MEMORY",
                    ("memory of the training process: exhausted at %d MiB, of which %d MiB heap and %d MiB for networks"
                                    + " (expected: a larger resources.memory_mib, fewer rows or fewer candidates)")
                            .formatted(limits.needs().memoryMib(), limits.heapMib(), limits.nativeMib()));
        }
        if (exitCode == ExitCode.FAILED && failure != null) {
            return Failure.precondition(failure.getReason(), failure.getMessage());
        }
        int signal = exitCode - ExitCode.FIRST_SIGNAL;
        if (signal == ExitCode.SIGKILL || signal == ExitCode.SIGTERM) {
            return Failure.precondition(
                    "CHILD_KILLED",
                    ("training process: ended by signal %d from outside (expected: left alone; where the machine ran out of"
                                    + " memory, lower jobs.memory-mib)")
                            .formatted(signal));
        }
        return Failure.precondition(
                "CHILD_CRASHED",
                "training process: ended with code %d%s (expected: results); last it said: %s"
                        .formatted(
                                exitCode,
                                signal > 0 ? ", signal " + signal : "",
                                lastLines.isEmpty() ? "nothing" : String.join(" | ", lastLines)));
    }

    private static TrainedJob read(OutputFolder output) {
        try {
            TrainResults results = output.read();
            List<io.foresell.training.job.TrainedCandidate> candidates = new ArrayList<>();
            for (TrainedCandidate candidate : results.getCandidatesList()) {
                CandidateResult result = candidate.getResult();
                Optional<Path> packageFile = candidate.getPackageFile().isEmpty()
                        ? Optional.empty()
                        : Optional.of(output.file(candidate.getPackageFile()));
                candidates.add(new io.foresell.training.job.TrainedCandidate(
                        result.getCandidate(), result.getIsBest(), result.toByteString(), packageFile));
            }
            return new TrainedJob(candidates, results.getRemark());
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.dataLoss(
                            "RESULTS_UNREADABLE",
                            "results of the training process: %s (expected: results.json with its packages)"
                                    .formatted(e.getMessage())),
                    e);
        }
    }
}
