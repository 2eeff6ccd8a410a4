package io.foresell.standalone.cluster;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The one folder that holds everything a standalone process keeps. */
public record DataFolder(Path root) {
    /**
     * Creates the folder when missing.
     *
     * @throws ServiceException FAILED_PRECONDITION when it cannot be written
     */
    public static DataFolder open(Path root) {
        try {
            Files.createDirectories(root);
            Files.delete(Files.createTempFile(root, "write", ".check"));
            return new DataFolder(root.toAbsolutePath().normalize());
        } catch (IOException | SecurityException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "DATA_FOLDER_UNWRITABLE",
                            "--data: '%s' cannot be written (expected: a writable folder)".formatted(root)),
                    e);
        }
    }

    Path store() {
        return root.resolve("store");
    }

    Path scratch() {
        return root.resolve("scratch");
    }

    Path packages() {
        return root.resolve("packages");
    }

    /** Returns where the demo company's files and the list of finished steps are. */
    public Path demo() {
        return root.resolve("demo");
    }

    /** Returns the log of all services. */
    public Path log() {
        return root.resolve("logs").resolve("foresell.log");
    }
}
