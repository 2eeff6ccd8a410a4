package io.foresell.inference.serve;

import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.ReleaseTerms.Bands;
import io.foresell.inference.route.RouteTable;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.route.WeightedVersion;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.inference.v1.BulkHeader;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ScoreBulkRequest;
import io.foresell.proto.inference.v1.ScoreBulkResponse;
import io.foresell.proto.prediction.v1.PredictionKind;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens bulk streams, chooses the version that each keeps, and ends them when the server drains. */
final class BulkStreams {
    private final ServeParts parts;
    private final SlotChoice slots;
    private final ParkedModels parked;
    private final ScoreErrors errors;
    private final Recording recording;
    private final OpenStreams open = new OpenStreams();
    private final Set<BulkStream> watched = ConcurrentHashMap.newKeySet(); // those that may fall idle: all open ones

    BulkStreams(ServeParts parts, SlotChoice slots, ParkedModels parked, ScoreErrors errors) {
        this.parts = parts;
        this.slots = slots;
        this.parked = parked;
        this.errors = errors;
        this.recording = new Recording(parts.log(), PredictionKind.PREDICTION_KIND_BULK);
        parts.bulkLane().everySecond(() -> watched.forEach(BulkStream::endIfIdle));
    }

    ServeParts parts() {
        return parts;
    }

    ScoreErrors errors() {
        return errors;
    }

    Recording recording() {
        return recording;
    }

    void drain() {
        open.drain();
    }

    void ended(BulkStream stream) {
        watched.remove(stream);
        open.remove(stream);
    }

    private StreamObserver<byte[]> open(StreamObserver<ScoreBulkResponse> responses) {
        BulkStream stream = new BulkStream(this, (ServerCallStreamObserver<ScoreBulkResponse>) responses);
        stream.start();
        watched.add(stream);
        open.add(stream);
        return stream;
    }

    /**
     * Returns the service with a bulk method that takes bytes: parsing a thousand rows by name takes milliseconds, which the
     * network thread does not have.
     */
    ServerServiceDefinition unparsed(ServerServiceDefinition service) {
        MethodDescriptor<ScoreBulkRequest, ScoreBulkResponse> parsed = InferenceServiceGrpc.getScoreBulkMethod();
        MethodDescriptor<byte[], ScoreBulkResponse> method =
                parsed.toBuilder(new Bytes(), parsed.getResponseMarshaller()).build();
        ServiceDescriptor.Builder descriptor = ServiceDescriptor.newBuilder(
                        service.getServiceDescriptor().getName())
                .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
        for (ServerMethodDefinition<?, ?> other : service.getMethods()) {
            if (!isBulk(other)) {
                descriptor.addMethod(other.getMethodDescriptor());
            }
        }
        ServerServiceDefinition.Builder changed =
                ServerServiceDefinition.builder(descriptor.addMethod(method).build());
        for (ServerMethodDefinition<?, ?> other : service.getMethods()) {
            if (!isBulk(other)) {
                changed.addMethod(other);
            }
        }
        return changed.addMethod(method, ServerCalls.asyncBidiStreamingCall(this::open))
                .build();
    }

    private static boolean isBulk(ServerMethodDefinition<?, ?> method) {
        return method.getMethodDescriptor()
                .getFullMethodName()
                .equals(InferenceServiceGrpc.getScoreBulkMethod().getFullMethodName());
    }

    private static final class Bytes implements Marshaller<byte[]> {
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

    /** Puts the opening of a stream off until its model is loaded; returns false when it need not be. */
    boolean defer(BulkHeader header, Runnable work, Consumer<ServiceException> refused) {
        if (header.getResumeToken().isEmpty()) {
            return parked.defer(header.getModel(), work, refused);
        }
        ResumeToken token = ResumeToken.parse(header.getResumeToken());
        boolean isHeld = parts.pins().find(token.model(), token.version(), token.digest()) != null;
        return !isHeld && parked.defer(token.model(), work, refused);
    }

    /**
     * Chooses the version of a stream.
     *
     * @return position 0 unless the header resumes a stream
     * @throws ServiceException when it is not there
     */
    Start start(BulkHeader header) {
        if (!header.getResumeToken().isEmpty()) {
            return resumed(header, ResumeToken.parse(header.getResumeToken()));
        }
        if (header.getModel().isEmpty()) {
            throw new ServiceException(
                    Failure.invalid("MODEL_REQUIRED", "header.model", "", "the name of a model, or a resume token"));
        }
        if (header.getVersion() < 0) {
            throw new ServiceException(Failure.invalid(
                    "VERSION_INVALID", "header.version", header.getVersion(), "0 for the release, or from 1"));
        }
        ModelSlot slot = slots.slot(parts.board().current(), header.getModel());
        ServedVersion served =
                header.getVersion() == 0 ? mainVersion(slot) : SlotChoice.pinned(slot, header.getVersion());
        return new Start(slot.model(), served, slot.terms().bands(), 0);
    }

    private static ServedVersion mainVersion(ModelSlot slot) {
        return slot.routes().stream() // by version: of equal weights the lower
                .max(Comparator.comparingInt(WeightedVersion::weight)
                        .thenComparing(route -> -route.served().version()))
                .map(WeightedVersion::served)
                .orElseThrow();
    }

    private Start resumed(BulkHeader header, ResumeToken token) {
        boolean isOther = !(header.getModel().isEmpty() || header.getModel().equals(token.model()))
                || !(header.getVersion() == 0 || header.getVersion() == token.version());
        if (isOther) {
            throw new ServiceException(Failure.invalid(
                    "RESUME_TOKEN_OF_OTHER_MODEL",
                    "header.resume_token",
                    "version %d of '%s'".formatted(token.version(), token.model()),
                    "a token of '%s' and of the version named".formatted(header.getModel())));
        }
        ServedVersion held = parts.pins().find(token.model(), token.version(), token.digest());
        RouteTable table = parts.board().current();
        if (held != null) {
            ModelSlot current = table.slot(token.model());
            return new Start(
                    token.model(),
                    held,
                    current == null ? null : current.terms().bands(),
                    token.position());
        }
        ModelSlot slot = slots.slot(table, token.model()); // says so while it loads
        ServedVersion served = slot.version(token.version());
        if (served == null || !served.digest().equals(token.digest())) {
            throw new ServiceException(Failure.precondition(
                            "BULK_VERSION_GONE",
                            "header.resume_token: version %d of '%s' is not in memory any more (expected: version %d from the start)"
                                    .formatted(
                                            token.version(),
                                            token.model(),
                                            mainVersion(slot).version()))
                    .with("model", token.model())
                    .with("version", Integer.toString(token.version()))
                    .with("position", Long.toString(token.position())));
        }
        return new Start(token.model(), served, slot.terms().bands(), token.position());
    }

    /**
     * What a stream keeps to its end, and where it begins.
     *
     * @param bands null when the package's own hold
     */
    record Start(String model, ServedVersion served, @Nullable Bands bands, long position) {
        ResumeToken token(long position) {
            return new ResumeToken(model, served.version(), served.digest(), position);
        }
    }
}
