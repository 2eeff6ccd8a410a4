package io.foresell.benchmarks.load;

/**
 * A part of a run at one rate.
 *
 * @param listener hears the replies to calls of this part, even those that come when the next one has begun
 */
public record Phase(Schedule schedule, ReplyListener listener) {}
