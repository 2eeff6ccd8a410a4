package io.foresell.training.serve.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.foresell.kit.ServiceException;
import io.foresell.kit.WireSettings;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.training.job.JobNeeds;
import io.foresell.training.job.JobRun;
import io.foresell.training.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a training process dies of, this process lives and says what it was. The processes are real. */
final class ChildRunnerTest {
    private static final int MEMORY_MIB = 256;

    @TempDir
    Path folder;

    private static ChildRunner runner(String behaviour) {
        List<String> main =
                List.of("-cp", System.getProperty("java.class.path"), Misbehaving.class.getName(), behaviour);
        return new ChildRunner("localhost:1", Duration.ofSeconds(5), WireSettings.local(0, 0), 0, main);
    }

    /** A job on its own folder. */
    private final class TestRun implements JobRun {
        final CountDownLatch heard = new CountDownLatch(1);
        volatile Progress progress = new Progress("", 0, OptionalDouble.empty(), 0, 0, OptionalDouble.empty());
        volatile boolean isStopped;

        @Override
        public String id() {
            return "job-1";
        }

        @Override
        public ByteString spec() {
            return TrainingSpec.newBuilder().setModel("churn").build().toByteString();
        }

        @Override
        public JobNeeds needs() {
            return new JobNeeds(1, MEMORY_MIB);
        }

        @Override
        public JobFolder folder() {
            return new JobFolder(folder);
        }

        @Override
        public Optional<Champion> champion() {
            return Optional.empty();
        }

        @Override
        public void report(Progress reported) {
            progress = reported;
            heard.countDown();
        }

        @Override
        public void judged(ByteString result) {
            throw new AssertionError("nothing is judged");
        }

        @Override
        public boolean isStopped() {
            return isStopped;
        }

        TestRun prepared() throws IOException {
            Files.createDirectories(folder().output());
            Files.createDirectories(folder().temporary());
            return this;
        }
    }

    private ServiceException death(String behaviour) throws IOException {
        TestRun run = new TestRun().prepared();
        return catchThrowableOfType(
                ServiceException.class, () -> runner(behaviour).run(run));
    }

    @Test
    void aFullHeapIsSaidWithTheLimit() throws Exception {
        ServiceException death = death("fill the heap");
        assertThat(death.failure().reason()).isEqualTo("OUT_OF_MEMORY");
        assertThat(death).hasMessageContaining("exhausted at 256 MiB, of which 128 MiB heap");
    }

    @Test
    void memoryOutsideOfTheHeapIsBoundedToo() throws Exception {
        assertThat(death("fill memory").failure().reason()).isEqualTo("OUT_OF_MEMORY");
    }

    @Test
    void aCrashIsSaidWithTheLastLines() throws Exception {
        ServiceException crash = death("crash");
        assertThat(crash.failure().reason()).isEqualTo("CHILD_CRASHED");
        assertThat(crash).hasMessageContaining("code 134, signal 6").hasMessageContaining("about to: crash");
        assertThat(folder.resolve("log.txt")).content().contains("about to: crash");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskUnderTheLogLosesNoLastWords() throws Exception {
        Files.createSymbolicLink(folder.resolve("log.txt"), Path.of("/dev/full"));
        assertThat(death("crash")).hasMessageContaining("code 134").hasMessageContaining("about to: crash");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskUnderTheSpecIsSaid() throws Exception {
        Files.createSymbolicLink(folder.resolve("spec.json"), Path.of("/dev/full"));
        ServiceException refused = death("leave");
        assertThat(refused.failure().reason()).isEqualTo("JOB_FOLDER_UNWRITABLE");
        assertThat(refused).hasMessageContaining("No space left on device (expected: a writable folder with space)");
    }

    @Test
    void leavingWithoutResultsIsACrash() throws Exception {
        ServiceException exit = death("leave");
        assertThat(exit.failure().reason()).isEqualTo("CHILD_CRASHED");
        assertThat(exit).hasMessageContaining("code 0");
    }

    @Test
    void aProcessKilledFromOutsideIsSaidToBe() throws Exception {
        TestRun run = new TestRun().prepared();
        CompletableFuture<ServiceException> death = CompletableFuture.supplyAsync(() -> catchThrowableOfType(
                ServiceException.class, () -> runner("wait").run(run)));
        assertThat(run.heard.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(run.progress.stage()).isEqualTo("fit");
        assertThat(run.progress.loss()).hasValue(0.25);
        assertThat(run.progress.secondsLeft()).hasValue(4);
        child(run).destroyForcibly();
        assertThat(death.get(30, TimeUnit.SECONDS).failure().reason()).isEqualTo("CHILD_KILLED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait", "ignore SIGTERM"})
    void aStoppedJobEndsItsProcess(String behaviour) throws Exception {
        TestRun run = new TestRun().prepared();
        CompletableFuture<Object> end =
                CompletableFuture.supplyAsync(() -> runner(behaviour).run(run));
        assertThat(run.heard.await(30, TimeUnit.SECONDS)).isTrue();
        ProcessHandle child = child(run);
        run.isStopped = true;
        ExecutionException stopped =
                catchThrowableOfType(ExecutionException.class, () -> end.get(30, TimeUnit.SECONDS));
        assertThat(stopped).hasCauseInstanceOf(CancellationException.class);
        assertThat(child.isAlive()).isFalse();
    }

    /** The process says its id as the iteration it is in. */
    private static ProcessHandle child(TestRun run) {
        return ProcessHandle.of(run.progress.iteration()).orElseThrow();
    }
}
