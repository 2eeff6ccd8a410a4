package io.foresell.training.run;

import io.foresell.training.evaluate.Comparisons;
import io.foresell.training.evaluate.Evaluation;
import io.foresell.training.evaluate.ImportanceSummary;
import io.foresell.training.evaluate.Judged.Comparison;
import io.foresell.training.evaluate.Judged.LearningCurve;
import io.foresell.training.evaluate.Judgement;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.baseline.Baseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A candidate after its folds.
 *
 * @param curve what more rows would bring; null when it was not asked for
 * @param fitted the judged model, of a split whose model is not fitted again on all rows
 * @param searches what the search of each fold found, a sentence each; none without a search
 * @param seconds spent on fitting and judging
 */
record JudgedCandidate(
        CandidateSpec candidate,
        Evaluation evaluation,
        Judgement judgement,
        ImportanceSummary importance,
        @Nullable LearningCurve curve,
        double scoreOfTopTenth,
        ReportNotes notes,
        Optional<CandidateFits.Fitted> fitted,
        List<String> searches,
        double seconds) {
    JudgedCandidate {
        searches = List.copyOf(searches);
    }

    CandidateOutcome outcome(Optional<byte[]> packageBytes, boolean isBest) {
        return new CandidateOutcome(
                candidate.name(), candidate.algorithm().key(), evaluation, packageBytes, seconds, isBest);
    }

    /** Returns each candidate compared with each other one. */
    static List<JudgedCandidate> compared(Metric metric, List<JudgedCandidate> judged) {
        List<JudgedCandidate> all = new ArrayList<>();
        for (JudgedCandidate one : judged) {
            List<Comparison> comparisons = judged.stream()
                    .filter(other -> !other.candidate.name().equals(one.candidate.name()))
                    .map(other -> Comparisons.of(
                            metric, one.candidate.name(), one.judgement, other.candidate.name(), other.judgement))
                    .toList();
            all.add(one.with(one.evaluation.compared(comparisons)));
        }
        return all;
    }

    /**
     * Returns the first one compared with all others, and these with it and with the plain baseline: of many candidates all pairs would
     * take long and say little.
     */
    static List<JudgedCandidate> comparedToFirst(Metric metric, List<JudgedCandidate> ranked) {
        List<JudgedCandidate> all = new ArrayList<>();
        for (int i = 0; i < ranked.size(); i++) {
            JudgedCandidate one = ranked.get(i);
            List<Comparison> comparisons = new ArrayList<>();
            for (int j = 0; j < ranked.size(); j++) {
                if (j != i && (i == 0 || j == 0 || ranked.get(j).isBaseline())) {
                    comparisons.add(one.comparedTo(ranked.get(j), metric));
                }
            }
            all.add(one.with(one.evaluation.compared(comparisons)));
        }
        return all;
    }

    Comparison comparedTo(JudgedCandidate other, Metric metric) {
        return Comparisons.of(metric, candidate.name(), judgement, other.candidate.name(), other.judgement);
    }

    /** Returns whether it answers the same to every row. */
    boolean isBaseline() {
        return candidate.algorithm() instanceof Baseline;
    }

    JudgedCandidate with(Evaluation newEvaluation) {
        return with(newEvaluation, seconds);
    }

    /** Returns this with more sentences that a reader must know. */
    JudgedCandidate warned(List<String> sentences) {
        return with(evaluation.warned(sentences));
    }

    /** Returns this with the time that was spent on it. */
    JudgedCandidate took(double newSeconds) {
        return with(evaluation, newSeconds);
    }

    private JudgedCandidate with(Evaluation newEvaluation, double newSeconds) {
        return new JudgedCandidate(
                candidate,
                newEvaluation,
                judgement,
                importance,
                curve,
                scoreOfTopTenth,
                notes,
                fitted,
                searches,
                newSeconds);
    }
}
