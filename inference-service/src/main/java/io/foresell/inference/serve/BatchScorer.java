package io.foresell.inference.serve;

import io.foresell.inference.lookup.FoundFeatures;
import io.foresell.inference.route.ServedVersion;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.proto.inference.v1.Reason;
import io.foresell.proto.inference.v1.ScoredRow;
import org.jspecify.annotations.Nullable;

/** Scores and explains the rows of one batch and puts each answer in its place. */
final class BatchScorer {
    private static final double MILLIS_A_SECOND = 1000;

    private BatchScorer() {}

    /**
     * Scores a batch.
     *
     * @param features where the rows came from; null when the caller sent them
     * @param answers receives the answers at the rows' places in the request
     */
    static void score(ScoreQuery query, Batch batch, Rows rows, @Nullable FoundFeatures features, ScoredRow[] answers) {
        ServedVersion served = batch.served();
        long startNanos = System.nanoTime();
        float[] probabilities = new float[rows.rowCount()];
        served.scorer().score(rows, probabilities);
        double[] contributions = query.reasonCount() == 0
                ? new double[0]
                : new double[served.modelPackage().signature().inputs().size()];
        for (int place = 0; place < rows.rowCount(); place++) {
            ScoredRow.Builder answer = ScoredRow.newBuilder()
                    .setScore(probabilities[place])
                    .setModelVersion(served.version())
                    .setBand(served.modelPackage().band(probabilities[place]));
            nameMissing(served.modelPackage().signature(), rows, place, answer);
            if (query.reasonCount() > 0) {
                explain(query, served, rows, place, contributions, answer);
            }
            if (features != null) {
                describe(query, batch.requestRow(place), features, place, answer);
            }
            answers[batch.requestRow(place)] = answer.build();
        }
        served.meters().scored(rows.rowCount(), System.nanoTime() - startNanos);
    }

    private static void explain(
            ScoreQuery query,
            ServedVersion served,
            Rows rows,
            int place,
            double[] contributions,
            ScoredRow.Builder answer) {
        served.scorer().contributions(rows, place, 0, contributions);
        for (io.foresell.model.reason.Reason reason :
                served.reasons().strongest(rows, place, contributions, query.reasonCount(), query.language())) {
            answer.addReasons(Reason.newBuilder()
                    .setFeature(reason.input())
                    .setValue(reason.value())
                    .setContribution(reason.contribution())
                    .setSentence(reason.sentence()));
        }
    }

    private static void describe(
            ScoreQuery query, int requestRow, FoundFeatures features, int place, ScoredRow.Builder answer) {
        answer.setEntityKey(query.subject(requestRow));
        answer.addAllStaleFeatures(features.staleFeatures(place));
        long oldestMillis = features.oldestValueMillis(place);
        if (oldestMillis != 0) {
            // Clocks of two machines differ a little; an age is never negative.
            long ageMillis = Math.max(0, System.currentTimeMillis() - oldestMillis);
            answer.setFeatureAgeSeconds(ageMillis / MILLIS_A_SECOND);
        }
    }

    private static void nameMissing(Signature signature, Rows rows, int place, ScoredRow.Builder answer) {
        for (int i = 0; i < signature.inputs().size(); i++) {
            InputField field = signature.inputs().get(i);
            boolean isMissing = field.kind() == InputKind.TEXT
                    ? rows.texts()[place * signature.textWidth() + signature.offset(i)].isEmpty()
                    : isMissing(rows.numbers(), place * signature.numberWidth() + signature.offset(i), field.width());
            if (isMissing) {
                answer.addMissingFeatures(field.name());
            }
        }
    }

    private static boolean isMissing(float[] numbers, int from, int width) {
        for (int i = from; i < from + width; i++) {
            if (!Float.isNaN(numbers[i])) {
                return false;
            }
        }
        return true;
    }
}
