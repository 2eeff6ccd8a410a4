package io.foresell.inference.route;

/**
 * How the feature set of a version compares with the feature store.
 *
 * @param remark what is unchecked or broken; empty otherwise
 */
public record FeatureContract(State state, String remark) {
    /** Is without a feature set. */
    public static final FeatureContract NONE = new FeatureContract(State.NONE, "");

    /** Holds. */
    public static final FeatureContract HELD = new FeatureContract(State.HELD, "");

    /** Where it stands. */
    public enum State {
        /** The version only scores rows. */
        NONE,
        /** The store has the set in every respect. */
        HELD,
        /** The store did not answer. */
        UNCHECKED,
        /** The store has it differently, and the version served before that was known. */
        BROKEN
    }

    public static FeatureContract unchecked(String cause) {
        return new FeatureContract(State.UNCHECKED, cause);
    }

    public static FeatureContract broken(String cause) {
        return new FeatureContract(State.BROKEN, cause);
    }
}
