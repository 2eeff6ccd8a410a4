package io.foresell.gateway.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A replica whose machine vanished says nothing any more, not even that it is gone. */
class SilentPeerTest {
    private volatile boolean isSilent;

    @Test
    void aConnectionThatNobodyAnswersIsGivenUpLongBeforeTheDeadline() throws Exception {
        NioEventLoopGroup threads = new NioEventLoopGroup(1);
        Server server = NettyServerBuilder.forPort(0)
                .permitKeepAliveTime(5, TimeUnit.SECONDS) // as our services do
                .addService(new Answering())
                .build()
                .start();
        try (ServerSocket between = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            start(() -> pass(between, server.getPort()));
            ManagedChannel channel = ScoreLanes.builder("localhost", between.getLocalPort(), threads.next())
                    .usePlaintext()
                    .build();
            var stub = InferenceServiceGrpc.newBlockingStub(channel);
            assertNotNull(stub.withDeadlineAfter(10, TimeUnit.SECONDS).score(ScoreRequest.getDefaultInstance()));
            isSilent = true;
            StatusRuntimeException error =
                    assertThrows(StatusRuntimeException.class, () -> stub.withDeadlineAfter(40, TimeUnit.SECONDS)
                            .score(ScoreRequest.getDefaultInstance()));
            assertEquals(Status.Code.UNAVAILABLE, error.getStatus().getCode());
            channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        } finally {
            server.shutdownNow();
            threads.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                return; // closed by the end of the test
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Passes bytes on in both directions until told to be silent; connections stay open. */
    private void pass(ServerSocket between, int port) throws IOException {
        while (true) {
            Socket near = between.accept();
            if (isSilent) {
                continue; // nobody is there
            }
            Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
            start(() -> copy(near.getInputStream(), far.getOutputStream()));
            start(() -> copy(far.getInputStream(), near.getOutputStream()));
        }
    }

    private void copy(InputStream from, OutputStream to) throws IOException {
        byte[] bytes = new byte[8192];
        for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
            if (!isSilent) {
                to.write(bytes, 0, count);
                to.flush();
            }
        }
    }

    private static final class Answering extends InferenceServiceGrpc.InferenceServiceImplBase {
        @Override
        public void score(ScoreRequest request, StreamObserver<ScoreResponse> out) {
            out.onNext(ScoreResponse.getDefaultInstance());
            out.onCompleted();
        }
    }
}
