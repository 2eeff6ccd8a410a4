package io.foresell.inference.serve.log;

import io.foresell.inference.route.ServedVersion;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.prediction.v1.PredictionRecord;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to one row, as it was given, with the row as the scorer saw it. */
final class ScoredAnswer implements LoggedAnswer {
    private static final int OWN_BYTES = 120;
    private static final int TEXT_BYTES = 56; // short ones; they are the request's own

    private final ServedVersion served;
    private final Asked asked;
    private final String subject;
    private final String answeredId; // of a shadow: the id of the answer that the caller got
    private final ScoredRow answer;
    private final @Nullable Rows row; // null: features are not recorded

    private ScoredAnswer(
            ServedVersion served,
            Asked asked,
            String subject,
            String answeredId,
            ScoredRow answer,
            @Nullable Rows row) {
        this.served = served;
        this.asked = asked;
        this.subject = subject;
        this.answeredId = answeredId;
        this.answer = answer;
        this.row = row;
    }

    /** Takes one row of a batch; a batch of several is not held in memory for the sake of it. */
    static ScoredAnswer of(
            ServedVersion served,
            Asked asked,
            String subject,
            String answeredId,
            ScoredRow answer,
            Rows rows,
            int place,
            boolean hasFeatures) {
        return new ScoredAnswer(
                served,
                asked,
                subject,
                answeredId,
                answer,
                hasFeatures ? row(rows, place, served.modelPackage().signature()) : null);
    }

    private static Rows row(Rows rows, int place, Signature signature) {
        if (rows.rowCount() == 1) {
            return rows; // nobody changes them once they are read
        }
        int numbers = signature.numberWidth();
        int texts = signature.textWidth();
        return new Rows(
                1,
                Arrays.copyOfRange(rows.numbers(), place * numbers, (place + 1) * numbers),
                Arrays.copyOfRange(rows.texts(), place * texts, (place + 1) * texts));
    }

    @Override
    public ServedVersion served() {
        return served;
    }

    @Override
    public int bytes() {
        int ofRow = row == null ? 0 : Float.BYTES * row.numbers().length + TEXT_BYTES * row.texts().length;
        return OWN_BYTES + ofRow + 2 * answer.getSerializedSize(); // remembered since it was sent
    }

    @Override
    public List<PredictionRecord> records() {
        return List.of(RecordProtos.record(served, asked, subject, answeredId, answer, row));
    }
}
