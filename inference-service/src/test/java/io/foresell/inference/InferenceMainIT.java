package io.foresell.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar as a process of its own. */
final class InferenceMainIT {
    private static final Path JAR = Path.of("target", "foresell-inference-service.jar");

    @TempDir
    private Path folder;

    private Process start(Map<String, String> variables, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-jar",
                JAR.toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "FORESELL_GRPC_PORT", "0",
                        "FORESELL_HTTP_PORT", "0",
                        "FORESELL_CACHE_FOLDER", folder.resolve("cache").toString()));
        builder.environment().putAll(variables);
        return builder.start();
    }

    /** Runs to the end and returns the last line printed. */
    private static String lastLineOfFailed(Process process, int expectedExit) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isEqualTo(expectedExit);
        assertThat(output).doesNotContain("\tat ");
        return output.lines().reduce((first, second) -> second).orElse("");
    }

    @Test
    void startsAloneAndStopsCleanlyOnSigterm() throws Exception {
        Process process = start(Map.of());
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = output.readLine();
            while (line != null && !line.contains("started server=inference")) {
                line = output.readLine();
            }
            assertThat(line).isNotNull();
            // The hook that closes the service is set a moment after the start.
            while (line != null && !line.contains("setting traces.endpoint")) {
                line = output.readLine();
            }
            Thread.sleep(500);
            process.toHandle().destroy(); // unlike Process.destroy, leaves the output readable
            List<String> rest = output.lines().toList();
            assertThat(rest).anyMatch(text -> text.contains("stopped server=inference"));
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
    }

    @Test
    void saysInOneLineThatAPortIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            Process process = start(Map.of("FORESELL_GRPC_PORT", Integer.toString(taken.getLocalPort())));
            assertThat(lastLineOfFailed(process, 1))
                    .isEqualTo("inference: grpc.port: %d cannot be bound (expected: a free port)"
                            .formatted(taken.getLocalPort()));
        }
    }

    @Test
    void saysInOneLineThatTheHttpPortIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            Process process = start(Map.of("FORESELL_HTTP_PORT", Integer.toString(taken.getLocalPort())));
            assertThat(lastLineOfFailed(process, 1)).contains("http.port: " + taken.getLocalPort());
        }
    }

    @Test
    void saysInOneLineThatTheCacheFolderCannotBeWritten() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        Process process =
                start(Map.of("FORESELL_CACHE_FOLDER", file.resolve("x").toString()));
        assertThat(lastLineOfFailed(process, 1)).contains("cache.folder", "(expected: a writable folder)");
    }

    @Test
    void refusesAnUnknownKeyNamingTheNearest() throws Exception {
        Path file = Files.writeString(folder.resolve("my.properties"), "cache.foldr=x\n");
        assertThat(lastLineOfFailed(start(Map.of(), file.toString()), 2))
                .contains("cache.foldr", "nearest known: cache.folder");
    }
}
