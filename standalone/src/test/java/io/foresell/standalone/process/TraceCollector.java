package io.foresell.standalone.process;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** A collector of traces as operators run one: OTLP over gRPC. Keeps who sent a span and which trace it belongs to. */
public final class TraceCollector implements AutoCloseable {
    private static final String SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService";

    private final ConcurrentLinkedQueue<Span> spans = new ConcurrentLinkedQueue<>();
    private final Server server;

    private TraceCollector() throws IOException {
        MethodDescriptor<byte[], byte[]> export = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Export"))
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
        server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(ServerServiceDefinition.builder(SERVICE)
                        .addMethod(export, ServerCalls.asyncUnaryCall((request, out) -> {
                            read(request);
                            out.onNext(new byte[0]); // an empty answer: everything accepted
                            out.onCompleted();
                        }))
                        .build())
                .build()
                .start();
    }

    /** One span as it arrived; ids in hexadecimal, the parent's empty at the root. */
    public record Span(String service, String name, String traceId, String spanId, String parentId) {}

    public static TraceCollector start() throws IOException {
        return new TraceCollector();
    }

    /** Returns the value of {@code traces.endpoint}. */
    public String endpoint() {
        return "http://localhost:" + server.getPort();
    }

    /** Returns what arrived until now, by trace. */
    public Map<String, List<Span>> traces() {
        return spans.stream().collect(Collectors.groupingBy(Span::traceId));
    }

    // Field numbers of opentelemetry/proto/trace/v1/trace.proto.
    private void read(byte[] request) {
        for (UnknownFieldSet ofResource : messages(parsed(ByteString.copyFrom(request)), 1)) {
            String service = messages(ofResource, 1).stream()
                    .flatMap(resource -> messages(resource, 1).stream())
                    .filter(attribute -> text(attribute, 1).equals("service.name"))
                    .map(attribute -> text(messages(attribute, 2).get(0), 1))
                    .findFirst()
                    .orElse("");
            for (UnknownFieldSet ofScope : messages(ofResource, 2)) {
                messages(ofScope, 2)
                        .forEach(span ->
                                spans.add(new Span(service, text(span, 5), hex(span, 1), hex(span, 2), hex(span, 4))));
            }
        }
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet of, int field) {
        return of.getField(field).getLengthDelimitedList().stream()
                .map(TraceCollector::parsed)
                .toList();
    }

    private static UnknownFieldSet parsed(ByteString bytes) {
        try {
            return UnknownFieldSet.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteString bytes(UnknownFieldSet of, int field) {
        List<ByteString> values = of.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? ByteString.EMPTY : values.get(0);
    }

    private static String text(UnknownFieldSet of, int field) {
        return bytes(of, field).toStringUtf8();
    }

    private static String hex(UnknownFieldSet of, int field) {
        StringBuilder hex = new StringBuilder();
        bytes(of, field).forEach(b -> hex.append("%02x".formatted(b)));
        return hex.toString();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
