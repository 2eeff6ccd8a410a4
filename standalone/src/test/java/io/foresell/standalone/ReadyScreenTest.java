package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.ServiceException;
import io.foresell.standalone.cluster.DataFolder;
import io.foresell.standalone.cluster.Ports;
import io.foresell.standalone.cluster.Wire;
import io.foresell.standalone.process.ChildProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadyScreenTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void saysNothingIsReadyWhenItsCallsAreNotAnswered(@TempDir Path folder) throws IOException {
        ReadyScreen screen = screen(folder);
        assertThatThrownBy(() -> screen.print(System.nanoTime(), Optional.of("c-1")))
                .isInstanceOf(ServiceException.class);
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void saysWhatToDoNextWithoutACustomer(@TempDir Path folder) throws IOException {
        screen(folder).print(System.nanoTime(), Optional.empty());
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("Foresell is ready after", "./foresell define");
    }

    private ReadyScreen screen(Path folder) throws IOException {
        int closed = ChildProcess.freePort();
        return new ReadyScreen(
                new PrintStream(printed, false, StandardCharsets.UTF_8),
                new Ports(closed, closed, closed, closed),
                Wire.read("localhost", Optional.empty()),
                DataFolder.open(folder));
    }
}
