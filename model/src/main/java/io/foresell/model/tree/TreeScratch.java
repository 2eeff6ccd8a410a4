package io.foresell.model.tree;

/**
 * Working memory of the calling thread, shared by all ensembles, so that an unloaded one leaves nothing behind. Contents
 * are undefined between calls.
 */
final class TreeScratch {
    private static final ThreadLocal<TreeScratch> OF_THREAD = ThreadLocal.withInitial(TreeScratch::new);

    private int[] keys = new int[256];
    private int[] payloads = new int[256];
    private final PathDependentShap.Walk walk = new PathDependentShap.Walk();
    private final InterventionalShap.Walk backgroundWalk = new InterventionalShap.Walk();

    private TreeScratch() {}

    static TreeScratch ofThread() {
        return OF_THREAD.get();
    }

    PathDependentShap.Walk walk() {
        return walk;
    }

    InterventionalShap.Walk backgroundWalk(int playerCount) {
        return backgroundWalk.ofPlayers(playerCount);
    }

    /** Returns room for the keys of a row. */
    int[] keys(int length) {
        if (keys.length < length) {
            keys = new int[Math.max(length, 2 * keys.length)];
        }
        return keys;
    }

    /** Returns room for one leaf a tree. */
    int[] payloads(int length) {
        if (payloads.length < length) {
            payloads = new int[Math.max(length, 2 * payloads.length)];
        }
        return payloads;
    }
}
