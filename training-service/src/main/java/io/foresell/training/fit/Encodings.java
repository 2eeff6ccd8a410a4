package io.foresell.training.fit;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.prepare.Family;
import io.foresell.training.prepare.PreparedFold;
import java.util.function.BooleanSupplier;

/**
 * The encodings of raw inputs, fitted on a training fold: what the family needs by default, and otherwise what the plan says. The rows
 * to fit on are {@link #rows}, and encode to what they may know of their labels; others encode as the graph does.
 */
public final class Encodings {
    private final PreparedFold prepared;
    private final BooleanSupplier isCancelled;
    private final Signature signature;
    private final Rows rows;

    /** Reads the features that have a value in the fold and that the plan does not leave out. */
    Encodings(PreparedFold prepared, BooleanSupplier isCancelled) {
        this.prepared = prepared;
        this.isCancelled = isCancelled;
        this.signature = prepared.signature();
        this.rows = prepared.fold().rows(signature);
    }

    /** Returns the raw inputs. */
    public Signature signature() {
        return signature;
    }

    /** Returns the raw training rows. */
    public Rows rows() {
        return rows;
    }

    /** Returns the labels of the training rows: 1 or 0, the index of the class, or the value. */
    public float[] labels() {
        return prepared.fold().labels();
    }

    /** Numbers standardised with missing as the mean, each step of a sequence as a number of its own, texts one-hot. */
    public Preprocessing standardizedFlat() {
        return prepared.encode(Family.STANDARDIZED_FLAT, isCancelled);
    }

    /** Numbers as they are with missing kept, each step of a sequence as a number of its own, texts one-hot. */
    public Preprocessing rawFlat() {
        return prepared.encode(Family.RAW_FLAT, isCancelled);
    }

    /** Numbers and texts as in {@link #standardizedFlat}; each sequence standardised as a whole. */
    public Preprocessing sequential() {
        return prepared.encode(Family.SEQUENTIAL, isCancelled);
    }
}
