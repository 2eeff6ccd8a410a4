package io.foresell.model.scorer;

/** A graph is sound but uses something that is not compiled; another engine may run it. */
public final class UnsupportedOperatorException extends RuntimeException {
    private final String operator;
    private final String detail;

    /** Names the operator, "domain.Name" or "Name", and says what of it is not compiled. */
    public UnsupportedOperatorException(String operator, String detail) {
        super("operator %s: %s (expected: an operator that compiles)".formatted(operator, detail));
        this.operator = operator;
        this.detail = detail;
    }

    /** Returns operator and detail for people, e.g. "operator TopK: unknown". */
    public String words() {
        return "operator %s: %s".formatted(operator, detail);
    }

    /** Returns the operator that is not compiled. */
    public String operator() {
        return operator;
    }
}
