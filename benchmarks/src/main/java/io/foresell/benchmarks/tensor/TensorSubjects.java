package io.foresell.benchmarks.tensor;

import io.foresell.benchmarks.load.GrpcSubject;
import io.foresell.benchmarks.load.HttpSubject;
import io.foresell.benchmarks.load.Subject;
import io.foresell.benchmarks.wire.WireSubject;
import io.foresell.proto.openinference.GRPCInferenceServiceGrpc;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelInferResponse;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Makes subjects of servers that speak the protocol: ours and others alike, all asked for the same row. */
public final class TensorSubjects {
    private static final String JSON_TYPE = "application/json";
    private static final String BINARY_TYPE = "application/octet-stream";
    private static final String JSON_LENGTH = "Inference-Header-Content-Length";

    private final TensorRequests row;
    private final Function<String, Channel> channels;
    private final boolean isLight;
    private final int connectionCount;

    /** Makes them for one row; {@code channels} opens a channel to {@code host:port} and keeps it. */
    public TensorSubjects(TensorRequests row, Function<String, Channel> channels) {
        this(row, channels, false, 1);
    }

    /** Makes them for one row; those over gRPC over so many connections, with our own light client when {@code isLight}. */
    public TensorSubjects(
            TensorRequests row, Function<String, Channel> channels, boolean isLight, int connectionCount) {
        this.row = row;
        this.channels = channels;
        this.isLight = isLight;
        this.connectionCount = connectionCount;
    }

    /** Returns the subject of a server. */
    public Subject of(Peer peer) {
        TensorRequests asked = peer.input().isEmpty() ? row : row.matrix(peer.input());
        return switch (peer.form()) {
            case RAW -> grpc(peer, asked.raw(peer.model(), peer.version()));
            case TYPED -> grpc(peer, asked.typed(peer.model(), peer.version()));
            case JSON -> HttpSubject.post(
                    peer.title(), peer.inferAddress(), asked.json(), Map.of("Content-Type", JSON_TYPE));
            case BINARY -> binary(peer, asked.binary());
        };
    }

    private Subject grpc(Peer peer, ModelInferRequest request) {
        MethodDescriptor<ModelInferRequest, ModelInferResponse> method = GRPCInferenceServiceGrpc.getModelInferMethod();
        return isLight
                ? new WireSubject(
                        peer.title(), peer.target(), method.getFullMethodName(), List.of(request), connectionCount)
                : new GrpcSubject<>(
                        peer.title(),
                        Stream.generate(() -> channels.apply(peer.target()))
                                .limit(connectionCount)
                                .toList(),
                        method,
                        List.of(request),
                        ModelInferResponse::getModelVersion);
    }

    private static Subject binary(Peer peer, TensorRequests.BinaryBody body) {
        return HttpSubject.post(
                peer.title(),
                peer.inferAddress(),
                body.bytes(),
                Map.of("Content-Type", BINARY_TYPE, JSON_LENGTH, Integer.toString(body.jsonLength())));
    }
}
