package io.foresell.kit;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/**
 * Decides before any work whether a call may begin. Thread-safe; asked on the network thread for every call but health and
 * reflection, so it must neither block nor do much.
 */
public interface Admission {
    /** Is either a {@link Place} or a {@link Refusal}. */
    sealed interface Outcome permits Place, Refusal {}

    /** A place among the calls in flight. One object may stand for the places of many calls. */
    non-sealed interface Place extends Outcome {
        /** Gives the place back: exactly once for each that was given. */
        void leave();
    }

    /** Returns the place of a call, or why it gets none. */
    Outcome enter(MethodDescriptor<?, ?> method, Metadata headers);
}
