package io.foresell.training.rollout.observe;

/** What one replica, or all together, counted under the release of a stage. */
public record WindowCounts(VersionCounts champion, VersionCounts candidate, ShadowCounts shadow) {
    /** Nothing was counted. */
    public static final WindowCounts NONE = new WindowCounts(VersionCounts.NONE, VersionCounts.NONE, ShadowCounts.NONE);

    /** Returns how much was counted; never falls while a process counts. */
    long size() {
        return champion.callCount()
                + champion.errorCount()
                + candidate.callCount()
                + candidate.errorCount()
                + shadow.rowCount()
                + shadow.errorCount()
                + shadow.droppedCount();
    }

    /** Returns the counts of both. */
    public WindowCounts plus(WindowCounts other) {
        return new WindowCounts(
                champion.plus(other.champion), candidate.plus(other.candidate), shadow.plus(other.shadow));
    }
}
