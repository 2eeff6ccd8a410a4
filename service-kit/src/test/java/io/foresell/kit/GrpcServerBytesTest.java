package io.foresell.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@link GrpcServer} makes of bytes that no generated client sends, over a real socket. */
final class GrpcServerBytesTest {
    private final ServiceProcess.Resources resources = new ServiceProcess.Resources();

    @AfterEach
    void closeAll() {
        resources.close();
    }

    private GrpcServer start() {
        return resources.add(GrpcServer.start(
                "test",
                WireSettings.local(0, 0),
                Telemetry.local("test"),
                GrpcServer.Threads.POOL,
                List.of(new BehavingService())));
    }

    private static ScoreRequest model(String name) {
        return ScoreRequest.newBuilder().setModel(name).build();
    }

    /** Sends bytes as they are: a method whose requests are not put into a message. */
    private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException("requests are only sent");
        }
    }

    private Failure failureOf(GrpcServer server, CallOptions options, byte[]... messages) throws Exception {
        MethodDescriptor<ScoreRequest, ScoreResponse> method = InferenceServiceGrpc.getScoreMethod();
        WireSettings wire = WireSettings.local(0, 0);
        GrpcClient client =
                resources.add(GrpcClient.open("localhost:" + server.port(), wire, Telemetry.local("client")));
        ClientCall<byte[], ScoreResponse> call = client.channel()
                .newCall(
                        method.toBuilder(new Raw(), method.getResponseMarshaller())
                                .build(),
                        options);
        CompletableFuture<StatusRuntimeException> end = new CompletableFuture<>();
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.complete(status.asRuntimeException(trailers));
                    }
                },
                new Metadata());
        call.request(2);
        for (byte[] message : messages) {
            call.sendMessage(message);
        }
        call.halfClose();
        return FailureStatus.fromStatus(end.get(10, TimeUnit.SECONDS));
    }

    @Test
    void bytesThatAreNoMessageAreTheCallersFault() throws Exception {
        GrpcServer server = start();
        for (byte[] bytes :
                List.of(new byte[] {(byte) 0xFF}, new byte[] {0x0A, 0x7F}, new byte[] {0x0A, 1, (byte) 0xC0})) {
            Failure failure = failureOf(server, CallOptions.DEFAULT, bytes);
            assertThat(failure.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(failure.reason()).isEqualTo("MESSAGE_MALFORMED");
        }
    }

    @Test
    void noMessageOrTwoAreTheCallersFault() throws Exception {
        GrpcServer server = start();
        byte[] sound = model("ours").toByteArray();
        assertThat(failureOf(server, CallOptions.DEFAULT).reason()).isEqualTo("REQUEST_COUNT");
        assertThat(failureOf(server, CallOptions.DEFAULT, sound, sound).reason())
                .isEqualTo("REQUEST_COUNT");
    }

    @Test
    void packedMessagesAreReadAndBombsRefused() throws Exception {
        GrpcServer server = start();
        CallOptions packed = CallOptions.DEFAULT.withCompression("gzip");
        assertThat(failureOf(server, packed, model("thrown").toByteArray()).reason())
                .isEqualTo("ROW_COUNT");
        byte[] bomb = model("x".repeat(40 << 20)).toByteArray();
        assertThat(failureOf(server, packed, bomb).reason()).isEqualTo("MESSAGE_TOO_LARGE");
    }
}
