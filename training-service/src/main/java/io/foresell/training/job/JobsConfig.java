package io.foresell.training.job;

import io.foresell.kit.Settings;
import java.time.Duration;

/**
 * The operator's choices for jobs.
 *
 * @param queueSize jobs waiting above which a new one is refused, 1 to 10,000
 * @param maxWatchers watchers of jobs above which one is refused, 1 to 10,000
 * @param lease how long a job stays with a process that no longer answers, 2 s to 10 min
 * @param threadCount threads that fit, 1 to 256
 */
public record JobsConfig(int queueSize, int maxWatchers, Duration lease, int threadCount) {
    public static JobsConfig read(Settings settings) {
        return new JobsConfig(
                settings.integer("jobs.queue-size", 100, 1, 10_000, "jobs waiting before a new one is refused"),
                settings.integer("jobs.max-watchers", 200, 1, 10_000, "watchers of jobs before refusing"),
                settings.duration(
                        "jobs.lease",
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(10),
                        "silence after which a running job is taken up by another process"),
                settings.integer(
                        "jobs.threads",
                        Math.min(256, Runtime.getRuntime().availableProcessors()),
                        1,
                        256,
                        "threads that fit; the default is the number of cores"));
    }
}
