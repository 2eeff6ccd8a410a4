package io.foresell.gateway.problem;

/**
 * An error as the Open Inference Protocol writes it.
 *
 * @param error states the value at fault and what was expected
 */
public record OpenInferenceError(String error) {
    /** Returns whether a path is one of the protocol's. */
    public static boolean isFor(String path) {
        return path.equals("/v2") || path.startsWith("/v2/");
    }

    public static OpenInferenceError of(Problem problem) {
        return new OpenInferenceError(problem.detail());
    }
}
