package io.foresell.inference.serve.tensor;

import io.foresell.inference.route.ReleaseTerms;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.serve.RowScoring;
import io.foresell.inference.serve.log.Asked;
import io.foresell.inference.serve.log.LoggedAnswer;
import io.foresell.inference.serve.log.PredictionLog;
import io.foresell.inference.serve.log.RecordProtos;
import io.foresell.inference.serve.log.Sampling;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.prediction.v1.PredictionKind;
import io.foresell.proto.prediction.v1.PredictionRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of the protocol that was answered and is to be logged. Its tensors are read and scored once more, on the log's thread: a
 * version answers the same bits each time, and the thread that serves does nothing but keep the request.
 */
record TensorAnswer(PackageModel model, TensorRequest tensors, RowIds ids, boolean hasFeatures, int requestBytes)
        implements LoggedAnswer {
    private static final int DEFAULT_LABELS = 5;

    /** Logs an answered request, if its subject, or without one the request, is sampled. */
    static void log(PredictionLog log, TensorModel model, TensorRequest tensors, RowIds ids, int requestBytes) {
        if (!(model instanceof PackageModel released)) {
            return; // test models are nobody's predictions
        }
        Sampling sampling = log.sampling(released.name(), PredictionKind.PREDICTION_KIND_OPEN_INFERENCE);
        if (!sampling.isOff() && sampling.takes(ids.subject(), ids.subject().isEmpty() ? ids.text(0) : "")) {
            log.offer(new TensorAnswer(released, tensors, ids, sampling.hasFeatures(), requestBytes));
        }
    }

    @Override
    public ServedVersion served() {
        return model.served();
    }

    @Override
    public int bytes() {
        return 2 * requestBytes + 200;
    }

    @Override
    public List<PredictionRecord> records() {
        ServedVersion served = model.served();
        Signature signature = served.modelPackage().signature();
        PackageQuestion question = PackageQuestion.of(tensors, model.asked());
        Rows rows = model.rows(tensors, question);
        int labelCount = Math.max(1, Math.min(DEFAULT_LABELS, question.labelCount()));
        ReleaseTerms.@Nullable Bands bands = model.bands();
        PredictionKind kind = model.cause() == null
                ? PredictionKind.PREDICTION_KIND_OPEN_INFERENCE
                : PredictionKind.PREDICTION_KIND_DEGRADED;
        Asked asked = new Asked(kind, model.slot().revision(), bands, 0, "en", labelCount, "");
        List<ScoredRow> answers = RowScoring.score(served, bands, rows, 0, "en", labelCount, "");
        List<PredictionRecord> records = new ArrayList<>(answers.size());
        for (int row = 0; row < answers.size(); row++) {
            ScoredRow answer =
                    answers.get(row).toBuilder().setPredictionId(ids.text(row)).build();
            records.add(RecordProtos.record(
                    served, asked, ids.subject(), answer, hasFeatures ? row(rows, row, signature) : null));
        }
        return records;
    }

    private static Rows row(Rows rows, int place, Signature signature) {
        int numbers = signature.numberWidth();
        int texts = signature.textWidth();
        return new Rows(
                1,
                Arrays.copyOfRange(rows.numbers(), place * numbers, (place + 1) * numbers),
                Arrays.copyOfRange(rows.texts(), place * texts, (place + 1) * texts));
    }
}
