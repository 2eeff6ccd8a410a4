package io.foresell.benchmarks.soak;

import io.foresell.benchmarks.load.GrpcSubject;
import io.foresell.benchmarks.load.Reply;
import io.foresell.benchmarks.load.Subject;
import io.foresell.benchmarks.model.Packages;
import io.foresell.proto.inference.v1.BulkHeader;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreBulkRequest;
import io.foresell.proto.inference.v1.ScoreBulkResponse;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoreStreamRequest;
import io.foresell.proto.inference.v1.ScoreStreamResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Calls of our own API over gRPC: right ones, wrong ones, and callers who go away. */
final class GrpcKinds {
    private static final int KEYS = 500;
    private static final int STREAMED = 8; // requests of a stream
    private static final int BULK_MESSAGES = 3;
    private static final int BULK_ROWS = 50; // of a message
    private static final int NUMBERS = 40;

    private final Channel channel;
    private final String target;
    private final ScoreRequest byRow = request(4).build();

    GrpcKinds(Channel channel, String target) {
        this.channel = channel;
        this.target = target;
    }

    List<CallKind> all() {
        return List.of(
                CallKind.of("Score, 4 rows", 8, score(byRow)),
                CallKind.of(
                        "Score, 3 reasons a row",
                        2,
                        score(byRow.toBuilder().setReasonCount(3).build())),
                CallKind.of("Score, entities", 4, score(byEntity())),
                new CallKind("ScoreStream of 8", 1, this::stream),
                new CallKind("ScoreBulk of 150 rows", 1, this::bulk),
                CallKind.refused(
                        "unknown model",
                        1,
                        score(byRow.toBuilder().setModel("nobody").build()),
                        "NOT_FOUND"),
                CallKind.refused("row too short", 1, score(tooShort()), "INVALID_ARGUMENT"),
                CallKind.refused("unknown entity", 1, score(entity("nobody")), "NOT_FOUND"),
                new CallKind("cancelled at once", 1, this::cancelled),
                new CallKind("deadline of 1 ms", 1, this::hasty),
                new CallKind("connection of its own", 1, this::ownConnection));
    }

    private static ScoreRequest.Builder request(int rowCount) {
        return ScoreRequest.newBuilder().setModel(SoakServers.MODEL).setPackedRows(rows(rowCount));
    }

    private static PackedRows rows(int rowCount) {
        PackedRows.Builder rows = PackedRows.newBuilder().setRowCount(rowCount);
        for (int row = 0; row < rowCount; row++) {
            for (float number : Packages.boostedRow(row)) {
                rows.addNumbers(number);
            }
        }
        return rows.build();
    }

    private static ScoreRequest tooShort() {
        PackedRows.Builder rows = PackedRows.newBuilder().setRowCount(1);
        IntStream.range(0, NUMBERS - 1).forEach(number -> rows.addNumbers(number));
        return ScoreRequest.newBuilder()
                .setModel(SoakServers.MODEL)
                .setPackedRows(rows)
                .build();
    }

    private static ScoreRequest entity(String key) {
        return ScoreRequest.newBuilder()
                .setModel(SoakServers.MODEL)
                .setEntityKeys(EntityKeys.newBuilder().addKeys(key))
                .build();
    }

    private static ScoreRequest[] byEntity() {
        return IntStream.range(0, KEYS).mapToObj(key -> entity("known-" + key)).toArray(ScoreRequest[]::new);
    }

    private Subject score(ScoreRequest... requests) {
        return new GrpcSubject<>(
                "score",
                List.of(channel),
                InferenceServiceGrpc.getScoreMethod(),
                List.of(requests),
                (ScoreResponse answer) -> "");
    }

    private CompletableFuture<Reply> stream() {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        List<String> errors = new ArrayList<>(); // written on one thread at a time
        AtomicInteger answers = new AtomicInteger();
        StreamObserver<ScoreStreamRequest> requests = stub().scoreStream(new Ending<ScoreStreamResponse>(reply) {
            @Override
            public void onNext(ScoreStreamResponse answer) {
                answers.incrementAndGet();
                if (answer.hasError()) {
                    errors.add(answer.getError().getReason());
                }
            }

            @Override
            public void onCompleted() {
                boolean isWhole = answers.get() == STREAMED && errors.isEmpty();
                reply.complete(
                        isWhole ? Reply.ANSWERED : Reply.failed("%d answers, %s".formatted(answers.get(), errors)));
            }
        });
        for (int i = 0; i < STREAMED; i++) {
            requests.onNext(ScoreStreamRequest.newBuilder()
                    .setId("request-" + i)
                    .setRequest(byRow)
                    .build());
        }
        requests.onCompleted();
        return reply;
    }

