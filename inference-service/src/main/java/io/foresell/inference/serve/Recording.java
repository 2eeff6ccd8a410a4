package io.foresell.inference.serve;

import io.foresell.inference.serve.log.Asked;
import io.foresell.inference.serve.log.PredictionLog;
import io.foresell.inference.serve.log.Sampling;
import io.foresell.model.Rows;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.prediction.v1.PredictionKind;

/** Hands answered rows to the prediction log. Called when the answer is on its way; never waits. */
final class Recording {
    private final PredictionLog log;
    private final PredictionKind kind;

    Recording(PredictionLog log, PredictionKind kind) {
        this.log = log;
        this.kind = kind;
    }

    /** Returns whether any row of such a request may be logged. */
    boolean isOn(ScoreQuery query) {
        return !log.sampling(query.request().getModel(), kind).isOff();
    }

    /** Logs the sampled rows of a batch that the version chosen answered. */
    void add(ScoreQuery query, Batch batch, Rows rows, int revision, ScoredRow[] answers) {
        add(query, batch, false, rows, revision, answers);
    }

    /**
     * Logs the sampled rows of a batch.
     *
     * @param isDegraded whether the batch was answered in place of the version that the release chose
     * @param revision of the release; 0 when the request named the version
     * @param answers at the rows' places in the request
     */
    void add(ScoreQuery query, Batch batch, boolean isDegraded, Rows rows, int revision, ScoredRow[] answers) {
        Sampling sampling = log.sampling(query.request().getModel(), kind);
        if (sampling.isOff()) {
            return;
        }
        Asked asked = new Asked(
                isDegraded ? PredictionKind.PREDICTION_KIND_DEGRADED : kind,
                revision,
                batch.bands(),
                query.reasonCount(),
                query.language().code(),
                query.labelCount(),
                query.request().getReasonLabel());
        for (int place = 0; place < batch.rowCount(); place++) {
            int requestRow = batch.requestRow(place);
            log.log(sampling, batch.served(), asked, query.subject(requestRow), answers[requestRow], rows, place);
        }
    }
}
