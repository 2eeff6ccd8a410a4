package io.foresell.benchmarks.soak;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.foresell.benchmarks.load.HttpSubject;
import io.foresell.benchmarks.load.Reply;
import io.foresell.benchmarks.load.Subject;
import io.foresell.benchmarks.model.Packages;
import io.foresell.benchmarks.tensor.Peer;
import io.foresell.benchmarks.tensor.Tensor;
import io.foresell.benchmarks.tensor.TensorRequests;
import io.foresell.benchmarks.tensor.TensorSubjects;
import io.grpc.Channel;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Calls over REST, and of the Open Inference Protocol in every form. */
final class HttpKinds {
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
    private static final int KEYS = 500;

    private final Channel channel;
    private final String inference;
    private final String gateway;

    /**
     * Makes them.
     *
     * @param inference {@code host:port}
     * @param gateway with its scheme
     */
    HttpKinds(Channel channel, String inference, String gateway) {
        this.channel = channel;
        this.inference = inference;
        this.gateway = gateway;
    }

    List<CallKind> all() {
        URI score = URI.create("%s/v1/models/%s:score".formatted(gateway, SoakServers.MODEL));
        URI noModel = URI.create("%s/v1/models/nobody:score".formatted(gateway));
        return List.of(
                CallKind.of("OIP, raw", 4, tensors("grpc://" + inference, "raw")),
                CallKind.of("OIP, typed", 1, tensors("grpc://" + inference, "typed")),
                CallKind.of("OIP, JSON", 2, tensors(gateway, "json")),
                CallKind.of("OIP, binary", 1, tensors(gateway, "binary")),
                CallKind.of("REST, a row", 4, HttpSubject.post("row", score, row(), JSON)),
                CallKind.of("REST, an entity with reasons", 2, HttpSubject.get("entity", entities())),
                CallKind.of(
                        "REST, connection of its own",
                        1,
                        HttpSubject.post(
                                "own",
                                score,
                                row(),
                                Map.of("Content-Type", "application/json", "Connection", "close"))),
                CallKind.refused(
                        "REST, no JSON",
                        1,
                        HttpSubject.post("broken", score, bytes("{\"rows\": [{"), JSON),
                        "status 400"),
                CallKind.refused(
                        "REST, unknown model", 1, HttpSubject.post("nobody", noModel, row(), JSON), "status 404"),
                new CallKind("REST, caller gone half-way", 1, this::halfRequest));
    }

    private Subject tensors(String base, String form) {
        List<Float> numbers = new ArrayList<>();
        for (float number : Packages.boostedRow(3)) {
            numbers.add(number);
        }
        TensorRequests row = new TensorRequests(List.of(Tensor.numbers("numbers", numbers)));
        return new TensorSubjects(row, target -> channel)
                .of(Peer.parse("own=%s/%s?form=%s&input=input".formatted(base, SoakServers.MODEL, form)));
    }

    private static byte[] row() {
        JsonObject values = new JsonObject();
        float[] numbers = Packages.boostedRow(4);
        for (int i = 0; i < numbers.length; i++) {
            if (Float.isFinite(numbers[i])) {
                values.addProperty("number" + i, numbers[i]);
            }
        }
        JsonArray rows = new JsonArray();
        rows.add(values);
        JsonObject body = new JsonObject();
        body.add("rows", rows);
        return bytes(body.toString());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private List<URI> entities() {
        return IntStream.range(0, KEYS)
                .mapToObj(key -> URI.create(
                        "%s/v1/models/%s/entities/known-%d/score".formatted(gateway, SoakServers.MODEL, key)))
                .toList();
    }

    /** Says that a body follows, sends a part of it and hangs up. */
    private CompletableFuture<Reply> halfRequest() {
        URI address = URI.create(gateway);
        String head =
                "POST /v1/models/%s:score HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n"
                        .formatted(SoakServers.MODEL, address.getRawAuthority());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream().write(bytes(head + "{\"rows\": "));
            socket.getOutputStream().flush();
            return CompletableFuture.completedFuture(Reply.ANSWERED);
        } catch (IOException e) {
            return CompletableFuture.completedFuture(Reply.failed(String.valueOf(e)));
        }
    }
}
