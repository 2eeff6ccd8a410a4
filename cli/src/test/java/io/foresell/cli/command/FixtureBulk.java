package io.foresell.cli.command;

import io.foresell.proto.inference.v1.BulkRow;
import io.foresell.proto.inference.v1.NamedRow;
import io.foresell.proto.inference.v1.ScoreBulkRequest;
import io.foresell.proto.inference.v1.ScoreBulkResponse;
import io.foresell.proto.inference.v1.ScoreError;
import io.foresell.proto.inference.v1.ScoredRow;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A bulk stream whose score of a row is its position; a row with a text for tenure has none; a token is a position. */
final class FixtureBulk implements StreamObserver<ScoreBulkRequest> {
    private final StreamObserver<ScoreBulkResponse> answers;
    private final List<ScoreBulkRequest> messages;
    private final AtomicInteger breaks;
    private long position;
    private int messageCount;
    private boolean isBroken;

    FixtureBulk(StreamObserver<ScoreBulkResponse> answers, List<ScoreBulkRequest> messages, AtomicInteger breaks) {
        this.answers = answers;
        this.messages = messages;
        this.breaks = breaks;
    }

    @Override
    public void onNext(ScoreBulkRequest message) {
        if (isBroken) {
            return;
        }
        messages.add(message);
        ScoreBulkResponse.Builder answer =
                ScoreBulkResponse.newBuilder().setModel("churn").setModelVersion(2);
        if (message.hasHeader()) {
            String token = message.getHeader().getResumeToken();
            position = token.isEmpty() ? 0 : Long.parseLong(token);
        } else if (++messageCount == 3 && breaks.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            isBroken = true;
            answers.onError(
                    Status.UNAVAILABLE.withDescription("broken on purpose").asRuntimeException());
            return;
        }
        answer.setFirstPosition(position);
        message.getEntityKeys().getKeysList().forEach(key -> answer.addRows(scored(key)));
        message.getNamedRows().getRowsList().forEach(row -> answer.addRows(outcome(row)));
        answers.onNext(answer.setResumeToken(Long.toString(position)).build());
    }

    private BulkRow.Builder outcome(NamedRow row) {
        if (row.getValuesMap().containsKey("tenure")
                && row.getValuesOrThrow("tenure").hasText()) {
            position++;
            return BulkRow.newBuilder()
                    .setError(ScoreError.newBuilder().setReason("INPUT_TYPE").setMessage("tenure: a text, \"so\""));
        }
        return scored("");
    }

    private BulkRow.Builder scored(String key) {
        return BulkRow.newBuilder()
                .setScored(ScoredRow.newBuilder()
                        .setEntityKey(key)
                        .setScore((double) position++)
                        .setModelVersion(2)
                        .setBand("low")
                        .setPredictionId("01ARYZ6S410000000000000000"));
    }

    @Override
    public void onError(Throwable error) {
        isBroken = true;
    }

    @Override
    public void onCompleted() {
        if (!isBroken) {
            answers.onCompleted();
        }
    }
}
