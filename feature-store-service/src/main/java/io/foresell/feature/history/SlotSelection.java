package io.foresell.feature.history;

import io.foresell.feature.define.Layout;
import java.util.Arrays;
import java.util.Collection;

/** The places of a layout that a computation reads. Immutable. */
public final class SlotSelection {
    private final boolean[] isWanted;
    private final boolean[] isText;

    private SlotSelection(boolean[] isWanted, boolean[] isText) {
        this.isWanted = isWanted;
        this.isText = isText;
    }

    /** Selects columns by name; all must be in the layout. */
    public static SlotSelection of(Layout layout, Collection<String> columns) {
        boolean[] isWanted = new boolean[layout.slots().size()];
        boolean[] isText = new boolean[isWanted.length];
        for (String column : columns) {
            int slot = layout.position(column);
            if (slot < 0) {
                throw new IllegalStateException("no column " + column);
            }
            isWanted[slot] = true;
            isText[slot] = layout.slots().get(slot).type().isKeptAsText();
        }
        return new SlotSelection(isWanted, isText);
    }

    int slotCount() {
        return isWanted.length;
    }

    boolean[] wanted() {
        return Arrays.copyOf(isWanted, isWanted.length);
    }

    boolean isNumber(int slot) {
        return isWanted[slot] && !isText[slot];
    }

    boolean isText(int slot) {
        return isWanted[slot] && isText[slot];
    }
}
