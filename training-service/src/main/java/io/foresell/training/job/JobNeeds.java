package io.foresell.training.job;

/**
 * What a job takes of the machine while it runs.
 *
 * @param threads threads that fit, 1 or more
 * @param memoryMib memory of its process, heap and native together
 */
public record JobNeeds(int threads, int memoryMib) {
    boolean fitInto(JobNeeds room) {
        return threads <= room.threads && memoryMib <= room.memoryMib;
    }

    JobNeeds plus(JobNeeds other) {
        return new JobNeeds(threads + other.threads, memoryMib + other.memoryMib);
    }

    JobNeeds minus(JobNeeds other) {
        return new JobNeeds(threads - other.threads, memoryMib - other.memoryMib);
    }
}
