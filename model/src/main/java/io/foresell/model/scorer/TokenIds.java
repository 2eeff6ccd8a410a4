package io.foresell.model.scorer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects the ids of a text's tokens; belongs to one thread. */
final class TokenIds implements Tokenizing.Sink {
    /** A thread keeps room for so many; one text of more gets its own. */
    private static final int MAX_KEPT = 1 << 18;

    private @Nullable TokenTable table;
    private int[] ids = new int[64];
    private int size;
    private int limit;

    /** Starts anew for a text whose tokens are those of a table; what comes after {@code most} tokens is passed over. */
    TokenIds start(TokenTable next, int most) {
        table = next;
        limit = most;
        size = 0;
        return this;
    }

    @Override
    public void token(String text, int start, int end) {
        if (table == null) {
            throw new IllegalStateException("token without a table");
        }
        if (size < limit) {
            add(table.find(text, start, end));
        }
    }

    void add(int id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size * 2);
        }
        ids[size++] = id;
    }

    int[] ids() {
        return ids;
    }

    int size() {
        return size;
    }

    /** Lets the table go: an unloaded model leaves nothing behind, and neither does a text that was very long. */
    void release() {
        table = null;
        if (ids.length > MAX_KEPT) {
            ids = new int[MAX_KEPT];
        }
    }
}
