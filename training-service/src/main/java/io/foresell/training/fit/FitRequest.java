package io.foresell.training.fit;

import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.prepare.Preparation;
import io.foresell.training.prepare.PreparedFold;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * What to fit on, and how. Everything that is fitted, encodings included, is fitted on this fold: a fitter has no other rows.
 *
 * @param prepared the rows, cleaned, and how their raw features become encoded columns
 * @param classWeights what a row of each class counts
 * @param seed seeds everything random
 * @param listener hears of iterations
 * @param isCancelled asked at least once a second
 * @param checkpoints a folder where a fit may leave its state and take it up again: a fit that was interrupted ends as one
 *     that was not. Several fits may share it; who gives it deletes it. None for most algorithms and by default
 */
public record FitRequest(
        PreparedFold prepared,
        ClassWeights classWeights,
        long seed,
        FitListener listener,
        BooleanSupplier isCancelled,
        Optional<Path> checkpoints) {
    /**
     * Returns a request that cleans a fold first. Parts of the fold of another request were cleaned with it and keep all their rows.
     *
     * @param preparation how raw features become encoded columns
     */
    public FitRequest(
            TrainingFold fold,
            Preparation preparation,
            ClassWeights classWeights,
            long seed,
            FitListener listener,
            BooleanSupplier isCancelled) {
        this(PreparedFold.of(fold, preparation, seed), classWeights, seed, listener, isCancelled, Optional.empty());
    }

    /**
     * Returns a request that cleans a fold first and may leave its state in a folder.
     *
     * @param preparation how raw features become encoded columns
     */
    public FitRequest(
            TrainingFold fold,
            Preparation preparation,
            ClassWeights classWeights,
            long seed,
            FitListener listener,
            BooleanSupplier isCancelled,
            Optional<Path> checkpoints) {
        this(PreparedFold.of(fold, preparation, seed), classWeights, seed, listener, isCancelled, checkpoints);
    }

    /** Returns a request that says nothing but what to fit on. */
    public static FitRequest of(TrainingFold fold, long seed) {
        return new FitRequest(fold, Preparation.NONE, ClassWeights.EQUAL, seed, FitListener.NONE, () -> false);
    }

    /** Returns the rows to fit on: those of the fold that cleaning left. */
    public TrainingFold fold() {
        return prepared.fold();
    }

    /** Returns how raw features become encoded columns. */
    public Preparation preparation() {
        return prepared.plan();
    }

    /** Returns this request with a listener. */
    public FitRequest heardBy(FitListener newListener) {
        return new FitRequest(prepared, classWeights, seed, newListener, isCancelled, checkpoints);
    }

    /** Returns this request with a way to stop it. */
    public FitRequest until(BooleanSupplier newIsCancelled) {
        return new FitRequest(prepared, classWeights, seed, listener, newIsCancelled, checkpoints);
    }

    /** Returns this request with weights of classes. */
    public FitRequest weighted(ClassWeights newClassWeights) {
        return new FitRequest(prepared, newClassWeights, seed, listener, isCancelled, checkpoints);
    }

    /** Returns this request with a folder for checkpoints. */
    public FitRequest withCheckpoints(Path folder) {
        return new FitRequest(prepared, classWeights, seed, listener, isCancelled, Optional.of(folder));
    }

    /** Returns this request for other rows, such as a part of its own. */
    public FitRequest on(TrainingFold newFold) {
        return new FitRequest(newFold, preparation(), classWeights, seed, listener, isCancelled);
    }

    /** Returns this request with another plan for the same rows. */
    public FitRequest preparedBy(Preparation preparation) {
        return new FitRequest(prepared.fold(), preparation, classWeights, seed, listener, isCancelled);
    }

    /** Returns the encodings fitted on the fold. */
    public Encodings encodings() {
        return new Encodings(prepared, isCancelled);
    }

    /** Returns what each row counts, 1 on average. */
    public float[] weights() {
        return classWeights.of(fold());
    }

    /** Ends the fit when it is no longer wanted. */
    public void requireWanted() {
        if (isCancelled.getAsBoolean()) {
            throw new CancellationException("cancelled while fitting");
        }
    }
}
