package io.foresell.training.serve.process;

/** What the exit code of a training process says; part of its contract. */
final class ExitCode {
    /** The output folder is complete. */
    static final int DONE = 0;
    /** The training failed; the last event says why. */
    static final int FAILED = 1;
    /** A setting cannot work; standard error says which. */
    static final int SETTINGS = 2;
    /** Memory was exhausted; the JVM's own code under {@code -XX:+ExitOnOutOfMemoryError}. */
    static final int OUT_OF_MEMORY = 3;
    /** Standard input ended: whoever started the process is gone. */
    static final int ORPHANED = 4;

    /** Codes from here on are 128 plus the signal that ended the process. */
    static final int FIRST_SIGNAL = 128;

    static final int SIGKILL = 9;
    static final int SIGTERM = 15;

    private ExitCode() {}
}
