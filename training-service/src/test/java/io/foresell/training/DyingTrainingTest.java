package io.foresell.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.protobuf.util.JsonFormat;
import io.foresell.kit.Settings;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.registry.v1.ListModelsRequest;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc;
import io.foresell.proto.training.v1.GetJobRequest;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.JobState;
import io.foresell.proto.training.v1.StartJobRequest;
import io.foresell.proto.training.v1.TrainingServiceGrpc;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.store.embedded.EmbeddedStore;
import io.foresell.training.job.JobsConfig;
import io.foresell.training.registry.RegistryConfig;
import io.foresell.training.rollout.RolloutConfig;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real training processes die in the ways of {@code docs/bad-input.md}: the job fails in those words, nothing is published, and the next job
 * of the same service succeeds.
 */
final class DyingTrainingTest {
    private static final List<BadInputTable.Row> TABLE = BadInputTable.section("Training processes");
    private static final String QUICK = "{'candidates':[{'logistic_regression':{}}],'split':{'time':{}}}";
    /** Tries parameters for as long as it may. */
    private static final String LONG =
            "{'candidates':[{'logistic_regression':{},'tuning':{'method':'SEARCH_METHOD_RANDOM','trials':1000,'seconds':%d,"
                    + "'parameters':[{'name':'inverse_penalty','from':0.001,'to':1000,'logarithmic':true}]}}],'split':{'time':{}}%s}";

    @TempDir
    static Path scratch;

