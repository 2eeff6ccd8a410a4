package io.foresell.training.fit;

import io.foresell.training.dataset.TrainingFold;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * What to fit on, and how. Everything that is fitted, encodings included, is fitted on this fold: a fitter has no other rows.
 *
 * @param fold the rows
 * @param preparation how raw features become encoded columns
 * @param classWeights what a row of each class counts
 * @param seed seeds everything random
 * @param listener hears of iterations
 * @param isCancelled asked at least once a second
 * @param checkpoints a folder where a fit may leave its state and take it up again: a fit that was interrupted ends as one
 *     that was not. Several fits may share it; who gives it deletes it. None for most algorithms and by default
 */
public record FitRequest(
        TrainingFold fold,
        Preparation preparation,
        ClassWeights classWeights,
        long seed,
        FitListener listener,
        BooleanSupplier isCancelled,
        Optional<Path> checkpoints) {
    /** Makes a request without a folder for checkpoints. */
    public FitRequest(
            TrainingFold fold,
            Preparation preparation,
            ClassWeights classWeights,
            long seed,
            FitListener listener,
            BooleanSupplier isCancelled) {
        this(fold, preparation, classWeights, seed, listener, isCancelled, Optional.empty());
    }

    /** Returns a request that says nothing but what to fit on. */
    public static FitRequest of(TrainingFold fold, long seed) {
        return new FitRequest(fold, Preparation.NONE, ClassWeights.EQUAL, seed, FitListener.NONE, () -> false);
    }

    /** Returns this request with a listener. */
    public FitRequest heardBy(FitListener newListener) {
        return new FitRequest(fold, preparation, classWeights, seed, newListener, isCancelled, checkpoints);
    }

    /** Returns this request with a way to stop it. */
    public FitRequest until(BooleanSupplier newIsCancelled) {
        return new FitRequest(fold, preparation, classWeights, seed, listener, newIsCancelled, checkpoints);
    }

    /** Returns this request with weights of classes. */
    public FitRequest weighted(ClassWeights newClassWeights) {
        return new FitRequest(fold, preparation, newClassWeights, seed, listener, isCancelled, checkpoints);
    }

    /** Returns this request with a folder for checkpoints. */
    public FitRequest withCheckpoints(Path folder) {
        return new FitRequest(fold, preparation, classWeights, seed, listener, isCancelled, Optional.of(folder));
    }

    /** Returns the encodings fitted on the fold. */
    public Encodings encodings() {
        return new Encodings(fold);
    }

    /** Returns what each row counts, 1 on average. */
    public float[] weights() {
        return classWeights.of(fold);
    }

    /** Ends the fit when it is no longer wanted. */
    public void requireWanted() {
        if (isCancelled.getAsBoolean()) {
            throw new CancellationException("cancelled while fitting");
        }
    }
}
