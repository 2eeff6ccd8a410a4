package io.foresell.cli.command;

/** The exit codes that scripts can rely on; listed in {@code foresell --help}. */
final class ExitCode {
    static final int OK = 0;
    /** A service refused: wrong values, missing things, a conflict. */
    static final int REFUSED = 1;
    /** The command line or a local file is wrong; nothing was sent. */
    static final int USAGE = 2;
    /** Done in part: a job failed, rows were quarantined under --strict, a release is not served yet. */
    static final int PARTLY = 3;
    /** A service is away, overloaded or too slow: try again later. */
    static final int UNAVAILABLE = 4;

    private ExitCode() {}
}
