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
     */
    record Sound(Manifest manifest, String engine, String fallbackReason) {}

    /**
     * Runs a package.
     *
     * @throws ServiceException INVALID_ARGUMENT with the reason that the package reader gives
     */
    static Sound check(Path file, String model) {
        Sound sound = load(file);
        Manifest manifest = sound.manifest();
        if (!manifest.getModel().equals(model)) {
            throw new ServiceException(Failure.invalid(
                    "MODEL_NAME_DIFFERS",
                    "header.model",
                    model,
                    "'%s' as in the package".formatted(manifest.getModel())));
        }
        Manifest.Builder kept = manifest.toBuilder().clearInputs();
        kept.getAnswerBuilder().clearLabels();
        return new Sound(kept.build(), sound.engine(), sound.fallbackReason());
    }

    private static Sound load(Path file) {
        try (RunnablePackage runnable = RunnablePackage.load(ModelPackage.read(file), JUDGE_THREADS)) {
            return new Sound(
                    runnable.modelPackage().manifest(), runnable.scorer().engine(), runnable.fallbackReason());
        } catch (PackageException e) {
            throw refused(e.reason().name(), e);
        } catch (IOException e) {
            throw refused("PACKAGE_UNREADABLE", e);
        }
    }

    private static ServiceException refused(String reason, Exception cause) {
        return new ServiceException(Failure.invalid(reason, "package: " + cause.getMessage()), cause);
    }
}
