package io.foresell.gateway.problem;

/** Ends a request with a problem that the gateway itself found. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    /** Returns the problem to answer with. */
    public Problem problem() {
        return problem;
    }
}
