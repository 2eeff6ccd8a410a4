package io.foresell.training.job;

import com.google.protobuf.ByteString;
import com.mongodb.MongoException;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.gate.GateCase;
import io.foresell.training.gate.Gates;
import io.foresell.training.registry.GateResult;
import io.foresell.training.registry.ModelRegistry;
import io.foresell.training.registry.ModelVersion;
import io.foresell.training.registry.StagedPackage;
import io.foresell.training.run.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what a run left behind into versions, in two steps: first every package goes into the store, then each becomes a version. What
 * the first step made is kept with the job, and the second does nothing twice, so a death at any point neither trains nor publishes
 * again. Waits for the store: hours of training must not be lost to a moment without it.
 */
final class JobPublisher {
    private static final Logger log = LoggerFactory.getLogger(JobPublisher.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int MAX_TRIES = 120;

    private final ModelRegistry registry;

    JobPublisher(ModelRegistry registry) {
        this.registry = registry;
    }

    /** Puts every package into the store and looks at its gates. */
    List<StagedCandidate> stage(
            RunningJob running, List<TrainedCandidate> trained, Gates gates, @Nullable Metric ranking) {
        List<StagedCandidate> staged = new ArrayList<>();
        for (TrainedCandidate candidate : trained) {
            StagedPackage stagedPackage = null;
            List<GateResult> results = List.of();
            if (candidate.packageFile().isPresent()) {
                report(running, "check " + candidate.name(), 0.98);
                Path file = candidate.packageFile().get();
                stagedPackage =
                        patiently(running, () -> registry.stage(running.job().model(), file));
                results = judged(running, stagedPackage, gates, ranking);
            }
            staged.add(new StagedCandidate(
                    candidate.name(), candidate.isBest(), candidate.result(), stagedPackage, results));
        }
        return staged;
    }

    private List<GateResult> judged(RunningJob running, StagedPackage staged, Gates gates, @Nullable Metric ranking) {
        Metric metric = ranking == null
                ? Metric.usual(io.foresell.model.Task.of(staged.manifest().getTask()))
                : ranking;
        GateCase judged = new GateCase(
                staged.manifest(), metric, staged.p99Micros(), which -> registry.champion(staged.model(), which));
        return patiently(running, () -> gates.judge(judged));
    }

    /** Says whether every package is a version or still in the store. */
    boolean isComplete(Job job, List<StagedCandidate> staged) {
        return staged.stream().allMatch(candidate -> {
            StagedPackage stagedPackage = candidate.staged();
            return stagedPackage == null
                    || registry.publishedBy(job.model(), job.id(), candidate.name())
                            .isPresent()
                    || registry.isStaged(stagedPackage);
        });
    }

    /** Publishes in spec order with the best one last, and returns the results in spec order. */
    List<ByteString> publish(RunningJob running, List<StagedCandidate> candidates, JobEncoding encoding) {
        List<StagedCandidate> inOrder = candidates.stream()
                .sorted(Comparator.comparing(StagedCandidate::isBest))
                .toList();
        Map<String, Integer> versions = new HashMap<>();
        for (StagedCandidate candidate : inOrder) {
            StagedPackage staged = candidate.staged();
            if (staged != null) {
                report(running, "publish", 0.99);
                ModelVersion version = patiently(
                        running, () -> registry.publish(staged, running.id(), candidate.name(), candidate.gates()));
                versions.put(candidate.name(), version.version());
            }
        }
        report(running, "done", 1);
        return candidates.stream()
                .map(candidate -> encoding.withVersion(candidate.result(), versions.getOrDefault(candidate.name(), 0)))
                .toList();
    }

    private static void report(RunningJob running, String stage, double fraction) {
        running.report(new Progress(stage, fraction, OptionalDouble.empty(), 0, 0, OptionalDouble.empty()));
    }

    private <T> T patiently(RunningJob running, Supplier<T> step) {
        for (int tries = 1; ; tries++) {
            running.requireNotStopped();
            try {
                return step.get();
            } catch (MongoException e) {
                if (tries == MAX_TRIES) {
                    throw e;
                }
                log.warn("package not published yet job={}", running.id(), e);
                sleep();
            }
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(RETRY.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
