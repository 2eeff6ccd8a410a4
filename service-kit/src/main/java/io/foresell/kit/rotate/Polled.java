package io.foresell.kit.rotate;

/** Something that looks now and then whether it changed. */
public interface Polled {
    /** Returns what it is, for messages and as a metric's tag. */
    String name();

    /** Looks, on the polling thread; returns whether the value is another now. Throws nothing. */
    boolean poll();

    /** Returns why the newest is not in use; empty when it is. */
    String problem();
}
