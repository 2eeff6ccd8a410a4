package io.foresell.inference.audit;

/**
 * One attempt as the registry's audit log is to have it.
 *
 * @param id names the report for good
 * @param place the server's name
 * @param outcome OK, or why not in UPPER_SNAKE; empty while the order is being carried out
 */
record ActionReport(String id, long happenedAtMillis, String place, ControlAttempt attempt, String outcome) {
    /** The outcome of an order that the process did not live to see. */
    static final String INTERRUPTED = "INTERRUPTED";

    boolean isFinished() {
        return !outcome.isEmpty();
    }

    ActionReport finished(String outcome) {
        return new ActionReport(id, happenedAtMillis, place, attempt, outcome);
    }
}