    private static EmbeddedStore store;
    private static TestFeatureStore features;
    private static Telemetry telemetry;
    private static TrainingServer server;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() throws IOException {
        store = EmbeddedStore.inMemory();
        features = new TestFeatureStore();
        telemetry = Telemetry.local("training");
        Settings settings = Settings.of(Map.of("jobs.mode", "child", "jobs.threads", "1", "jobs.niceness", "0"));
        server = TrainingServer.start(
                new TrainingConfig(
                        WireSettings.local(0, 0),
                        new TrainingConfig.Mongo(store.uri(), "test", Duration.ofSeconds(1), Duration.ofSeconds(10)),
                        features.target(),
                        Duration.ofSeconds(10),
                        JobsConfig.read(settings, scratch),
                        RegistryConfig.read(settings, scratch),
                        RolloutConfig.read(settings)),
                telemetry);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort())
                .usePlaintext()
                .build();
    }

    /** Whatever died before, the queue goes on. */
    @AfterAll
    static void theNextJobSucceeds() throws Exception {
        try {
            Job next = await(submit("healthy", QUICK), DyingTrainingTest::hasEnded);
            assertThat(next.getState()).as(next.getFailure()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        } finally {
            stop();
        }
    }

    private static void stop() {
        channel.shutdownNow();
        server.close();
        telemetry.close();
        features.close();
        store.close();
    }

    private static Job submit(String model, String overlay) throws IOException {
        TrainingSpec.Builder spec = TrainingSpec.newBuilder()
                .setModel(model)
                .setFeatureSet("customer_features")
                .setLabelView("churned");
        JsonFormat.parser().merge(overlay.replace('\'', '"'), spec);
        return training()
                .startJob(StartJobRequest.newBuilder().setSpec(spec).build())
                .getJob();
    }

    private static TrainingServiceGrpc.TrainingServiceBlockingStub training() {
        return TrainingServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private static Job await(Job job, Predicate<Job> condition) throws InterruptedException {
        long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        Job now = job;
        while (!condition.test(now)) {
            assertThat(System.nanoTime()).as("%s", now).isLessThan(untilNanos);
            Thread.sleep(20);
            now = training()
                    .getJob(GetJobRequest.newBuilder().setJobId(job.getId()).build())
                    .getJob();
        }
        return now;
    }

    private static boolean hasEnded(Job job) {
        return job.getEndedAtMillis() > 0;
    }

    private static boolean isFitting(Job job) {
        return job.getProgress().getStage().startsWith("fit") || hasEnded(job);
    }

    /** Returns the process of the job in work: this test runs one at a time. */
    private static ProcessHandle child() {
        return ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .findFirst()
                .orElseThrow();
    }

    private static void requireFailed(String id, Job ended) throws Exception {
        BadInputTable.Row row = row(id);
        assertThat(ended.getState()).as("%s", ended).isEqualTo(JobState.JOB_STATE_FAILED);
        assertThat(ended.getFailureReason()).as(ended.getFailure()).isEqualTo(row.reason());
        assertThat(row.matches(ended.getFailure())).as(ended.getFailure()).isTrue();
        assertThat(ModelRegistryServiceGrpc.newBlockingStub(channel)
                        .listModels(ListModelsRequest.getDefaultInstance())
                        .getModelsList())
                .noneMatch(model -> model.getName().equals(ended.getSpec().getModel()));
    }

    private static BadInputTable.Row row(String id) {
        return TABLE.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
    }

    @Test
    void networkTooLargeForItsMemory() throws Exception {
        Job job = submit(
                "heavy",
                "{'candidates':[{'network':{'layers':[{'dense':{'units':4096}},{'dense':{'units':4096}},{'dense':{'units':4096}}]}}],'split':{'time':{}},"
                        + "'resources':{'memory_mib':256}}");
        requireFailed("memory-full", await(job, DyingTrainingTest::hasEnded));
    }

    @Test
    void killedByItsId() throws Exception {
        Job job = submit("killed", LONG.formatted(60, ""));
        await(job, DyingTrainingTest::isFitting);
        assertThat(child().destroyForcibly()).isTrue();
        requireFailed("child-killed", await(job, DyingTrainingTest::hasEnded));
    }

    @Test
    void timeOfTheJobTooSmall() throws Exception {
        Job job = submit("late", LONG.formatted(60, ",'resources':{'max_seconds':1.5}"));
        requireFailed("time-limit", await(job, DyingTrainingTest::hasEnded));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void filesThatMayNotGrow() throws Exception {
        assumeThat(Path.of("/usr/bin/prlimit")).exists();
        Job job = submit("large", LONG.formatted(3, ""));
        await(job, DyingTrainingTest::isFitting);
        Process limited = new ProcessBuilder("prlimit", "--pid", Long.toString(child().pid()), "--fsize=4096")
                .inheritIO()
                .start();
        assertThat(limited.waitFor()).isZero();
        requireFailed("files-limited", await(job, DyingTrainingTest::hasEnded));
    }

    /** The process of a Kubernetes Job on a volume of 64 KiB. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void fullDisk() throws Exception {
        Path volume = Files.createDirectory(scratch.resolve("volume"));
        String mount = "mount -t tmpfs -o size=64k none " + volume;
        assumeThat(succeeds(List.of("unshare", "-rm", "sh", "-c", mount)))
                .as("namespaces of users")
                .isTrue();
        Path spec = Files.writeString(
                scratch.resolve("disk.json"),
                ("{'model':'disk','feature_set':'f','label_view':'churned'," + QUICK.substring(1)).replace('\'', '"'));
        String java = ProcessHandle.current().info().command().orElse("java");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        "unshare",
                        "-rm",
                        "sh",
                        "-c",
                        mount + " && " + java
                                + " -Xmx256m -cp \"$CP\" io.foresell.training.TrainMain; code=$?; ls " + volume
                                + "/output >&2; exit $code"))
                .redirectError(scratch.resolve("disk.log").toFile());
        builder.environment()
                .putAll(Map.of(
                        "CP", System.getProperty("java.class.path"),
                        "FORESELL_TRAIN_SPEC", spec.toString(),
                        "FORESELL_TRAIN_OUTPUT", volume.resolve("output").toString(),
                        "FORESELL_TRAIN_THREADS", "1",
                        "FORESELL_FEATURE_STORE_TARGET", features.target()));
        Process process = builder.start();
        process.getOutputStream().close();
        List<String> events =
                new ArrayList<>(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList());
        assertThat(process.waitFor()).as("%s", events).isEqualTo(1);
        String last = events.get(events.size() - 1);
        assertThat(last).contains("\"reason\":\"" + row("disk-full").reason() + "\"");
        String message = last.substring(last.indexOf("\"message\":\"") + 11, last.lastIndexOf("\"}}"));
        assertThat(row("disk-full").matches(message)).as(message).isTrue();
        assertThat(scratch.resolve("disk.log")).content().doesNotContain("results.json");
    }

    private static boolean succeeds(List<String> command) throws Exception {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
