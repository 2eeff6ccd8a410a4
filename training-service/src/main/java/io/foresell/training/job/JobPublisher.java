package io.foresell.training.job;

import com.mongodb.MongoException;
import io.foresell.training.registry.ModelRegistry;
import io.foresell.training.run.CandidateOutcome;
import io.foresell.training.run.Progress;
import io.foresell.training.run.PublishRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns outcomes into versions, as the spec's rule says. Waits for the store: hours of training must not be lost to a moment without it. */
final class JobPublisher {
    private static final Logger log = LoggerFactory.getLogger(JobPublisher.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int MAX_TRIES = 120;

    private final ModelRegistry registry;

    JobPublisher(ModelRegistry registry) {
        this.registry = registry;
    }

    /** Publishes in spec order with the best one last, and returns the results in spec order. */
    List<CandidateResult> publish(RunningJob running, PublishRule rule, List<CandidateOutcome> outcomes) {
        List<CandidateOutcome> inOrder = outcomes.stream()
                .filter(outcome -> rule == PublishRule.ALL || (rule == PublishRule.BEST && outcome.isBest()))
                .sorted(Comparator.comparing(CandidateOutcome::isBest))
                .toList();
        Map<String, Integer> versions = new HashMap<>();
        for (CandidateOutcome outcome : inOrder) {
            running.report(new Progress("publish", 0.99, OptionalDouble.empty(), 0, 0, OptionalDouble.empty()));
            versions.put(outcome.name(), publish(running, outcome));
        }
        List<CandidateResult> results = new ArrayList<>();
        outcomes.forEach(outcome -> results.add(CandidateResult.of(outcome, versions.getOrDefault(outcome.name(), 0))));
        running.report(new Progress("done", 1, OptionalDouble.empty(), 0, 0, OptionalDouble.empty()));
        return results;
    }

    private int publish(RunningJob running, CandidateOutcome outcome) {
        Job job = running.job();
        byte[] packageBytes = outcome.packageBytes()
                .orElseThrow(() -> new IllegalStateException("no package of candidate " + outcome.name()));
        for (int tries = 1; ; tries++) {
            running.requireNotStopped();
            try {
                return registry.publish(job.model(), job.id(), packageBytes).version();
            } catch (MongoException e) {
                if (tries == MAX_TRIES) {
                    throw e;
                }
                log.warn("package not published yet job={} candidate={}", job.id(), outcome.name(), e);
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
