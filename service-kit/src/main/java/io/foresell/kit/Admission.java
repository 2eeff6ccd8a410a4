package io.foresell.kit;

import io.foresell.kit.frame.Door;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

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

    /**
     * Returns why a call is turned away unread, or null. Asked before gRPC makes a call of what came, so that overload costs a fraction of the calls
     * that it is made of; who is let in here is still to {@link #enter}.
     */
    default @Nullable Refusal turnsAway(Door.Headers headers) {
        return null;
    }

    /** Returns the place of a call, or why it gets none. */
    Outcome enter(MethodDescriptor<?, ?> method, Metadata headers);
}
