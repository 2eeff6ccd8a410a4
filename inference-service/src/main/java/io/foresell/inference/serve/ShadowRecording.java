package io.foresell.inference.serve;

import io.foresell.inference.route.ReleaseTerms;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.serve.log.Asked;
import io.foresell.inference.serve.log.PredictionLog;
import io.foresell.inference.serve.log.Sampling;
import io.foresell.inference.shadow.AnsweredRows;
import io.foresell.inference.shadow.ShadowScores;
import io.foresell.model.Rows;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.prediction.v1.PredictionKind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what shadows answer beside the champion's answers: of the same subjects, and of those rows without a subject whose own answer is
 * logged. A sampled row is scored once more, for the whole answer that serving would give; that is time of the shadow lane.
 */
public final class ShadowRecording implements ShadowScores {
    private static final Logger diagnostics = LoggerFactory.getLogger(ShadowRecording.class);
    private static final String LANGUAGE = "en";
    private static final int LABELS = 5;

    private final PredictionLog log;

    public ShadowRecording(PredictionLog log) {
        this.log = log;
    }

    @Override
    public void scored(AnsweredRows answered, int place, ServedVersion shadow, Rows rows, int row) {
        Sampling sampling = log.sampling(answered.slot().model(), PredictionKind.PREDICTION_KIND_SHADOW);
        String answeredId = answered.predictionId(place);
        if (!sampling.takes(answered.subject(place), answeredId)) {
            return;
        }
        try {
            record(
                    sampling,
                    answered,
                    place,
                    shadow,
                    RowSlices.of(rows, shadow.modelPackage().signature(), row, 1));
        } catch (RuntimeException e) { // it was compared, and that counts, whatever becomes of its record
            diagnostics.debug("shadow not logged version={}", shadow.version(), e);
        }
    }

    private void record(Sampling sampling, AnsweredRows answered, int place, ServedVersion shadow, Rows row) {
        ReleaseTerms.@Nullable Bands bands = answered.slot().terms().bands();
        ScoredRow answer =
                RowScoring.score(shadow, bands, row, 0, LANGUAGE, LABELS, "").get(0);
        Asked asked = new Asked(
                PredictionKind.PREDICTION_KIND_SHADOW, answered.slot().revision(), bands, 0, LANGUAGE, LABELS, "");
        log.logShadow(sampling, shadow, asked, answered.subject(place), answered.predictionId(place), answer, row);
    }
}
