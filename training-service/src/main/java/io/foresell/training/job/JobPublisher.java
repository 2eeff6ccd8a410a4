package io.foresell.training.job;

import com.google.protobuf.ByteString;
import io.foresell.model.Task;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.gate.GateCase;
import io.foresell.training.gate.Gates;
import io.foresell.training.registry.GateJudge;
import io.foresell.training.registry.ModelRegistry;
import io.foresell.training.registry.ModelVersion;
import io.foresell.training.registry.StagedPackage;
import io.foresell.training.run.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a run left behind into versions, in two steps: first every package goes into the store, then each becomes a version. What
 * the first step made is kept with the job, and the second does nothing twice, so a death at any point neither trains nor publishes
 * again. Gates are looked at by the second, in the very state of the model that the version is added to: a champion that came meanwhile is
 * noticed. Waits for the store.
 */
final class JobPublisher {
    private final ModelRegistry registry;

    JobPublisher(ModelRegistry registry) {
        this.registry = registry;
    }

    /** Puts every package into the store. */
    List<StagedCandidate> stage(RunningJob running, List<TrainedCandidate> trained) {
        List<StagedCandidate> staged = new ArrayList<>();
        for (TrainedCandidate candidate : trained) {
            StagedPackage stagedPackage = null;
            if (candidate.packageFile().isPresent()) {
                report(running, "check " + candidate.name(), 0.98);
                Path file = candidate.packageFile().get();
                stagedPackage = StorePatience.of(running, () -> registry.publications()
                        .stage(running.job().model(), file));
            }
            staged.add(new StagedCandidate(candidate.name(), candidate.isBest(), candidate.result(), stagedPackage));
        }
        return staged;
    }

    /** Says whether every package is a version or still in the store. */
    boolean isComplete(Job job, List<StagedCandidate> staged) {
        return staged.stream().allMatch(candidate -> {
            StagedPackage stagedPackage = candidate.staged();
            return stagedPackage == null
                    || registry.publishedBy(job.model(), job.id(), candidate.name())
                            .isPresent()
                    || registry.publications().isStaged(stagedPackage);
        });
    }

    /**
     * Publishes in spec order with the best one last, and returns the results in spec order.
     *
     * @param ranking what ranks the candidates of the spec; null for the usual metric of the task
     */
    List<ByteString> publish(
            RunningJob running,
            List<StagedCandidate> candidates,
            Gates gates,
            @Nullable Metric ranking,
            JobEncoding encoding) {
        List<StagedCandidate> inOrder = candidates.stream()
                .sorted(Comparator.comparing(StagedCandidate::isBest))
                .toList();
        Map<String, ModelVersion> versions = new HashMap<>();
        for (StagedCandidate candidate : inOrder) {
            StagedPackage staged = candidate.staged();
            if (staged != null) {
                report(running, "publish", 0.99);
                GateJudge judge = judge(staged, gates, ranking);
                versions.put(candidate.name(), StorePatience.of(running, () -> registry.publications()
                        .publish(staged, running.id(), candidate.name(), judge)));
            }
        }
        report(running, "done", 1);
        return candidates.stream()
                .map(candidate -> {
                    ModelVersion version = versions.get(candidate.name());
                    return version == null ? candidate.result() : encoding.published(candidate.result(), version);
                })
                .toList();
    }

    private static GateJudge judge(StagedPackage staged, Gates gates, @Nullable Metric ranking) {
        Metric metric = ranking == null ? Metric.usual(Task.of(staged.manifest().getTask())) : ranking;
        return champions -> gates.judge(new GateCase(staged.manifest(), metric, staged.p99Micros(), champions));
    }

    private static void report(RunningJob running, String stage, double fraction) {
        running.report(new Progress(stage, fraction, OptionalDouble.empty(), 0, 0, OptionalDouble.empty()));
    }
}
