package io.foresell.gateway.problem;

import org.jspecify.annotations.Nullable;

/** Ends a request with a problem that the gateway itself found. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    /** Returns the one among the causes of an error, or null: parsers wrap what is thrown while they read. */
    static @Nullable ProblemException causeOf(Throwable error) {
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException known) {
                return known;
            }
        }
        return null;
    }

    /** Returns the problem to answer with. */
    public Problem problem() {
        return problem;
    }
}
