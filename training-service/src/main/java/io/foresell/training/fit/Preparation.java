package io.foresell.training.fit;

/** Says how raw features become encoded columns, beyond what every family needs; fitted on a fold by {@link Encodings}. */
public record Preparation() {
    /** Leaves it to the family: linear models and networks read standardised numbers, trees raw ones; texts are one-hot. */
    public static final Preparation NONE = new Preparation();
}
