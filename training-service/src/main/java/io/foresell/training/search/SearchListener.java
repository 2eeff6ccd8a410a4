package io.foresell.training.search;

/** Hears of trials; called one at a time. */
@FunctionalInterface
public interface SearchListener {
    /**
     * Hears that a trial has ended.
     *
     * @param trialCount the most there will be
     * @param best the best metric so far; NaN while none succeeded
     */
    void tried(int trial, int trialCount, double best);
}
