package io.foresell.benchmarks.model;

/** How much there is of everything: as much as the questions name, or a little of it where nothing is timed. */
final class Scale {
    /** Set to true for a little. */
    static final String SMALL_PROPERTY = "foresell.benchmarks.small";

    private Scale() {}

    /** Returns how many rows every engine cycles through. */
    static int poolRows() {
        return isSmall() ? 128 : 512;
    }

    /** Returns how many rows trees are grown on: enough to fill them, or few. */
    static int trainingRows() {
        return isSmall() ? 2_000 : 30_000;
    }

    static int treeCount(int named) {
        return isSmall() ? named / 10 : named;
    }

    private static boolean isSmall() {
        return Boolean.getBoolean(SMALL_PROPERTY);
    }
}
