package io.foresell.training.registry;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.PackageException;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.pack.LoadedPackage;
import io.foresell.model.pack.ModelPackage;
import io.foresell.model.scorer.UnsupportedOperatorException;
import java.io.IOException;
import java.nio.file.Path;

/** Decides whether a package file may become a version: it must be sound, compile, and answer its golden rows. */
final class PackageCheck {
    private PackageCheck() {}

    /**
     * Returns the manifest without its inputs.
     *
     * @throws ServiceException INVALID_ARGUMENT with the reason that the package reader gives
     */
    static Manifest check(Path file, String model) {
        Manifest manifest = load(file).modelPackage().manifest();
        if (!manifest.getModel().equals(model)) {
            throw new ServiceException(Failure.invalid(
                    "MODEL_NAME_DIFFERS",
                    "header.model",
                    model,
                    "'%s' as in the package".formatted(manifest.getModel())));
        }
        return manifest.toBuilder().clearInputs().build();
    }

    private static LoadedPackage load(Path file) {
        try {
            return LoadedPackage.load(ModelPackage.read(file), LoadedPackage.COMPILED);
        } catch (PackageException e) {
            throw refused(e.reason().name(), e);
        } catch (UnsupportedOperatorException e) {
            throw refused("OPERATOR_UNSUPPORTED", e);
        } catch (IOException e) {
            throw refused("PACKAGE_UNREADABLE", e);
        }
    }

    private static ServiceException refused(String reason, Exception cause) {
        return new ServiceException(Failure.invalid(reason, "package: " + cause.getMessage()), cause);
    }
}
