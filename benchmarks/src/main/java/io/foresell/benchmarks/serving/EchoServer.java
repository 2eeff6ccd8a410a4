package io.foresell.benchmarks.serving;

import com.google.protobuf.ByteString;
import io.foresell.kit.GrpcServer;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.grpc.stub.StreamObserver;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The most a server on our settings could do: parses a {@code ScoreRequest} and answers a {@code ScoreResponse} that was made
 * before. Runs in a process of its own, so that it shares no more with the load generator than the services do.
 */
public final class EchoServer {
    private EchoServer() {}

    /** Arguments: the port, and the answer as hex. Runs until killed. */
    public static void main(String[] arguments) throws Exception {
        ScoreResponse answer =
                ScoreResponse.parseFrom(ByteString.copyFrom(HexFormat.of().parseHex(arguments[1])));
        try (ServiceProcess.Resources resources = new ServiceProcess.Resources()) {
            GrpcServer server = resources.add(GrpcServer.start(
                    "echo",
                    WireSettings.local(Integer.parseInt(arguments[0]), 0),
                    Telemetry.local("echo"),
                    GrpcServer.Threads.NETWORK,
                    List.of(new Echo(answer))));
            server.setServing(true);
            new CountDownLatch(1).await();
        }
    }

    private static final class Echo extends InferenceServiceGrpc.InferenceServiceImplBase {
        private final ScoreResponse answer;

        Echo(ScoreResponse answer) {
            this.answer = answer;
        }

        @Override
        public void score(ScoreRequest request, StreamObserver<ScoreResponse> observer) {
            observer.onNext(answer);
            observer.onCompleted();
        }
    }
}
