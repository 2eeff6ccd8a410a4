package io.foresell.training.job;

import java.time.Instant;

/**
 * A job that waits, as the queue sees it.
 *
 * @param priority greater starts first
 * @param threads asked for; 0 means the default
 * @param memoryMib asked for; 0 means the default
 */
record WaitingJob(String id, String model, Instant createdAt, int priority, int threads, int memoryMib) {}