    private InferenceServiceGrpc.InferenceServiceStub stub() {
        return InferenceServiceGrpc.newStub(channel)
                .withExecutor(Runnable::run)
                .withDeadlineAfter(Subject.MAX_CALL_SECONDS, TimeUnit.SECONDS);
    }

    private CompletableFuture<Reply> bulk() {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        AtomicInteger scored = new AtomicInteger();
        StreamObserver<ScoreBulkRequest> requests = stub().scoreBulk(new Ending<ScoreBulkResponse>(reply) {
            @Override
            public void onNext(ScoreBulkResponse answer) {
                scored.addAndGet((int) answer.getRowsList().stream()
                        .filter(row -> row.hasScored())
                        .count());
            }

            @Override
            public void onCompleted() {
                boolean isWhole = scored.get() == BULK_MESSAGES * BULK_ROWS;
                reply.complete(isWhole ? Reply.ANSWERED : Reply.failed("%d rows scored".formatted(scored.get())));
            }
        });
        requests.onNext(ScoreBulkRequest.newBuilder()
                .setHeader(BulkHeader.newBuilder().setModel(SoakServers.MODEL))
                .build());
        PackedRows rows = rows(BULK_ROWS);
        for (int i = 0; i < BULK_MESSAGES; i++) {
            requests.onNext(ScoreBulkRequest.newBuilder().setPackedRows(rows).build());
        }
        requests.onCompleted();
        return reply;
    }

    /** Ends by the status of its call; too much to do is a refusal. */
    private abstract static class Ending<A> implements StreamObserver<A> {
        private final CompletableFuture<Reply> reply;

        Ending(CompletableFuture<Reply> reply) {
            this.reply = reply;
        }

        @Override
        public void onNext(A answer) {}

        @Override
        public void onError(Throwable error) {
            Status status = Status.fromThrowable(error);
            String cause = status.getCode() + ": " + status.getDescription();
            reply.complete(
                    status.getCode() == Status.Code.RESOURCE_EXHAUSTED ? Reply.refused(cause) : Reply.failed(cause));
        }

        @Override
        public void onCompleted() {
            reply.complete(Reply.ANSWERED);
        }
    }

    private CompletableFuture<Reply> cancelled() {
        return ended(call -> call.cancel("the caller went away", null), Subject.MAX_CALL_SECONDS * 1000L);
    }

    private CompletableFuture<Reply> hasty() {
        return ended(call -> {}, 1);
    }

    private interface Then {
        void with(ClientCall<ScoreRequest, ScoreResponse> call);
    }

    /** A call that may end as it likes, as long as it does. */
    private CompletableFuture<Reply> ended(Then then, long deadlineMillis) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        ClientCall<ScoreRequest, ScoreResponse> call = channel.newCall(
                InferenceServiceGrpc.getScoreMethod(),
                CallOptions.DEFAULT
                        .withExecutor(Runnable::run)
                        .withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS));
        ClientCalls.asyncUnaryCall(call, byRow, new Ending<ScoreResponse>(reply) {
            @Override
            public void onError(Throwable error) {
                Status.Code code = Status.fromThrowable(error).getCode();
                boolean isMeant = code == Status.Code.CANCELLED || code == Status.Code.DEADLINE_EXCEEDED;
                if (isMeant) {
                    reply.complete(Reply.ANSWERED);
                } else {
                    super.onError(error);
                }
            }
        });
        then.with(call);
        return reply;
    }

    private CompletableFuture<Reply> ownConnection() {
        ManagedChannel own = Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
                .build();
        return new GrpcSubject<>(
                        "own",
                        List.of(own),
                        InferenceServiceGrpc.getScoreMethod(),
                        List.of(byRow),
                        (ScoreResponse answer) -> "")
                .call()
                .whenComplete((reply, error) -> own.shutdown());
    }
}
