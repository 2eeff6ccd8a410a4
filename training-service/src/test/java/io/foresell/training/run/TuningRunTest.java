package io.foresell.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.model.manifest.Manifest;
import io.foresell.model.pack.ModelPackage;
import io.foresell.training.calibrate.CalibrationPlan;
import io.foresell.training.dataset.FeatureSetInfo;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.SplitPlan.FoldBy;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetBuilder;
import io.foresell.training.dataset.TrainingSetQuery;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.neighbor.NearestNeighbors;
import io.foresell.training.prepare.Preparation;
import io.foresell.training.search.Dimension;
import io.foresell.training.search.SearchPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nearest neighbours whose k is searched: of rows that come in equal copies, one neighbour knows every label until no copy is near. */
final class TuningRunTest {
    private static final int FOLDS = 3;
    private static final int COPIES = 4;

    @Test
    void ownParametersStayWhereInnerFoldsPreferWhatTheRowsHeldOutDoNot() {
        List<Progress> progress = new ArrayList<>();

        List<CandidateOutcome> outcomes = outcomes(25, 1, progress);

        CandidateOutcome own = outcomes.get(0);
        CandidateOutcome searched = outcomes.get(1);
        assertThat(searched.evaluation().metrics()).isEqualTo(own.evaluation().metrics());
        assertThat(searched.evaluation().metric(Metric.ROC_AUC)).isGreaterThan(0.7);
        assertThat(searched.evaluation().warnings())
                .anyMatch(
                        sentence -> sentence.matches(
                                "On the rows held out the searched parameters have roc_auc 0\\.\\d{4}, the candidate's own 0\\.\\d{4}: its own stay\\."))
                .anyMatch(sentence ->
                        sentence.startsWith("Of 2 configurations tried on inner folds, the best is k 1.000:"));
        assertThat(k(searched)).isEqualTo("25");
        assertThat(progress).extracting(Progress::fraction).isSorted();
        assertThat(progress.get(progress.size() - 1).fraction()).isEqualTo(1);
    }

    @Test
    void searchedParametersStayWhereTheyAnswerTheRowsHeldOutBetter() {
        List<CandidateOutcome> outcomes = outcomes(400, 25, new ArrayList<>());

        CandidateOutcome own = outcomes.get(0);
        CandidateOutcome searched = outcomes.get(1);
        assertThat(searched.evaluation().metric(Metric.ROC_AUC))
                .isGreaterThan(own.evaluation().metric(Metric.ROC_AUC) + 0.01);
        assertThat(searched.evaluation().warnings())
                .anyMatch(sentence -> sentence.endsWith(": the searched ones stay."))
                .anyMatch(sentence ->
                        sentence.startsWith("Of 2 configurations tried on inner folds, the best is k 25.00:"));
        assertThat(k(searched)).isEqualTo("25");
        assertThat(k(own)).isEqualTo("400");
    }

    /** Returns what became of one candidate with its own k and of another that tries one k more. */
    private static List<CandidateOutcome> outcomes(int own, int tried, List<Progress> progress) {
        NearestNeighbors neighbors = new NearestNeighbors(own, false, 5_000);
        SearchPlan search = new SearchPlan(
                SearchPlan.Method.GRID,
                1,
                60,
                3,
                List.of(new Dimension.Range("k", tried - 0.4, tried + 0.4, false, true)),
                values -> new NearestNeighbors((int) (double) values.getOrDefault("k", (double) own), false, 5_000));
        TrainingSpec spec = new TrainingSpec(
                "churn",
                new TrainingSetQuery("shop", "left", null, 0, 0),
                List.of(
                        new CandidateSpec("own", neighbors, ClassWeights.EQUAL),
                        new CandidateSpec(
                                "searched", neighbors, ClassWeights.EQUAL, CalibrationPlan.NONE, null, search)),
                Preparation.NONE,
                new SplitPlan.KFold(FOLDS, FoldBy.ROW_INDEX),
                Metric.ROC_AUC,
                5,
                PublishRule.ALL,
                "",
                Map.of());
        return new TrainingRun(1).run(spec, (query, listener, cancelled) -> rows(), progress::add, () -> false);
    }

    private static String k(CandidateOutcome outcome) {
        Manifest manifest =
                ModelPackage.read(outcome.packageBytes().orElseThrow()).manifest();
        return manifest.getProvenance().getParametersOrThrow("k");
    }

    /** Each row has three equal copies, all in the same outer fold, with the same label: likelier 1 far from 0, never sure. */
    private static TrainingSet rows() {
        int count = FOLDS * COPIES * 60;
        Random random = new Random(3);
        double[] values = new double[count];
        double[] labels = new double[count];
        for (int first = 0; first < count; first += FOLDS * COPIES) {
            for (int fold = 0; fold < FOLDS; fold++) {
                double value = random.nextGaussian();
                double label = random.nextDouble() < 1 / (1 + Math.exp(3 - 4 * Math.abs(value))) ? 1 : 0;
                for (int copy = 0; copy < COPIES; copy++) {
                    values[first + copy * FOLDS + fold] = value;
                    labels[first + copy * FOLDS + fold] = label;
                }
            }
        }
        List<String> keys = IntStream.range(0, count).mapToObj(row -> "c" + row).toList();
        long[] times = new long[count];
        Arrays.setAll(times, row -> row);
        return new TrainingSetBuilder(new FeatureSetInfo("shop", "hash", "left", "customer", Map.of()))
                .add(new RowBlock(
                        keys,
                        times,
                        new RowBlock.NumberTarget(labels),
                        List.of(new RowBlock.Numbers("visits", 1, values))))
                .build();
    }
}
