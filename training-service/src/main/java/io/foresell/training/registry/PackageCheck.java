package io.foresell.training.registry;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.PackageException;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.pack.ModelPackage;
import io.foresell.onnxruntime.RunnablePackage;
import java.io.IOException;
import java.nio.file.Path;

/** Decides whether a package file may become a version: it must be sound, and answer its golden rows compiled or in ONNX Runtime. */
final class PackageCheck {
    private static final int JUDGE_THREADS = 1;

    private PackageCheck() {}

    /**
     * What is kept of a sound package.
     *
     * @param manifest without its inputs and labels, of which there may be very many
     * @param engine what ran it, "compiled" or "onnxruntime"
     * @param fallbackReason why it does not compile; empty when it does
     * @param p99Micros 99th percentile of scoring one row, in microseconds; NaN when it was not timed
     */
    record Sound(Manifest manifest, String engine, String fallbackReason, double p99Micros) {}

    /**
     * Runs a package.
     *
     * @throws ServiceException INVALID_ARGUMENT with the reason that the package reader gives
     */
    static Sound check(Path file, String model) {
        return check(file, model, false);
    }

    /** Runs a package as {@link #check} does, and times its scorer. */
    static Sound checkAndTime(Path file, String model) {
        return check(file, model, true);
    }

    private static Sound check(Path file, String model, boolean isTimed) {
        try (RunnablePackage runnable = RunnablePackage.load(ModelPackage.read(file), JUDGE_THREADS)) {
            ModelPackage read = runnable.modelPackage();
            return new Sound(
                    kept(read.manifest(), model),
                    runnable.scorer().engine(),
                    runnable.fallbackReason(),
                    isTimed ? ScorerLatency.p99Micros(runnable.scorer(), read.goldenRows()) : Double.NaN);
        } catch (PackageException e) {
            throw refused(e.reason().name(), e);
        } catch (IOException e) {
            throw refused("PACKAGE_UNREADABLE", e);
        }
    }

    private static Manifest kept(Manifest manifest, String model) {
        if (!manifest.getModel().equals(model)) {
            throw new ServiceException(Failure.invalid(
                    "MODEL_NAME_DIFFERS",
                    "header.model",
                    model,
                    "'%s' as in the package".formatted(manifest.getModel())));
        }
        Manifest.Builder kept = manifest.toBuilder().clearInputs();
        kept.getAnswerBuilder().clearLabels();
        return kept.build();
    }

    private static ServiceException refused(String reason, Exception cause) {
        return new ServiceException(Failure.invalid(reason, "package: " + cause.getMessage()), cause);
    }
}
