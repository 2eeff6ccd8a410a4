package io.foresell.inference.serve;

import io.foresell.inference.admit.CallAdmission;
import io.foresell.inference.admit.CallerQuotas;
import io.foresell.proto.inference.v1.ScoreStreamRequest;
import io.foresell.proto.inference.v1.ScoreStreamResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** Opens score streams and ends them when the server drains. */
final class ScoreStreams {
    private final Scoring scoring;
    private final CallAdmission admission;
    private final CallerQuotas quotas;
    private final ScoreErrors errors;
    private final OpenStreams open = new OpenStreams();

    ScoreStreams(Scoring scoring, CallAdmission admission, CallerQuotas quotas, ScoreErrors errors) {
        this.scoring = scoring;
        this.admission = admission;
        this.quotas = quotas;
        this.errors = errors;
    }

    StreamObserver<ScoreStreamRequest> open(StreamObserver<ScoreStreamResponse> responses) {
        ScoreStream stream =
                new ScoreStream(this, (ServerCallStreamObserver<ScoreStreamResponse>) responses, errors, open::remove);
        stream.start();
        open.add(stream);
        return stream;
    }

    void drain() {
        open.drain();
    }

    Scoring scoring() {
        return scoring;
    }

    CallAdmission admission() {
        return admission;
    }

    CallerQuotas quotas() {
        return quotas;
    }
}
