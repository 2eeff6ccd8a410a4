package io.foresell.model.scorer;

/** A graph is sound but uses something that is not compiled; another engine may run it. */
public final class UnsupportedOperatorException extends RuntimeException {
    private final String operator;

    /** Names the operator, "domain.Name" or "Name", and says what of it is not compiled. */
    public UnsupportedOperatorException(String operator, String detail) {
        super("operator %s: %s (expected: an operator that compiles)".formatted(operator, detail));
        this.operator = operator;
    }

    /** Returns the operator that is not compiled. */
    public String operator() {
        return operator;
    }
}
