package io.foresell.model.scorer;

/** The scores that probabilities were made of: what explanations of a classifier are about. */
record Link(Kind kind, Value.Floats scores) {
    /** How scores became probabilities. */
    enum Kind {
        /** Each probability is the sigmoid of the score at its place. */
        SIGMOID,
        /** Of one score s: the probabilities 1 - sigmoid(s) and sigmoid(s). */
        PAIR,
        /** The softmax over all scores. */
        SOFTMAX
    }
}
