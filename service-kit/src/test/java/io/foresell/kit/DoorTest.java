package io.foresell.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.kit.frame.Door;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.InferenceServiceGrpc.InferenceServiceBlockingStub;
import io.foresell.proto.inference.v1.ListLoadedModelsRequest;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is turned away before it is a call, over a real socket. */
final class DoorTest {
    private static final Failure FULL =
            Failure.exhausted("OVERLOADED", "server: behind (expected: fewer calls)", Duration.ofMillis(75));

    private final ServiceProcess.Resources resources = new ServiceProcess.Resources();
    private final Telemetry telemetry = Telemetry.local("test");
    private final Turning admission = new Turning();

    @AfterEach
    void closeAll() {
        resources.close();
    }

    /** Turns away calls of Score while it is told to, and counts what is let in. */
    private static final class Turning implements Admission {
        private final Refusal refusal = new Refusal(FULL, "test");
        private final AtomicInteger entered = new AtomicInteger();
        private volatile boolean isFull = true;

        @Override
        public @Nullable Refusal turnsAway(Door.Headers headers) {
            boolean isScore = headers.path().toString().endsWith("/Score");
            boolean isPatient = headers.get("foresell-test-patient") != null;
            return isFull && isScore && !isPatient ? refusal : null;
        }

        @Override
        public Outcome enter(MethodDescriptor<?, ?> method, Metadata headers) {
            entered.incrementAndGet();
            return (Place) () -> {};
        }
    }

    private InferenceServiceBlockingStub stub() {
        WireSettings wire = WireSettings.local(0, 0);
        GrpcServer server = resources.add(GrpcServer.start(
                "test",
                wire,
                telemetry,
                GrpcServer.Threads.POOL,
                List.of(new BehavingService()),
                new Gate(admission, List.of(), null, 100)));
        GrpcClient client =
                resources.add(GrpcClient.open("localhost:" + server.port(), wire, Telemetry.local("client")));
        return InferenceServiceGrpc.newBlockingStub(client.channel()).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private static ScoreRequest request(int numberCount) {
        PackedRows.Builder rows = PackedRows.newBuilder();
        for (int i = 0; i < numberCount; i++) {
            rows.addNumbers(i);
        }
        return ScoreRequest.newBuilder().setModel("ours").setPackedRows(rows).build();
    }

    private static Failure failure(InferenceServiceBlockingStub stub, ScoreRequest request) {
        try {
            throw new AssertionError("answered " + stub.score(request));
        } catch (StatusRuntimeException e) {
            return FailureStatus.fromStatus(e);
        }
    }

    @Test
    void whoIsTurnedAwayIsToldAllThatARefusedCallIsTold() {
        Failure failure = failure(stub(), request(1));
        assertThat(failure.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(failure.reason()).isEqualTo("OVERLOADED");
        assertThat(failure.message()).isEqualTo(FULL.message());
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofMillis(75));
        assertThat(admission.entered).hasValue(0);
        assertThat(telemetry.meters().scrape())
                .contains("grpc_server_call_seconds_count{code=\"RESOURCE_EXHAUSTED\","
                        + "method=\"foresell.inference.v1.InferenceService/Score\"");
    }

    @Test
    void aConnectionGoesOnAfterManyWereTurnedAwayWithAllTheySent() {
        InferenceServiceBlockingStub stub = stub();
        ScoreRequest large = request(100_000); // 50 of them are many times what HTTP/2 lets a connection send unread
        for (int i = 0; i < 50; i++) {
            assertThat(failure(stub, large).reason()).isEqualTo("OVERLOADED");
        }
        admission.isFull = false;
        assertThat(stub.score(large).getModel()).isEqualTo("ours");
        assertThat(admission.entered).hasValue(1);
    }

    @Test
    void othersAreLetInMeanwhile() {
        InferenceServiceBlockingStub stub = stub();
        var unused = stub.listLoadedModels(ListLoadedModelsRequest.getDefaultInstance());
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("foresell-test-patient", Metadata.ASCII_STRING_MARSHALLER), "yes");
        assertThat(stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                        .score(request(1))
                        .getModel())
                .isEqualTo("ours");
        assertThat(admission.entered).hasValue(2);
        assertThat(failure(stub, request(1)).reason()).isEqualTo("OVERLOADED");
    }
}
