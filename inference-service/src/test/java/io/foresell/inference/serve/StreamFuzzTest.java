package io.foresell.inference.serve;

import static io.foresell.inference.fixture.Cluster.packed;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.FeatureStorePeer.Online;
import io.foresell.inference.fixture.StreamCaller;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.proto.inference.v1.BulkHeader;
import io.foresell.proto.inference.v1.BulkRow;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.NamedRow;
import io.foresell.proto.inference.v1.NamedRows;
import io.foresell.proto.inference.v1.NumberList;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreBulkRequest;
import io.foresell.proto.inference.v1.ScoreBulkResponse;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreStreamRequest;
import io.foresell.proto.inference.v1.ScoreStreamResponse;
import io.foresell.proto.inference.v1.Value;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of wrong messages on streams: none is answered by INTERNAL, and the server keeps serving. */
final class StreamFuzzTest {
    private static final String[] MODELS = {"churn", "weekly", "chrun", "", "\u0000", "x".repeat(300)};
    private static final String[] WORDS = {
        "basic", "", "tenure", "weekly", "c1", "\uD83D\uDE00", "a".repeat(5000), "NaN"
    };
    private static final double[] NUMBERS = {
        0, -1, 12, 1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, Float.MAX_VALUE
    };
    private static final Set<Status.Code> FORBIDDEN =
            EnumSet.of(Status.Code.INTERNAL, Status.Code.UNKNOWN, Status.Code.DATA_LOSS, Status.Code.UNIMPLEMENTED);

    @TempDir
    private static Path folder;

