package io.foresell.model.scorer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects the ids of a text's tokens; belongs to one thread. */
final class TokenIds implements Tokenizing.Sink {
    private @Nullable NgramCounter counter;
    private int[] ids = new int[64];
    private int size;

    /** Starts anew for a text whose tokens are those of a counter. */
    TokenIds start(NgramCounter next) {
        counter = next;
        size = 0;
        return this;
    }

    @Override
    public void token(String text, int start, int end) {
        if (counter == null) {
            throw new IllegalStateException("token without a counter");
        }
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size * 2);
        }
        ids[size++] = counter.token(text, start, end);
    }

    int[] ids() {
        return ids;
    }

    int size() {
        return size;
    }

    /** Lets the counter go: an unloaded model leaves nothing behind. */
    void release() {
        counter = null;
    }
}
