package io.foresell.inference.serve.tensor;

import static io.foresell.inference.fixture.Tensors.input;
import static io.foresell.inference.fixture.Tensors.raw;
import static io.foresell.inference.fixture.Tensors.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.proto.openinference.ModelConfigRequest;
import io.foresell.proto.openinference.ModelReadyRequest;
import io.foresell.proto.openinference.ModelRepositoryParameter;
import io.foresell.proto.openinference.RepositoryIndexRequest;
import io.foresell.proto.openinference.RepositoryModelLoadRequest;
import io.foresell.proto.openinference.RepositoryModelUnloadRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listing, loading and unloading models by order, and that releases keep the last word. */
final class ModelControlTest {
    @TempDir
    private Path folder;

    private Cluster cluster;

    @BeforeEach
    void startCluster() {
        cluster = new Cluster(folder);
        cluster.registry
                .publish("churn", 1, TestPackages.logistic("churn", 0))
                .publish("churn", 2, TestPackages.logistic("churn", 1))
                .publish("broken", 1, TestPackages.withWrongGolden("broken", 0, 0.1));
        cluster.registry.release("churn", 1, 100);
    }

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    private void load(String model) {
        var response = cluster.tensors()
                .repositoryModelLoad(RepositoryModelLoadRequest.newBuilder()
                        .setModelName(model)
                        .build());
        assertThat(response.getIsLoaded()).isTrue();
        assertThat(response.getModelName()).isEqualTo(model);
    }

    private void unload(String model) {
        var response = cluster.tensors()
                .repositoryModelUnload(RepositoryModelUnloadRequest.newBuilder()
                        .setModelName(model)
                        .build());
        assertThat(response.getIsUnloaded()).isTrue();
    }

    private boolean isReady(String model) {
        return cluster.tensors()
                .modelReady(ModelReadyRequest.newBuilder().setName(model).build())
                .getReady();
    }

    private List<String> index(boolean onlyReady) {
        return cluster
                .tensors()
                .repositoryIndex(
                        RepositoryIndexRequest.newBuilder().setReady(onlyReady).build())
                .getModelsList()
                .stream()
                .map(model -> "%s %s %s %s"
                        .formatted(model.getName(), model.getVersion(), model.getState(), model.getReason()))
                .toList();
    }

    private static Failure failureOf(Runnable call) {
        try {
            call.run();
            throw new AssertionError("answered");
        } catch (StatusRuntimeException e) {
            return FailureStatus.fromStatus(e);
        }
    }

    @Test
    void unloadsAndLoadsAgain() {
        cluster.startServing();
        assertThat(index(false)).contains("churn 1 READY ", "simple 1 READY ");
        unload("churn");
        assertThat(isReady("churn")).isFalse();
        assertThat(index(false)).contains("churn 1 UNAVAILABLE unloaded");
        assertThat(index(true)).noneMatch(line -> line.startsWith("churn"));
        Failure failure = cluster.failureOf(Cluster.packed("churn", 1, 1, ""));
        assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(failure.reason()).isEqualTo("MODEL_UNLOADED");
        unload("churn"); // again changes nothing
        load("churn");
        assertThat(isReady("churn")).isTrue();
        assertThat(cluster.score(Cluster.packed("churn", 1, 1, "")).getRows(0).getModelVersion())
                .isEqualTo(1);
        load("churn"); // again changes nothing
    }

    @Test
    void staysUnloadedWhenTheRegistryOnlySaysTheSameAgain() {
        cluster.startServing();
        unload("churn");
        int watches = cluster.registry.watchCount();
        cluster.registry.stop();
        cluster.registry.restart();
        Cluster.await(
                "a new watch",
                () -> cluster.registry.watchCount() > watches && cluster.list().getIsRegistryConnected());
        assertThat(isReady("churn")).isFalse();
        cluster.registry.release("churn", 2, 100);
        cluster.awaitRevision("churn", 2);
        assertThat(isReady("churn")).isTrue();
    }

