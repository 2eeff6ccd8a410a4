package io.foresell.standalone.fuzz;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes calls that are wrong in one way or another: message, bytes, framing or headers. */
final class GrpcCases {
    /** What is wrong about a call. */
    enum Kind {
        MESSAGE,
        BYTES,
        FRAME,
        HEADERS
    }

    /** A call and what is wrong with it. */
    record Case(Kind kind, MethodDescriptor<?, ?> method, GrpcWire.Call call) {}

    private static final List<Kind> KINDS = List.of(
            Kind.MESSAGE,
            Kind.MESSAGE,
            Kind.MESSAGE,
            Kind.MESSAGE,
            Kind.BYTES,
            Kind.BYTES,
            Kind.FRAME,
            Kind.HEADERS,
            Kind.HEADERS);

    private final List<MethodDescriptor<?, ?>> methods = new ArrayList<>();
    private final Map<String, List<Message>> sound;

    /**
     * @param sound requests that are answered, by full method name, to be changed a little
     * @param spared methods that are not called
     */
    GrpcCases(List<ServiceDescriptor> services, Map<String, List<Message>> sound, Set<String> spared) {
        services.forEach(service -> service.getMethods().stream()
                .filter(method -> !spared.contains(method.getBareMethodName()))
                .forEach(methods::add));
        this.sound = sound;
    }

    Case make(long seed, int number) {
        Dice dice = new Dice(seed, number);
        Kind kind = dice.any(KINDS);
        MethodDescriptor<?, ?> method = dice.any(methods);
        byte[] message = message(dice, method).toByteArray();
        byte[] framed = framed(0, message);
        List<Map.Entry<String, String>> headers = headers(method, kind == Kind.HEADERS ? "2S" : "20S");
        switch (kind) {
            case MESSAGE -> {}
            case BYTES -> framed = framed(0, dice.damaged(message));
            case FRAME -> framed = wronglyFramed(dice, message, headers);
            case HEADERS -> new GrpcHeaders(dice).spoil(headers);
        }
        return new Case(kind, method, new GrpcWire.Call(headers, framed));
    }

    private Message message(Dice dice, MethodDescriptor<?, ?> method) {
        Messages messages = new Messages(dice);
        List<Message> known = sound.getOrDefault(method.getFullMethodName(), List.of());
        if (!known.isEmpty() && dice.below(4) > 0) {
            return messages.changed(dice.any(known));
        }
        var supplier = (ProtoMethodDescriptorSupplier) method.getSchemaDescriptor();
        return messages.any(supplier.getMethodDescriptor().getInputType());
    }

    /** Streams that never end are cut off soon. */
    static List<Map.Entry<String, String>> headers(MethodDescriptor<?, ?> method, String timeout) {
        boolean isUnary = method.getType().serverSendsOneMessage();
        return new ArrayList<>(List.of(
                Map.entry(":method", "POST"),
                Map.entry(":scheme", "http"),
                Map.entry(":path", "/" + method.getFullMethodName()),
                Map.entry(":authority", "localhost"),
                Map.entry("te", "trailers"),
                Map.entry("content-type", "application/grpc"),
                Map.entry("grpc-timeout", isUnary ? timeout : "60m")));
    }

    static byte[] framed(int flags, byte[] message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) flags)
                .putInt(message.length)
                .put(message)
                .array();
    }

    private static byte[] wronglyFramed(Dice dice, byte[] message, List<Map.Entry<String, String>> headers) {
        byte[] framed = framed(0, message);
        return switch (dice.below(10)) {
            case 0 -> framed(1, message); // compressed, it says
            case 1 -> framed(2 + dice.below(250), message);
            case 2 -> ofLength(framed, message.length + 1 + dice.below(100));
            case 3 -> ofLength(framed, Math.max(0, message.length - 1 - dice.below(10)));
            case 4 -> ofLength(framed, (int) dice.whole());
            case 5 -> Arrays.copyOf(framed, dice.below(framed.length));
            case 6 -> twice(framed);
            case 7 -> {
                headers.add(Map.entry("grpc-encoding", dice.any(List.of("gzip", "identity", "snappy", ""))));
                yield framed(1, dice.damaged(message));
            }
            case 8 -> null;
            default -> dice.bytes(dice.below(100));
        };
    }

    private static byte[] ofLength(byte[] framed, int length) {
        return ByteBuffer.wrap(framed).putInt(1, length).array();
    }

    private static byte[] twice(byte[] framed) {
        return ByteBuffer.allocate(2 * framed.length).put(framed).put(framed).array();
    }
}
