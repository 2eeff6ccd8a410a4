package io.foresell.training.run;

/** Hears what a run does; called by the thread of the run, up to some hundred times a second: must be quick. */
@FunctionalInterface
public interface ProgressListener {
    /** Hears the state of the run. */
    void report(Progress progress);

    /** Hears that a candidate has been judged; its package, if any, comes at the end of the run. */
    default void judged(CandidateOutcome outcome) {}

    /** Hears what the run decided, e.g. that no rows drifted and nothing is fitted: one more sentence, or several, one a line. */
    default void decided(String sentence) {}
}