    private static Cluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = new Cluster(folder);
        cluster.registry
                .publish("churn", 1, TestPackages.logistic("churn", 0))
                .publish("weekly", 1, TestPackages.sequence("weekly"));
        cluster.registry.release("churn", 1, 100);
        cluster.registry.release("weekly", 1, 100);
        cluster.features.put("c1", new Online(12, 70, "basic", 0, List.of()));
        cluster.with("admit.max-bulk-streams", "100").startServing();
    }

    @AfterAll
    static void closeCluster() {
        cluster.close();
    }

    private final Random random = new Random(23);

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private int size() {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> -random.nextInt(1 << 30);
            case 2 -> Integer.MAX_VALUE;
            default -> random.nextInt(5);
        };
    }

    private Value value() {
        Value.Builder value = Value.newBuilder();
        switch (random.nextInt(5)) {
            case 0 -> value.setText(any(WORDS));
            case 1 -> value.setBoolean(random.nextBoolean());
            case 2 -> {
                NumberList.Builder numbers = NumberList.newBuilder();
                for (int i = random.nextInt(6); i > 0; i--) {
                    numbers.addValues(NUMBERS[random.nextInt(NUMBERS.length)]);
                }
                value.setNumbers(numbers);
            }
            case 3 -> value.setNumber(NUMBERS[random.nextInt(NUMBERS.length)]);
            default -> value.clear();
        }
        return value.build();
    }

    private NamedRows named() {
        NamedRows.Builder rows = NamedRows.newBuilder();
        for (int row = random.nextInt(4); row > 0; row--) {
            NamedRow.Builder named = NamedRow.newBuilder().setSubject(any(WORDS));
            for (int i = random.nextInt(3); i > 0; i--) {
                named.putValues(any(WORDS), value());
            }
            rows.addRows(named);
        }
        return rows.build();
    }

    private PackedRows packedRows() {
        PackedRows.Builder rows = PackedRows.newBuilder().setRowCount(size());
        for (int i = random.nextInt(8); i > 0; i--) {
            rows.addNumbers((float) NUMBERS[random.nextInt(NUMBERS.length)]);
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            rows.addTexts(any(WORDS));
        }
        return rows.build();
    }

    private EntityKeys keys() {
        EntityKeys.Builder keys = EntityKeys.newBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            keys.addKeys(any(WORDS));
        }
        return keys.build();
    }

    private ScoreStreamRequest request() {
        ScoreRequest.Builder request = ScoreRequest.newBuilder().setModel(any(MODELS));
        switch (random.nextInt(4)) {
            case 0 -> request.setNamedRows(named());
            case 1 -> request.setPackedRows(packedRows());
            case 2 -> request.setEntityKeys(keys());
            default -> request.clearInput();
        }
        if (random.nextInt(4) == 0) {
            request.setVersion(size()).setReasonCount(size()).setLabelCount(size());
        }
        if (random.nextInt(6) == 0) {
            request.setLanguage(any(WORDS)).setReasonLabel(any(WORDS));
        }
        return ScoreStreamRequest.newBuilder()
                .setId(any(WORDS))
                .setRequest(request)
                .build();
    }

    private ScoreBulkRequest part(boolean isFirst) {
        ScoreBulkRequest.Builder part = ScoreBulkRequest.newBuilder();
        switch (isFirst && random.nextInt(10) > 0 ? 0 : 1 + random.nextInt(20)) {
            case 0 -> {
                BulkHeader.Builder header =
                        BulkHeader.newBuilder().setModel(random.nextInt(3) > 0 ? "churn" : any(MODELS));
                if (random.nextInt(5) == 0) {
                    header.setVersion(size()).setReasonCount(size()).setResumeToken(any(WORDS));
                }
                part.setHeader(header);
            }
            case 1, 2, 3, 4, 5, 6 -> part.setNamedRows(named());
            case 7, 8, 9, 10, 11 -> part.setPackedRows(packedRows());
            case 12, 13, 14, 15, 16 -> part.setEntityKeys(keys());
            case 17 -> part.setHeader(BulkHeader.getDefaultInstance());
            default -> part.clear();
        }
        return part.build();
    }

    private static void requireServing() {
        assertThat(cluster.score(packed("churn", 1, 1, "")).getRowsCount()).isEqualTo(1);
    }

    @Test
    void everyRequestOfAScoreStreamIsAnswered() throws Exception {
        for (int round = 0; round < 12; round++) {
            var stream = StreamCaller.<ScoreStreamRequest, ScoreStreamResponse>open(
                    InferenceServiceGrpc.newStub(cluster.channel()).withDeadlineAfter(60, TimeUnit.SECONDS)
                            ::scoreStream);
            for (int i = 0; i < 500; i++) {
                stream.send(request());
            }
            stream.complete();
            for (ScoreStreamResponse answer : stream.answers(500)) {
                requireAllowed(answer.getError().getCode(), answer);
            }
            assertThat(stream.end()).isEqualTo(Status.OK);
        }
        requireServing();
    }

    private static void requireAllowed(int code, Message answer) {
        assertThat(FORBIDDEN)
                .as(answer.toString())
                .doesNotContain(Status.fromCodeValue(code).getCode());
    }

    @Test
    void aBulkStreamEndsWithAReasonOrGoesOn() throws Exception {
        int ended = 0;
        for (int round = 0; round < 300; round++) {
            var stream = StreamCaller.<ScoreBulkRequest, ScoreBulkResponse>open(
                    InferenceServiceGrpc.newStub(cluster.channel()).withDeadlineAfter(60, TimeUnit.SECONDS)::scoreBulk);
            for (int i = 0; i < 6 && !stream.hasEnded(); i++) {
                send(stream, part(i == 0));
            }
            complete(stream);
            Status end = stream.end();
            assertThat(FORBIDDEN).as(end.toString()).doesNotContain(end.getCode());
            ended += end.isOk() ? 0 : 1;
            while (stream.waiting() > 0) {
                ScoreBulkResponse answer = stream.answer();
                answer.getRowsList().stream()
                        .filter(BulkRow::hasError)
                        .forEach(row -> requireAllowed(row.getError().getCode(), row));
            }
        }
        assertThat(ended).isBetween(30, 299);
        requireServing();
        Cluster.await("no place taken", () -> cluster.metrics().contains("bulk_streams\",service=\"inference\"} 0.0"));
    }

    private static <Q> void send(StreamCaller<Q, ?> stream, Q message) {
        try {
            stream.send(message);
        } catch (IllegalStateException e) {
            assertThat(stream.hasEnded() || e.getMessage().contains("call")).isTrue(); // ended meanwhile
        }
    }

    private static void complete(StreamCaller<?, ?> stream) {
        try {
            stream.complete();
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("call"); // ended meanwhile
        }
    }

    @Test
    void bytesThatAreNoMessageAreRefused() throws Exception {
        MethodDescriptor<ScoreBulkRequest, ScoreBulkResponse> method = InferenceServiceGrpc.getScoreBulkMethod();
        MethodDescriptor<byte[], ScoreBulkResponse> raw =
                method.toBuilder(new Bytes(), method.getResponseMarshaller()).build();
        byte[] sound = ScoreBulkRequest.newBuilder()
                .setHeader(BulkHeader.newBuilder().setModel("churn").setLanguage("en"))
                .build()
                .toByteArray();
        for (int round = 0; round < 400; round++) {
            byte[] bytes = sound.clone();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            var stream = StreamCaller.<byte[], ScoreBulkResponse>open(responses -> ClientCalls.asyncBidiStreamingCall(
                    cluster.channel().newCall(raw, CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS)),
                    responses));
            send(stream, bytes);
            complete(stream);
            Status end = stream.end();
            assertThat(FORBIDDEN).as(end.toString()).doesNotContain(end.getCode());
            if (!isMessage(bytes)) {
                assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            }
        }
        requireServing();
    }

    private static boolean isMessage(byte[] bytes) {
        try {
            return ScoreBulkRequest.parseFrom(bytes).isInitialized();
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException("requests are only sent");
        }
    }
}