    @Test
    void saysWhyAModelCannotBeLoaded() {
        cluster.registry.release("broken", 1, 100);
        cluster.startServing();
        Cluster.await("a failure", () -> index(false).stream()
                .anyMatch(line -> line.startsWith("broken 1 UNAVAILABLE release")));
        Failure failure = failureOf(() -> load("broken"));
        assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(failure.message()).startsWith("failed to load 'broken', ").contains("GOLDEN");
        Failure unknown = failureOf(() -> load("nope"));
        assertThat(unknown.code()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(unknown.message()).startsWith("failed to load 'nope', ");
        assertThat(failureOf(() -> unload("nope")).message()).startsWith("failed to unload 'nope', ");
        assertThat(failureOf(() -> load("")).reason()).isEqualTo("MODEL_REQUIRED");
    }

    @Test
    void findsTheNameWhereAnotherProtocolPutsIt() {
        cluster.startServing();
        var unloaded = cluster.tensors()
                .repositoryModelUnload(RepositoryModelUnloadRequest.newBuilder()
                        .setRepositoryName("churn")
                        .build());
        assertThat(unloaded.getModelName()).isEqualTo("churn");
        assertThat(isReady("churn")).isFalse();
        assertThat(failureOf(() -> {
                            var unused = cluster.tensors()
                                    .repositoryModelLoad(RepositoryModelLoadRequest.newBuilder()
                                            .setRepositoryName("files")
                                            .setModelName("churn")
                                            .build());
                        })
                        .reason())
                .isEqualTo("REPOSITORY_UNKNOWN");
    }

    private Failure failureOfLoad(String model, String parameter, String value) {
        return failureOf(() -> {
            var unused = cluster.tensors().repositoryModelLoad(withParameter(model, parameter, value));
        });
    }

    private static RepositoryModelLoadRequest withParameter(String model, String parameter, String value) {
        return RepositoryModelLoadRequest.newBuilder()
                .setModelName(model)
                .putParameters(
                        parameter,
                        ModelRepositoryParameter.newBuilder()
                                .setStringParam(value)
                                .build())
                .build();
    }

    @Test
    void overridesTheConfigurationOfTestModelsOnly() {
        cluster.startServing();
        var unused =
                cluster.tensors().repositoryModelLoad(withParameter("simple", "config", "{\"max_batch_size\":\"16\"}"));
        assertThat(cluster.tensors()
                        .modelConfig(ModelConfigRequest.newBuilder()
                                .setName("simple")
                                .build())
                        .getConfig()
                        .getMaxBatchSize())
                .isEqualTo(16);
        assertThat(failureOfLoad("simple", "config", "\"parameters\": {{").message())
                .startsWith("failed to load 'simple', ");
        assertThat(failureOfLoad("churn", "config", "{}").reason()).isEqualTo("PARAMETER_UNSUPPORTED");
        assertThat(failureOfLoad("simple", "file:1/model", "x").reason()).isEqualTo("PARAMETER_UNSUPPORTED");
    }

    @Test
    void refusesOrdersWhenControlIsOff() {
        cluster.with("open-inference.test-models", "false")
                .with("open-inference.model-control", "false")
                .startServing();
        Failure failure = failureOf(() -> unload("churn"));
        assertThat(failure.code()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(failure.reason()).isEqualTo("MODEL_CONTROL_OFF");
        assertThat(isReady("churn")).isTrue();
        assertThat(index(false)).containsExactly("churn 1 READY ");
        assertThatThrownBy(() -> cluster.tensors()
                        .modelInfer(request("simple", input("INPUT0", "INT32", 1, 1))
                                .addRawInputContents(raw(1))
                                .build()))
                .hasMessageContaining("Request for unknown model");
    }

    /** Callers see the answer of the loaded model or that it is unloaded, nothing else, whatever happens between. */
    @Test
    void answersOrSaysUnloadedWhileOrdersComeAndGo() throws InterruptedException {
        cluster.startServing();
        AtomicBoolean isDone = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        Set<String> reasons = ConcurrentHashMap.newKeySet();
        Thread caller = new Thread(() -> {
            while (!isDone.get()) {
                try {
                    var unused = cluster.stub()
                            .score(Cluster.packed("churn", 1, 1, "").build());
                    answered.incrementAndGet();
                } catch (StatusRuntimeException e) {
                    reasons.add(FailureStatus.fromStatus(e).reason());
                }
            }
        });
        caller.start();
        for (int round = 0; round < 5; round++) {
            unload("churn");
            load("churn");
        }
        isDone.set(true);
        caller.join();
        assertThat(answered).hasPositiveValue();
        assertThat(reasons).isSubsetOf("MODEL_UNLOADED", "MODEL_LOADING");
    }
}
