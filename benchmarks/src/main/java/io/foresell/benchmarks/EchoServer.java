package io.foresell.benchmarks;

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

/**
 * The most a server on our settings could do: parses a {@code ScoreRequest} and answers a {@code ScoreResponse} that was made
 * before. Runs in a process of its own, so that it shares no more with the load generator than the services do.
 */
public final class EchoServer {
    private EchoServer() {}

    /** Arguments: the answer as hex. Prints its port, runs until killed. */
    public static void main(String[] arguments) throws Exception {
        ScoreResponse answer =
                ScoreResponse.parseFrom(ByteString.copyFrom(HexFormat.of().parseHex(arguments[0])));
        try (ServiceProcess.Resources resources = new ServiceProcess.Resources()) {
            GrpcServer server = resources.add(GrpcServer.start(
                    "echo",
                    WireSettings.local(0, 0),
                    Telemetry.local("echo"),
                    GrpcServer.Threads.NETWORK,
                    List.of(new Echo(answer))));
            System.out.println("port " + server.port());
            // The parent holds our standard input: its end is the sign to stop.
            while (System.in.read() >= 0) {}
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
