package io.foresell.standalone.demo;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.foresell.kit.Failure;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceException;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.standalone.cluster.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks for one customer's churn score in the two ways the ready screen shows. */
public final class Answers {
    private static final int REASON_COUNT = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Ports ports;
    private final String customer;

    public Answers(Ports ports, String customer) {
        this.ports = ports;
        this.customer = customer;
    }

    /** Returns the address to get. */
    public String restAddress() {
        return "http://localhost:%d/v1/customers/%s/churn?reasons=%d"
                .formatted(ports.gateway(), customer, REASON_COUNT);
    }

    /** Gets the address and returns the body. */
    public String rest() {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(restAddress()))
                                    .timeout(PATIENCE)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.precondition("GATEWAY_SILENT", "gateway: %s (expected: an answer)".formatted(e)), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** Returns the request as JSON on one line. */
    public String grpcRequest() {
        return json(JsonFormat.printer().omittingInsignificantWhitespace(), request());
    }

    private ScoreRequest request() {
        return ScoreRequest.newBuilder()
                .setModel(DemoRun.MODEL)
                .setEntityKeys(EntityKeys.newBuilder().addKeys(customer))
                .setReasonCount(REASON_COUNT)
                .build();
    }

    /** Sends the request and returns the answer as JSON. */
    public String grpc() {
        return json(JsonFormat.printer(), score());
    }

    ScoreResponse score() {
        try (Telemetry telemetry = Telemetry.local("ready-screen");
                GrpcClient client =
                        GrpcClient.open(Ports.local(ports.inference()), WireSettings.local(0, 0), telemetry)) {
            return InferenceServiceGrpc.newBlockingStub(client.channel()).score(request());
        }
    }

    private static String json(JsonFormat.Printer printer, com.google.protobuf.MessageOrBuilder message) {
        try {
            return printer.print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("our own messages are printable", e);
        }
    }
}
