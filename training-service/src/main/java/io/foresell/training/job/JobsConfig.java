package io.foresell.training.job;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.kit.Settings;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * The operator's choices for jobs.
 *
 * @param queueSize jobs waiting above which a new one is refused, 1 to 10,000
 * @param maxWatchers watchers of jobs above which one is refused, 1 to 10,000
 * @param lease how long a job stays with a process that no longer answers, 2 s to 10 min
 * @param threadCount threads of a job that does not say, 1 to 256
 * @param mode where training runs
 * @param folder spec, log, checkpoints and results of jobs, a folder each
 * @param cores threads of all jobs at work together, 1 to 1024
 * @param memoryMib memory of all jobs at work together, 256 MiB to 4 TiB
 * @param jobMemoryMib memory of a job that does not say, 256 MiB to 4 TiB
 * @param niceness how far training processes stand back behind others, 0 to 19
 */
public record JobsConfig(
        int queueSize,
        int maxWatchers,
        Duration lease,
        int threadCount,
        Mode mode,
        Path folder,
        int cores,
        int memoryMib,
        int jobMemoryMib,
        int niceness) {
    /** The least memory of a training process. */
    public static final int MIN_MEMORY_MIB = 256;

    private static final int MAX_MEMORY_MIB = 4 << 20;
    private static final int USUAL_MEMORY_MIB = 3072;
    private static final int SERVICE_NATIVE_MIB = 512;

    /** Where training runs. */
    public enum Mode {
        /** In a process of its own, with its own heap and limits: whatever it dies of, the service lives. */
        CHILD,
        /** In the service's own process, one job at a time. */
        INSIDE
    }

    public static JobsConfig read(Settings settings, Path scratchFolder) {
        int processors = Math.min(256, Runtime.getRuntime().availableProcessors());
        int free = freeMemoryMib();
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
                        "jobs.threads", processors, 1, 256, "threads of a job that does not say; default: all cores"),
                mode(settings),
                settings.path(
                        "jobs.folder",
                        scratchFolder.resolve("jobs").toString(),
                        "folder of specs, logs, checkpoints and results of jobs"),
                settings.integer("jobs.cores", processors, 1, 1024, "threads of all jobs at work together"),
                settings.integer(
                        "jobs.memory-mib", free, MIN_MEMORY_MIB, MAX_MEMORY_MIB, "memory of all jobs at work together"),
                settings.integer(
                        "jobs.job-memory-mib",
                        Math.min(USUAL_MEMORY_MIB, free),
                        MIN_MEMORY_MIB,
                        MAX_MEMORY_MIB,
                        "memory of a job that does not say"),
                settings.integer("jobs.niceness", 5, 0, 19, "how far training processes stand back behind others"));
    }

    private static Mode mode(Settings settings) {
        String value = settings.text("jobs.mode", "child", "child: a process for each training; inside: none");
        try {
            return Mode.valueOf(value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new ServiceException(Failure.invalid("SETTING_INVALID", "jobs.mode", value, "child or inside"), e);
        }
    }

    /** Returns what the machine or container has beside this process, at least enough for one job. */
    private static int freeMemoryMib() {
        long bytes = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getTotalMemorySize();
        long own = Runtime.getRuntime().maxMemory();
        return (int) Math.min(MAX_MEMORY_MIB, Math.max(MIN_MEMORY_MIB, ((bytes - own) >> 20) - SERVICE_NATIVE_MIB));
    }

    /** Returns what jobs may take together; in this process they go one at a time. */
    JobBudget budget() {
        if (mode == Mode.INSIDE) {
            JobNeeds all = new JobNeeds(threadCount, 1);
            return new JobBudget(all, all);
        }
        return new JobBudget(new JobNeeds(cores, memoryMib), new JobNeeds(threadCount, jobMemoryMib));
    }
}
