package io.foresell.onnxruntime;

import io.foresell.model.PackageException;
import io.foresell.model.pack.LoadedPackage;
import io.foresell.model.pack.ModelPackage;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.UnsupportedOperatorException;

/**
 * A package with the engine that answers its golden rows: compiled code where that does, otherwise ONNX Runtime.
 *
 * @param fallbackReason why compiled code does not, such as the operator and what about it; empty when it does
 */
public record RunnablePackage(LoadedPackage loaded, String fallbackReason) implements AutoCloseable {
    /**
     * Compiles, or opens a session of ONNX Runtime, and replays the golden rows.
     *
     * @param threadCount threads inside one run of ONNX Runtime, 1 or more
     * @throws PackageException when neither engine answers the golden rows, or the package contradicts itself
     */
    public static RunnablePackage load(ModelPackage modelPackage, int threadCount) {
        try {
            return new RunnablePackage(LoadedPackage.load(modelPackage, LoadedPackage.COMPILED), "");
        } catch (UnsupportedOperatorException e) {
            return fallback(modelPackage, threadCount, e, e.words());
        } catch (PackageException e) {
            if (e.reason() != PackageException.Reason.GOLDEN_MISMATCH) {
                throw e;
            }
            return fallback(modelPackage, threadCount, e, String.valueOf(e.getMessage()));
        }
    }

    private static RunnablePackage fallback(
            ModelPackage modelPackage, int threadCount, RuntimeException cause, String reason) {
        try {
            LoadedPackage loaded = LoadedPackage.load(modelPackage, OnnxRuntimeScorer.factory(threadCount));
            return new RunnablePackage(loaded, reason);
        } catch (PackageException e) {
            if (cause instanceof PackageException first) {
                first.addSuppressed(e);
                throw first; // Both differ from the golden rows: the package is wrong, not an engine.
            }
            e.addSuppressed(cause);
            throw e;
        }
    }

    /** Returns what answers. */
    public Scorer scorer() {
        return loaded.scorer();
    }

    /** Returns what was read. */
    public ModelPackage modelPackage() {
        return loaded.modelPackage();
    }

    /** Ends the native session, if there is one, without waiting for the garbage collector; for those who only judge. */
    @Override
    public void close() {
        if (scorer() instanceof OnnxRuntimeScorer session) {
            session.close();
        }
    }
}
