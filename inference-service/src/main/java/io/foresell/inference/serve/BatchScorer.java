package io.foresell.inference.serve;

import io.foresell.inference.lookup.FoundFeatures;
import io.foresell.inference.route.ReleaseTerms;
import io.foresell.inference.route.ServedVersion;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.pack.ModelPackage;
import io.foresell.proto.inference.v1.LabelScore;
import io.foresell.proto.inference.v1.Reason;
import io.foresell.proto.inference.v1.ScoredRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Scores and explains the rows of one batch and puts each answer in its place. */
final class BatchScorer {
    private static final double MILLIS_A_SECOND = 1000;

    // A model may answer a million items a row: so many floats are held at once, unless one row has more.
    private static final int MAX_VALUES = 1 << 22;
    private static final int WINNER = -1;

    private final ScoreQuery query;
    private final ServedVersion served;
    private final ReleaseTerms.@Nullable Bands bands;
    private final boolean isHeldOut;
    private final Answer answer;
    private final Rows rows;
    private final @Nullable BestLabels best; // null: the model has no labels
    private final int reasonTarget;
    private final double[] contributions;
    private final long firstId;

    private BatchScorer(ScoreQuery query, Batch batch, Rows rows) {
        this.query = query;
        this.served = batch.served();
        this.bands = batch.bands();
        this.isHeldOut = batch.isHeldOut();
        this.answer = served.modelPackage().answer();
        this.rows = rows;
        this.firstId = PredictionIds.OF_THIS_PROCESS.reserve(rows.rowCount());
        this.reasonTarget = reasonTarget(query.request().getReasonLabel(), answer);
        boolean isLabelled = !answer.labels().isEmpty();
        this.best = isLabelled ? new BestLabels(Math.min(query.labelCount(), answer.width())) : null;
        this.contributions = query.reasonCount() == 0
                ? new double[0]
                : new double[served.modelPackage().signature().inputs().size()];
    }

    /**
     * Scores a batch.
     *
     * @param features where the rows came from; null when the caller sent them
     * @param answers receives the answers at the rows' places in the request
     * @throws ServiceException INVALID_ARGUMENT when the model does not have the label to explain
     */
    static void score(ScoreQuery query, Batch batch, Rows rows, @Nullable FoundFeatures features, ScoredRow[] answers) {
        long startNanos = System.nanoTime();
        scoreSlices(query, batch, rows, features, answers);
        batch.served().meters().scored(rows.rowCount(), System.nanoTime() - startNanos);
    }

    /** Scores a batch that nobody waits for: the version's meters do not see it. Throws like {@link #score}. */
    static void scoreUncounted(ScoreQuery query, Batch batch, Rows rows, ScoredRow[] answers) {
        scoreSlices(query, batch, rows, null, answers);
    }

    private static void scoreSlices(
            ScoreQuery query, Batch batch, Rows rows, @Nullable FoundFeatures features, ScoredRow[] answers) {
        BatchScorer scorer = new BatchScorer(query, batch, rows);
        int sliceRows = Math.max(1, MAX_VALUES / scorer.answer.width());
        for (int first = 0; first < rows.rowCount(); first += sliceRows) {
            scorer.score(batch, first, Math.min(sliceRows, rows.rowCount() - first), features, answers);
        }
    }

    /** Throws INVALID_ARGUMENT when the version of a batch does not have the label to explain. */
    static void requireLabel(ScoreQuery query, Batch batch) {
        var unused = reasonTarget(
                query.request().getReasonLabel(), batch.served().modelPackage().answer());
    }

    private static int reasonTarget(String label, Answer answer) {
        if (label.isEmpty()) {
            return answer.labels().isEmpty() ? 0 : WINNER;
        }
        int target = answer.labels().indexOf(label);
        if (target < 0) {
            String expected = answer.labels().isEmpty()
                    ? "empty: the model has no labels"
                    : "one of the %d labels of the model, such as %s"
                            .formatted(answer.labels().size(), answer.labels().get(0));
            throw new ServiceException(Failure.invalid("LABEL_UNKNOWN", "reason_label", label, expected));
        }
        return target;
    }

    private void score(Batch batch, int first, int count, @Nullable FoundFeatures features, ScoredRow[] answers) {
        float[] values = new float[count * answer.width()];
        served.scorer().score(RowSlices.of(rows, served.modelPackage().signature(), first, count), values);
        for (int i = 0; i < count; i++) {
            int place = first + i;
            ScoredRow.Builder row = ScoredRow.newBuilder()
                    .setModelVersion(served.version())
                    .setIsHeldOut(isHeldOut)
                    .setPredictionId(PredictionIds.OF_THIS_PROCESS.text(firstId + place));
            int target = put(values, i * answer.width(), row);
            MissingInputs.name(served.modelPackage().signature(), rows, place, row);
            if (query.reasonCount() > 0) {
                explain(place, target, row);
            }
            if (features != null) {
                describe(query, batch.requestRow(place), features, place, row);
            }
            answers[batch.requestRow(place)] = row.build();
        }
    }

    /** Writes the score of one row, and returns which of its floats the reasons are about. */
    private int put(float[] values, int from, ScoredRow.Builder row) {
        ModelPackage modelPackage = served.modelPackage();
        boolean isRefused = modelPackage.refuses(values, from);
        if (modelPackage.manifest().hasRefuseBelow()) {
            row.setRefused(isRefused).setRefuseBelow(modelPackage.manifest().getRefuseBelow());
        }
        if (best == null) {
            row.setScore(values[from]).setBand(isRefused ? "" : served.band(values[from], bands));
            return 0;
        }
        best.rank(values, from, answer.width());
        List<String> labels = answer.labels();
        int winner = best.place(0);
        row.setScore(values[from + winner]).setLabel(isRefused ? "" : labels.get(winner));
        for (int rank = 0; rank < best.count(); rank++) {
            int place = best.place(rank);
            row.addLabels(LabelScore.newBuilder().setLabel(labels.get(place)).setScore(values[from + place]));
        }
        return reasonTarget == WINNER ? winner : reasonTarget;
    }

    private void explain(int place, int target, ScoredRow.Builder row) {
        served.scorer().contributions(rows, place, target, contributions);
        for (io.foresell.model.reason.Reason reason :
                served.reasons().strongest(rows, place, contributions, target, query.reasonCount(), query.language())) {
            row.addReasons(Reason.newBuilder()
                    .setFeature(reason.input())
                    .setValue(reason.value())
                    .setContribution(reason.contribution())
                    .setSentence(reason.sentence()));
        }
    }

    private static void describe(
            ScoreQuery query, int requestRow, FoundFeatures features, int place, ScoredRow.Builder row) {
        row.setEntityKey(query.subject(requestRow));
        row.addAllStaleFeatures(features.staleFeatures(place));
        long oldestMillis = features.oldestValueMillis(place);
        if (oldestMillis != 0) {
            // Clocks of two machines differ a little; an age is never negative.
            long ageMillis = Math.max(0, System.currentTimeMillis() - oldestMillis);
            row.setFeatureAgeSeconds(ageMillis / MILLIS_A_SECOND);
        }
    }
}
