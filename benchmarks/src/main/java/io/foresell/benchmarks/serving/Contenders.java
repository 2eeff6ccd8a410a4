package io.foresell.benchmarks.serving;

import io.foresell.benchmarks.load.GrpcSubject;
import io.foresell.benchmarks.load.HttpSubject;
import io.foresell.benchmarks.load.Subject;
import io.foresell.benchmarks.tensor.Peer;
import io.foresell.benchmarks.tensor.TensorForm;
import io.foresell.benchmarks.tensor.TensorSubjects;
import io.foresell.benchmarks.wire.WireSubject;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who takes part: every way into servers, what each is compared with, and other servers that are asked for the same. */
final class Contenders {
    private static final String JSON_TYPE = "application/json";

    private final List<Contender> all = new ArrayList<>();
    private final boolean isLight;
    private final int connectionCount;
    private final TensorSubjects tensors;
    private final Subject echo;
    private final @Nullable Subject bare; // null when it was not built

    /**
     * Starts the baselines and has servers take part over every way in.
     *
     * @param isLight whether a client of our own calls over gRPC, in place of grpc-java
     * @param connectionCount over which a subject of gRPC is called
     */
    Contenders(Servers servers, Baselines baselines, boolean isLight, int connectionCount)
            throws IOException, InterruptedException {
        this.isLight = isLight;
        this.connectionCount = connectionCount;
        this.tensors = tensors(servers);
        List<ScoreRequest> byRow = List.of(servers.row().packed());
        ScoreResponse answer = InferenceServiceGrpc.newBlockingStub(servers.open(servers.inference()))
                .score(byRow.get(0));
        this.echo = score("echo", servers, baselines.startEcho(answer), byRow);
        this.bare = baselines
                .startBareJson()
                .map(address -> post("bare Quarkus JSON", address, servers.row().json()))
                .orElse(null);

        all.add(new Contender(echo, null));
        all.add(new Contender(score("Score by row", servers, servers.inference(), byRow), echo));
        if (!servers.entityKeys().isEmpty()) {
            all.add(new Contender(score("Score by entity id", servers, servers.inference(), byEntity(servers)), echo));
        }
        add(ours(servers, TensorForm.RAW));
        add(ours(servers, TensorForm.TYPED));
        if (bare != null) {
            all.add(new Contender(bare, null));
        }
        all.add(new Contender(post("REST by row", scores(servers), servers.row().json()), bare));
        if (!servers.entityKeys().isEmpty()) {
            all.add(new Contender(HttpSubject.get("REST by entity id", addresses(servers)), bare));
        }
        add(ours(servers, TensorForm.JSON));
        add(ours(servers, TensorForm.BINARY));
    }

    /** Returns whether REST is compared with anything. */
    boolean hasBareJson() {
        return bare != null;
    }

    /** Adds a server of the Open Inference Protocol, which is asked for the same row. */
    void add(Peer peer) {
        add(tensors.of(peer), peer.isGrpc());
    }

    /** Adds servers of other built sources. */
    void addOther(Servers other) {
        add(
                score(
                        "Score by row, other",
                        other,
                        other.inference(),
                        List.of(other.row().packed())),
                true);
        add(post("REST by row, other", scores(other), other.row().json()), false);
        TensorSubjects otherTensors = tensors(other);
        for (TensorForm form : TensorForm.values()) {
            Peer ours = ours(other, form);
            add(otherTensors.of(new Peer("other OIP", ours.base(), ours.model(), "", form, "")), ours.isGrpc());
        }
    }

    private void add(Subject subject, boolean isGrpc) {
        all.add(new Contender(subject, isGrpc ? echo : bare));
    }

    /** Returns those whose names hold the pattern, and the baselines that they are compared with. */
    List<Contender> chosen(Pattern wanted) {
        List<Contender> subjects = all.stream()
                .filter(contender -> wanted.matcher(contender.subject().name()).find())
                .toList();
        return all.stream()
                .filter(contender -> subjects.contains(contender)
                        || subjects.stream().anyMatch(subject -> subject.baseline() == contender.subject()))
                .toList();
    }

    private TensorSubjects tensors(Servers servers) {
        return new TensorSubjects(servers.row().tensors(), servers::open, isLight, connectionCount);
    }

    private Subject score(String name, Servers servers, String target, List<ScoreRequest> requests) {
        MethodDescriptor<ScoreRequest, ScoreResponse> method = InferenceServiceGrpc.getScoreMethod();
        return isLight
                ? new WireSubject(name, target, method.getFullMethodName(), requests, connectionCount)
                : new GrpcSubject<>(
                        name,
                        Stream.generate(() -> servers.open(target))
                                .limit(connectionCount)
                                .toList(),
                        method,
                        requests,
                        response -> "");
    }

    private static Subject post(String name, URI address, byte[] body) {
        return HttpSubject.post(name, address, body, Map.of("Content-Type", JSON_TYPE));
    }

    private static URI scores(Servers servers) {
        return URI.create("%s/v1/models/%s:score"
                .formatted(servers.gateway(), servers.loaded().getModel()));
    }

    private static List<ScoreRequest> byEntity(Servers servers) {
        return servers.entityKeys().stream()
                .map(key -> ScoreRequest.newBuilder()
                        .setModel(servers.loaded().getModel())
                        .setEntityKeys(EntityKeys.newBuilder().addKeys(key))
                        .build())
                .toList();
    }

    /** Reasons take longer than the score; they are asked for neither here nor over gRPC. */
    private static List<URI> addresses(Servers servers) {
        return servers.entityKeys().stream()
                .map(key -> URI.create("%s/v1/models/%s/entities/%s/score?reasons=0"
                        .formatted(servers.gateway(), servers.loaded().getModel(), key)))
                .toList();
    }

    private static Peer ours(Servers servers, TensorForm form) {
        boolean isGrpc = form == TensorForm.RAW || form == TensorForm.TYPED;
        URI base = URI.create(isGrpc ? "grpc://" + servers.inference() : servers.gateway());
        return new Peer("OIP", base, servers.loaded().getModel(), "", form, "");
    }
}
