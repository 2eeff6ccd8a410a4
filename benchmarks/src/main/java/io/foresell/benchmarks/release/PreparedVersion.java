package io.foresell.benchmarks.release;

import io.foresell.benchmarks.model.Packages;

/** A version made ahead of time, so that making it takes nothing from the servers that are measured. Immutable. */
public final class PreparedVersion {
    private final int version;
    private final byte[] packageBytes;
    private final float[] scores;

    private PreparedVersion(int version, byte[] packageBytes, float[] scores) {
        this.version = version;
        this.packageBytes = packageBytes;
        this.scores = scores;
    }

    /** Makes a version: the trees of the speed target, others for every version. */
    public static PreparedVersion of(String model, int version, AskedRows rows) {
        byte[] packageBytes = Packages.boosted(model, version);
        return new PreparedVersion(version, packageBytes, rows.scoresOf(packageBytes));
    }

    public int version() {
        return version;
    }

    /** Returns the package; not copied. */
    public byte[] packageBytes() {
        return packageBytes;
    }

    /** Returns what the version must answer a row that was asked. */
    float score(int row) {
        return scores[row];
    }
}
