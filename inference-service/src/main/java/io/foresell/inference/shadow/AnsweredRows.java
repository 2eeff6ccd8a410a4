package io.foresell.inference.shadow;

import io.foresell.inference.lookup.FoundFeatures;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.ServedVersion;
import io.foresell.model.Rows;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Rows that one version answered, with what it said of them. Immutable by agreement: arrays are not copied, nobody writes them after the
 * answer.
 */
public final class AnsweredRows {
    private static final int TEXT_VALUES = 16; // what a text counts for beside a number of 4 bytes

    private final ModelSlot slot;
    private final ServedVersion champion;
    private final Rows rows;
    private final long[] keys;
    private final double[] scores;
    private final String[] outcomes;
    private final @Nullable FoundFeatures features;
    private final List<String> subjects;
    private final IntFunction<String> predictionIds;

    /**
     * Keeps rows.
     *
     * @param slot the release that routed them
     * @param champion the version that answered
     * @param rows in the order of its signature
     * @param keys of the rows' subjects
     * @param outcomes bands or labels; empty texts without
     * @param features where the rows came from; null when the caller sent them
     * @param subjects of the rows, the entities' keys of those that were looked up; empty texts without
     * @param predictionIds of the answers, by row
     */
    public AnsweredRows(
            ModelSlot slot,
            ServedVersion champion,
            Rows rows,
            long[] keys,
            double[] scores,
            String[] outcomes,
            @Nullable FoundFeatures features,
            List<String> subjects,
            IntFunction<String> predictionIds) {
        this.slot = slot;
        this.champion = champion;
        this.rows = rows;
        this.keys = keys;
        this.scores = scores;
        this.outcomes = outcomes;
        this.features = features;
        this.subjects = subjects;
        this.predictionIds = predictionIds;
    }

    /** Returns the release that routed them. */
    public ModelSlot slot() {
        return slot;
    }

    ServedVersion champion() {
        return champion;
    }

    Rows rows() {
        return rows;
    }

    long key(int row) {
        return keys[row];
    }

    double score(int row) {
        return scores[row];
    }

    String outcome(int row) {
        return outcomes[row];
    }

    @Nullable
    FoundFeatures features() {
        return features;
    }

    /** Returns the subject of a row, which is the entity's key when features were looked up; empty without. */
    public String subject(int row) {
        return subjects.get(row);
    }

    /** Returns the id of the answer that the caller got. */
    public String predictionId(int row) {
        return predictionIds.apply(row);
    }

    /** Returns how many numbers they hold in memory, about. */
    long values() {
        return rows.numbers().length + (long) TEXT_VALUES * rows.texts().length + 4L * rows.rowCount();
    }
}
