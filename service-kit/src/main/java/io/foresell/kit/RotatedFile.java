package io.foresell.kit;

import io.foresell.kit.rotate.Rotated;
import io.foresell.kit.rotate.Rotation;
import io.foresell.kit.rotate.UnusableFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** A file of a process that is read again when it changes, watched and closed like everything else of the process. */
public final class RotatedFile {
    private RotatedFile() {}

    /** Makes a value of the bytes of a file. */
    @FunctionalInterface
    public interface Parser<T> {
        T parse(byte[] content) throws UnusableFileException;
    }

    /**
     * Reads the file and follows it until {@code resources} are closed.
     *
     * @throws ServiceException FAILED_PRECONDITION when it cannot be used now
     */
    public static <T> Supplier<T> open(
            String name,
            Path file,
            Parser<T> parser,
            WireSettings wire,
            Telemetry telemetry,
            ServiceProcess.Resources resources) {
        try {
            Rotated<T> rotated = Rotated.read(name, List.of(file), contents -> parser.parse(contents.get(0)));
            Rotation rotation = resources.add(Rotation.every(wire.security().rotation()));
            telemetry.watch(rotation);
            return rotation.add(rotated, () -> {});
        } catch (UnusableFileException e) {
            throw GrpcServer.unusable(e);
        }
    }
}
