package io.foresell.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VectorModuleTest {
    private static final String REMARK =
            "WARNING: Using incubator modules: jdk.incubator.vector" + System.lineSeparator();

    @Test
    void leavesOnlyTheRemarkOut() throws IOException {
        assertThat(copied(REMARK)).isEmpty();
        assertThat(copied("Picked up JAVA_TOOL_OPTIONS: -Xmx1g\n" + REMARK + "failed: x\n"))
                .isEqualTo("Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nfailed: x\n");
        assertThat(copied(REMARK.strip() + ", other\n")).isEqualTo(REMARK.strip() + ", other\n");
        assertThat(copied("failed: " + REMARK)).isEqualTo("failed: " + REMARK);
        assertThat(copied("WARNING: Using other things\n\rWARNING: U"))
                .isEqualTo("WARNING: Using other things\n\rWARNING: U");
        assertThat(copied("\n" + REMARK.strip())).isEqualTo("\n" + REMARK.strip());
    }

    @Test
    void recognisesTheRemarkOfThisJvm() throws Exception {
        List<String> command = List.of(
                ProcessHandle.current().info().command().orElseThrow(), "--add-modules", VectorModule.NAME, "-version");
        Process child = new ProcessBuilder(command).start();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        VectorModule.copyWithoutRemark(child.getErrorStream(), errors);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(VectorModule.isOffered()).isEqualTo(child.exitValue() == 0);
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("ersion").doesNotContain("incubator");
    }

    /** Copies in one piece and byte by byte; both must agree. */
    private static String copied(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        VectorModule.copyWithoutRemark(new ByteArrayInputStream(bytes), whole);
        List<InputStream> pieces = IntStream.range(0, bytes.length)
                .<InputStream>mapToObj(i -> new ByteArrayInputStream(bytes, i, 1))
                .toList();
        ByteArrayOutputStream inPieces = new ByteArrayOutputStream();
        VectorModule.copyWithoutRemark(new SequenceInputStream(Collections.enumeration(pieces)), inPieces);
        assertThat(inPieces.toByteArray()).isEqualTo(whole.toByteArray());
        return whole.toString(StandardCharsets.UTF_8);
    }
}
