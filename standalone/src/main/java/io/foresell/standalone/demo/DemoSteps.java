package io.foresell.standalone.demo;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/** The steps of the demo that are done, in a small file that is replaced as a whole. */
final class DemoSteps {
    private final Path file;
    private final Properties done = new Properties();

    DemoSteps(Path folder) {
        this.file = folder.resolve("steps.properties");
        if (Files.isRegularFile(file)) {
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                done.load(reader);
            } catch (IOException e) {
                throw unusable(e);
            }
        }
    }

    Optional<String> result(String step) {
        return Optional.ofNullable(done.getProperty(step));
    }

    void finish(String step, String result) {
        done.setProperty(step, result);
        try {
            Files.createDirectories(file.getParent());
            Path next = file.resolveSibling("steps.next");
            try (Writer writer = Files.newBufferedWriter(next, StandardCharsets.UTF_8)) {
                done.store(writer, null);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private ServiceException unusable(IOException e) {
        return new ServiceException(
                Failure.precondition(
                        "DEMO_FOLDER_UNUSABLE", "%s: %s (expected: readable and writable)".formatted(file, e)),
                e);
    }
}
