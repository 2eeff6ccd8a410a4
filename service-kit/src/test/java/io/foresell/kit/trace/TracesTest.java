package io.foresell.kit.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.GrpcClient;
import io.foresell.kit.GrpcServer;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A front server asks a back server for each of its calls, over real sockets; callers come with and without a trace. */
final class TracesTest {
    private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
    private static final String SAMPLED = "00-" + TRACE_ID + "-b7ad6b7169203331-01";
    private static final String UNSAMPLED = "00-" + TRACE_ID + "-b7ad6b7169203331-00";
    private static final Metadata.Key<String> TRACEPARENT =
            Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

    private final ServiceProcess.Resources resources = new ServiceProcess.Resources();
    private final BlockingQueue<ReadableSpan> spans = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> arrived =
            new LinkedBlockingQueue<>(); // the back server's traceparent, empty for none
    private final CountDownLatch cancelled = new CountDownLatch(1);

    @AfterEach
    void close() {
        resources.close();
    }

    @Test
    void aCallersTraceIsPassedOnWhereNothingIsExported() throws Exception {
        Channel front = front(Telemetry.local("front"));
        ask(front, SAMPLED, "relay");
        assertThat(taken(arrived)).isEqualTo(SAMPLED);
        ask(front, UNSAMPLED, "relay");
        assertThat(taken(arrived)).isEqualTo(UNSAMPLED);
    }

    @Test
    void noTraceIsMadeUpWhereNothingIsExported() throws Exception {
        Channel front = front(Telemetry.local("front"));
        ask(front, "", "relay");
        assertThat(taken(arrived)).isEmpty();
        ask(front, "00-not-a-trace-01", "relay");
        assertThat(taken(arrived)).isEmpty();
    }

    @Test
    void spansOfOneCallAreOneTraceUnderTheCallers() throws Exception {
        Channel front = front(exporting("front"));
        ask(front, SAMPLED, "relay");
        ReadableSpan client = taken(spans);
        ReadableSpan server = taken(spans);
        assertThat(client.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(server.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(List.of(
                        client.getSpanContext().getTraceId(),
                        server.getSpanContext().getTraceId()))
                .containsOnly(TRACE_ID);
        assertThat(server.getParentSpanContext().getSpanId()).isEqualTo("b7ad6b7169203331");
        assertThat(client.getParentSpanContext().getSpanId())
                .isEqualTo(server.getSpanContext().getSpanId());
        assertThat(taken(arrived))
                .isEqualTo("00-%s-%s-01"
                        .formatted(TRACE_ID, client.getSpanContext().getSpanId()));
    }

    @Test
    void aCallerWhoDoesNotSampleIsNotRecorded() throws Exception {
        ask(front(exporting("front")), UNSAMPLED, "relay");
        assertThat(taken(arrived)).startsWith("00-" + TRACE_ID).endsWith("-00");
        assertThat(spans).isEmpty();
    }

    @Test
    void onlyTheServersFaultsAreErrorsOfItsSpan() throws Exception {
        Channel front = front(exporting("front"));
        assertThatThrownBy(() -> ask(front, SAMPLED, "wrong")).isInstanceOf(StatusRuntimeException.class);
        assertThat(taken(spans).toSpanData().getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThatThrownBy(() -> ask(front, SAMPLED, "away")).isInstanceOf(StatusRuntimeException.class);
        assertThat(taken(spans).toSpanData().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }

    @Test
    void aCallThatIsGivenUpEndsItsSpan() throws Exception {
        Channel front = front(exporting("front"));
        Context.CancellableContext caller = Context.current().withCancellation();
        caller.run(() -> InferenceServiceGrpc.newStub(front)
                .score(ScoreRequest.newBuilder().setModel("silent").build(), new StreamObserver<>() {
                    @Override
                    public void onNext(ScoreResponse answer) {}

                    @Override
                    public void onError(Throwable error) {
                        cancelled.countDown();
                    }

                    @Override
                    public void onCompleted() {}
                }));
        ask(front, "", "wrong-free");
        assertThat(taken(spans).getName()).isEqualTo("foresell.inference.v1.InferenceService/Score");
        caller.cancel(null);
        assertThat(cancelled.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(taken(spans).toSpanData().getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }

    private static <T> T taken(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(5, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private static ScoreResponse ask(Channel channel, String traceparent, String model) {
        Metadata headers = new Metadata();
        if (!traceparent.isEmpty()) {
            headers.put(TRACEPARENT, traceparent);
        }
        return InferenceServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .score(ScoreRequest.newBuilder().setModel(model).build());
    }

    /** Opens a plain channel to a front server that asks a back server, which exports nothing. */
    private Channel front(Telemetry telemetry) {
        resources.add(telemetry);
        Channel back = open(start(new Back(), resources.add(Telemetry.local("back"))), telemetry);
        return open(start(new Front(back), telemetry), resources.add(Telemetry.local("caller")));
    }

    private Telemetry exporting(String name) {
        return Telemetry.withSpans(name, new Recording(spans));
    }

    private int start(InferenceServiceGrpc.InferenceServiceImplBase service, Telemetry telemetry) {
        GrpcServer server = resources.add(GrpcServer.start(
                "test", WireSettings.local(0, 0), telemetry, GrpcServer.Threads.NETWORK, List.of(service)));
        return server.port();
    }

    private Channel open(int port, Telemetry telemetry) {
        return resources
                .add(GrpcClient.open("localhost:" + port, WireSettings.local(0, 0), telemetry))
                .channel();
    }

    private static final class Front extends InferenceServiceGrpc.InferenceServiceImplBase {
        private final Channel back;

        Front(Channel back) {
            this.back = back;
        }

        @Override
        public void score(ScoreRequest request, StreamObserver<ScoreResponse> answer) {
            switch (request.getModel()) {
                case "relay" -> InferenceServiceGrpc.newStub(back).score(request, answer);
                case "wrong" -> answer.onError(Status.INVALID_ARGUMENT.asRuntimeException());
                case "away" -> answer.onError(Status.UNAVAILABLE.asRuntimeException());
                case "silent" -> {} // until its caller gives up
                default -> {
                    answer.onNext(ScoreResponse.getDefaultInstance());
                    answer.onCompleted();
                }
            }
        }
    }

    /** Answers at once; what came with the call is looked at. */
    private final class Back extends InferenceServiceGrpc.InferenceServiceImplBase {
        @Override
        public void score(ScoreRequest request, StreamObserver<ScoreResponse> answer) {
            Metadata sent = new Metadata();
            new Traces(
                            OpenTelemetry.propagating(
                                    ContextPropagators.create(W3CTraceContextPropagator.getInstance())),
                            false)
                    .write(Traces.current(), sent);
            arrived.add(sent.containsKey(TRACEPARENT) ? String.valueOf(sent.get(TRACEPARENT)) : "");
            answer.onNext(ScoreResponse.getDefaultInstance());
            answer.onCompleted();
        }
    }

    private record Recording(BlockingQueue<ReadableSpan> spans) implements SpanProcessor {
        @Override
        public void onStart(io.opentelemetry.context.Context parent, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return false;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            spans.add(span);
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }
}
