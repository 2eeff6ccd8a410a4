package io.foresell.benchmarks.faults;

/**
 * Something that goes wrong, or right, while callers call.
 *
 * @param versionCount versions that it releases at most, made before it begins
 */
record Scenario(String name, int versionCount, Play play) {
    /** How it goes. */
    @FunctionalInterface
    interface Play {
        /**
         * Plays it to its end: when it returns, everything is as it was before and every replica serves the newest sound release.
         *
         * @return a sentence about what shows that it happened
         * @throws IllegalStateException when replicas did not come to that
         */
        String on(Fleet fleet) throws Exception;
    }
}
