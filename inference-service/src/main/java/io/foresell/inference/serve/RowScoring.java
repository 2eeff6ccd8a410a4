package io.foresell.inference.serve;

import io.foresell.inference.route.ReleaseTerms;
import io.foresell.inference.route.ServedVersion;
import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.model.reason.Language;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoredRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Scores rows as a request would have, away from serving: nothing is counted for the version. */
public final class RowScoring {
    private RowScoring() {}

    /**
     * Returns an answer for each row, each under a new prediction id.
     *
     * @param bands where answers count as medium or high; null when the package's own hold
     * @param reasonCount 0 to 20
     * @param language "en" or "zh"; empty means "en"
     * @param labelCount 1 to 1000
     * @param reasonLabel empty for each row's winner
     * @throws ServiceException INVALID_ARGUMENT when the model does not have the label to explain
     */
    public static List<ScoredRow> score(
            ServedVersion served,
            ReleaseTerms.@Nullable Bands bands,
            Rows rows,
            int reasonCount,
            String language,
            int labelCount,
            String reasonLabel) {
        ScoreRequest request =
                ScoreRequest.newBuilder().setReasonLabel(reasonLabel).build();
        ScoreQuery query = new ScoreQuery(request, rows.rowCount(), reasonCount, labelCount, Language.ofCode(language));
        ScoredRow[] answers = new ScoredRow[rows.rowCount()];
        BatchScorer.scoreUncounted(query, Batch.all(served, bands, rows.rowCount()), rows, answers);
        return List.of(answers);
    }
}
