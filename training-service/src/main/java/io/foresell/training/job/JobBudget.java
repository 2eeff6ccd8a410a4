package io.foresell.training.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decides which waiting job starts next in this process, so that those at work fit into cores and memory. Who has waited for long goes
 * before any priority, and then nobody overtakes it however small; otherwise greater priority goes first, then models with fewer jobs
 * at work, then who came first. Immutable.
 *
 * @param capacity what jobs may take together
 * @param usual what a job takes that does not say
 */
record JobBudget(JobNeeds capacity, JobNeeds usual) {
    /** After this wait a job goes first, and room is kept for it. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    /** What a job at work takes, and of which model it is. */
    record AtWork(String model, JobNeeds needs) {}

    /** Returns what a job takes, never more than there is. */
    JobNeeds needs(WaitingJob job) {
        return new JobNeeds(
                Math.min(job.threads() == 0 ? usual.threads() : job.threads(), capacity.threads()),
                Math.min(job.memoryMib() == 0 ? usual.memoryMib() : job.memoryMib(), capacity.memoryMib()));
    }

    /** Returns the job to start; empty when none fits. */
    Optional<WaitingJob> next(List<WaitingJob> waiting, Collection<AtWork> atWork, Instant now) {
        JobNeeds used = atWork.stream().map(AtWork::needs).reduce(new JobNeeds(0, 0), JobNeeds::plus);
        JobNeeds room = capacity.minus(used);
        List<WaitingJob> inOrder = waiting.stream().sorted(order(atWork, now)).toList();
        for (WaitingJob job : inOrder) {
            if (needs(job).fitInto(room)) {
                return Optional.of(job);
            }
            if (isOverdue(job, now)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static boolean isOverdue(WaitingJob job, Instant now) {
        return job.createdAt().plus(PATIENCE).isBefore(now);
    }

    private static Comparator<WaitingJob> order(Collection<AtWork> atWork, Instant now) {
        return Comparator.comparing((WaitingJob job) -> !isOverdue(job, now))
                .thenComparing(job -> isOverdue(job, now) ? 0 : -job.priority())
                .thenComparing(job -> isOverdue(job, now)
                        ? 0L
                        : atWork.stream()
                                .filter(other -> other.model().equals(job.model()))
                                .count())
                .thenComparing(WaitingJob::createdAt)
                .thenComparing(WaitingJob::id);
    }
}
