package io.foresell.kit.frame;

import org.jspecify.annotations.Nullable;

/**
 * Asked as soon as a call's headers have come, before gRPC makes anything of them: what is turned away here costs a fraction of a call. Asked on
 * the network thread for every call, so it must neither block nor do much.
 */
public interface Door {
    /** Headers of a call, by their lower-case names. */
    interface Headers {
        /** Returns the path, {@code /service/method}. */
        CharSequence path();

        /** Returns the value of a header, or null. */
        @Nullable
        CharSequence get(String name);
    }

    /** Returns what a call is answered instead of being let in, or null to let it in. */
    @Nullable
    ReadyAnswer turnsAway(Headers headers);
}
