package io.foresell.training.rollout.observe;

import java.time.Instant;

/** What came of predictions. */
public interface Outcomes {
    /**
     * What is known of both versions.
     *
     * @param failure why nothing is known; empty when it is
     */
    record Answer(OutcomeTotals champion, OutcomeTotals candidate, String failure) {
        /** Says why nothing is known. */
        public static Answer unknown(String failure) {
            return new Answer(OutcomeTotals.NONE, OutcomeTotals.NONE, failure);
        }
    }

    /**
     * Reads the outcomes of predictions made since an instant, the first of each subject and version.
     *
     * @param name the outcome as it is reported; empty for the label
     */
    Answer since(String model, int champion, int candidate, String name, Instant since);
}
