package io.foresell.training.serve.process;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.foresell.proto.training.v1.TrainDone;
import io.foresell.proto.training.v1.TrainEvent;
import io.foresell.proto.training.v1.TrainFailure;
import io.foresell.training.run.CandidateOutcome;
import io.foresell.training.run.Progress;
import io.foresell.training.run.ProgressListener;
import io.foresell.training.serve.TrainingProtos;
import java.io.PrintStream;
import java.util.Optional;

/** The events of a training process, one JSON object a line. */
final class EventLines implements ProgressListener {
    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();

    private final PrintStream out;
    private String remark = ""; // written by the thread of the run

    EventLines(PrintStream out) {
        this.out = out;
    }

    @Override
    public void report(Progress progress) {
        say(TrainEvent.newBuilder().setProgress(TrainingProtos.ofProgress(progress)));
    }

    @Override
    public void judged(CandidateOutcome outcome) {
        say(TrainEvent.newBuilder().setJudged(TrainingProtos.ofOutcome(outcome)));
    }

    @Override
    public void decided(String sentence) {
        remark = remark.isEmpty() ? sentence : remark + "\n" + sentence;
    }

    String remark() {
        return remark;
    }

    void failed(String reason, String message) {
        say(TrainEvent.newBuilder()
                .setFailed(TrainFailure.newBuilder().setReason(reason).setMessage(message)));
    }

    void done(int packageCount) {
        say(TrainEvent.newBuilder().setDone(TrainDone.newBuilder().setPackageCount(packageCount)));
    }

    private synchronized void say(TrainEvent.Builder event) {
        try {
            out.println(PRINTER.print(event));
            out.flush();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an event that has no JSON", e);
        }
    }

    /** Reads a line; empty when it is none of ours, as when a native library prints. */
    static Optional<TrainEvent> read(String line) {
        if (!line.startsWith("{")) {
            return Optional.empty();
        }
        try {
            TrainEvent.Builder event = TrainEvent.newBuilder();
            JsonFormat.parser().ignoringUnknownFields().merge(line, event);
            return Optional.of(event.build());
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }
}
