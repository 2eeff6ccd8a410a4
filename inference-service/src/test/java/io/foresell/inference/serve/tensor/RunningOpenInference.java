package io.foresell.inference.serve.tensor;

import static io.foresell.inference.fixture.Tensors.numbers;
import static io.foresell.inference.fixture.Tensors.request;
import static io.foresell.inference.fixture.Tensors.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelInferRequest.InferRequestedOutputTensor;
import io.foresell.proto.openinference.ModelInferResponse;
import io.foresell.proto.openinference.ModelMetadataRequest;
import io.foresell.proto.openinference.ModelMetadataResponse;
import io.foresell.proto.openinference.ModelReadyRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A cluster for clients of the protocol, over real sockets with stubs generated from the wire. */
abstract class RunningOpenInference {
    static final float NAN = Float.NaN;

    @TempDir
    static Path folder;

    static Cluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = new Cluster(folder);
        cluster.registry
                .publish("churn", 1, TestPackages.logistic("churn", 0))
                .publish("churn", 2, TestPackages.logistic("churn", 1))
                .publish("split", 1, TestPackages.logistic("split", 0))
                .publish("split", 2, TestPackages.logistic("split", 1))
                .publish("weekly", 1, TestPackages.sequence("weekly"));
        cluster.registry.release("churn", 1, 100);
        cluster.registry.release("weekly", 1, 100);
        cluster.registry.release("split", 1, 70, 2, 30);
        cluster.startServing();
    }

    @AfterAll
    static void closeCluster() {
        cluster.close();
    }

    static ModelInferResponse infer(ModelInferRequest.Builder request) {
        return cluster.tensors().withDeadlineAfter(20, TimeUnit.SECONDS).modelInfer(request.build());
    }

    static ModelInferRequest.Builder churn() {
        return request(
                "churn",
                numbers("tenure", 1, 24, NAN),
                numbers("spend", 20, 70, 55),
                texts("plan", "basic", "gold", ""));
    }

    static void assertChurn(List<Float> scores) {
        assertThat(scores).hasSize(3);
        assertThat(scores.get(0)).isCloseTo((float) TestPackages.expected(0, 1, 20, "basic"), within(1e-6f));
        assertThat(scores.get(1)).isCloseTo((float) TestPackages.expected(0, 24, 70, "gold"), within(1e-6f));
        assertThat(scores.get(2)).isCloseTo((float) TestPackages.expected(0, NAN, 55, ""), within(1e-6f));
    }

    static ModelMetadataResponse metadata(String model) {
        return cluster.tensors()
                .modelMetadata(ModelMetadataRequest.newBuilder().setName(model).build());
    }

    static boolean isReady(String model, String version) {
        return cluster.tensors()
                .modelReady(ModelReadyRequest.newBuilder()
                        .setName(model)
                        .setVersion(version)
                        .build())
                .getReady();
    }

    static InferRequestedOutputTensor output(String name) {
        return InferRequestedOutputTensor.newBuilder().setName(name).build();
    }
}
