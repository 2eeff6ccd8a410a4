package io.foresell.kit;

import io.grpc.Codec;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Requests whose bytes are no message. gRPC reads messages outside every interceptor and would answer UNKNOWN, as if the server were broken;
 * so here reading never fails: what cannot be read becomes an {@link Unreadable}, which {@link FailureInterceptor} answers.
 */
final class ReadableRequests {
    private ReadableRequests() {}

    /** Stands for a request that cannot be read; types are erased, and nobody but {@link FailureInterceptor} sees it. */
    record Unreadable(Failure failure) {}

    /** Returns the service with methods whose requests can always be read. */
    static ServerServiceDefinition of(ServerServiceDefinition service) {
        Collection<ServerMethodDefinition<?, ?>> known = service.getMethods();
        List<ServerMethodDefinition<?, ?>> methods = known.stream()
                .<ServerMethodDefinition<?, ?>>map(ReadableRequests::of)
                .toList();
        io.grpc.ServiceDescriptor.Builder descriptor = io.grpc.ServiceDescriptor.newBuilder(
                        service.getServiceDescriptor().getName())
                .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder readable = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(readable::addMethod);
        return readable.build();
    }

    private static <Q, A> ServerMethodDefinition<Q, A> of(ServerMethodDefinition<Q, A> method) {
        MethodDescriptor<Q, A> known = method.getMethodDescriptor();
        MethodDescriptor<Q, A> readable = known.toBuilder(
                        new Reading<>(known.getRequestMarshaller()), known.getResponseMarshaller())
                .build();
        return ServerMethodDefinition.create(readable, method.getServerCallHandler());
    }

    private record Reading<Q>(Marshaller<Q> marshaller) implements Marshaller<Q> {
        @Override
        public InputStream stream(Q request) {
            return marshaller.stream(request);
        }

        @Override
        @SuppressWarnings("unchecked") // see Unreadable
        public Q parse(InputStream bytes) {
            try {
                return marshaller.parse(bytes);
            } catch (RuntimeException e) {
                return (Q) new Unreadable(failure(e));
            }
        }

        private static Failure failure(RuntimeException cause) {
            boolean isTooLarge = cause instanceof StatusRuntimeException known
                    && known.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED;
            return isTooLarge
                    ? Failure.invalid("MESSAGE_TOO_LARGE", "message: larger than the limit when unpacked")
                    : Failure.invalid(
                            "MESSAGE_MALFORMED",
                            "message: cannot be read (expected: the protobuf message of the method, packed as grpc-encoding says)");
        }
    }

    /** Returns what gRPC can unpack, apart from that wrong bytes are found when a message is read, not before. */
    static DecompressorRegistry decompressors() {
        return DecompressorRegistry.emptyInstance()
                .with(new Late(new Codec.Gzip()), true)
                .with(Codec.Identity.NONE, false);
    }

    private record Late(Decompressor decompressor) implements Decompressor {
        @Override
        public String getMessageEncoding() {
            return decompressor.getMessageEncoding();
        }

        @Override
        public InputStream decompress(InputStream packed) {
            return new LateStream(packed, stream -> {
                try {
                    return decompressor.decompress(stream);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        }
    }

    /** Begins to unpack at the first byte that is read. */
    private static final class LateStream extends InputStream {
        private final InputStream packed;
        private final UnaryOperator<InputStream> unpack;
        private @Nullable InputStream unpacked;

        LateStream(InputStream packed, UnaryOperator<InputStream> unpack) {
            this.packed = packed;
            this.unpack = unpack;
        }

        private InputStream unpacked() {
            if (unpacked == null) {
                unpacked = unpack.apply(packed);
            }
            return unpacked;
        }

        @Override
        public int read() throws IOException {
            return unpacked().read();
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            return unpacked().read(to, offset, length);
        }

        @Override
        public int available() throws IOException {
            return unpacked().available();
        }

        @Override
        public void close() throws IOException {
            if (unpacked != null) {
                unpacked.close();
            }
            packed.close();
        }
    }
}
