package io.foresell.training.registry;

import io.foresell.model.pack.ModelPackage;
import io.foresell.model.scorer.Scorer;
import io.foresell.onnxruntime.RunnablePackage;

/** A package that answers rows, compiled or in ONNX Runtime, whichever answers its golden rows. Closing it ends a native session. */
public final class OpenPackage implements AutoCloseable {
    private final RunnablePackage runnable;

    private OpenPackage(RunnablePackage runnable) {
        this.runnable = runnable;
    }

    /**
     * Opens a package that was read.
     *
     * @param threadCount threads inside one run of ONNX Runtime, 1 or more
     * @throws io.foresell.model.PackageException when no engine here answers its golden rows
     */
    public static OpenPackage of(ModelPackage modelPackage, int threadCount) {
        return new OpenPackage(RunnablePackage.load(modelPackage, threadCount));
    }

    /** Returns what was read. */
    public ModelPackage modelPackage() {
        return runnable.modelPackage();
    }

    /** Returns what answers. */
    public Scorer scorer() {
        return runnable.scorer();
    }

    @Override
    public void close() {
        runnable.close();
    }
}
