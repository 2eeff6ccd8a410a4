package io.foresell.training.run;

import io.foresell.training.evaluate.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Judges a candidate whose parameters are searched beside the same candidate with its own parameters, on the same rows held out. The
 * searched ones stay only when they answer those rows better: inner folds may prefer what new rows do not, and a search never ends
 * below what it began with. Both ways of fitting are judged with everything inside the fold, so this is a choice as between any two
 * candidates.
 */
final class TuningJudge {
    private final Metric metric;
    private final Function<CandidateSpec, JudgedCandidate> judge;

    /** Takes what judges a candidate as it stands. */
    TuningJudge(Metric metric, Function<CandidateSpec, JudgedCandidate> judge) {
        this.metric = metric;
        this.judge = judge;
    }

    JudgedCandidate judge(CandidateSpec candidate) {
        JudgedCandidate searched = judge.apply(candidate);
        if (candidate.search() == null) {
            return searched;
        }
        JudgedCandidate own = judge.apply(candidate.withoutSearch());
        double found = searched.evaluation().metric(metric);
        double known = own.evaluation().metric(metric);
        boolean isBetter = metric.isBetter(found, known);
        List<String> sentences = new ArrayList<>(searched.searches());
        sentences.add("On the rows held out the searched parameters have %s %.4f, the candidate's own %.4f: %s stay."
                .formatted(metric.key(), found, known, isBetter ? "the searched ones" : "its own"));
        return (isBetter ? searched : own).warned(sentences).took(searched.seconds() + own.seconds());
    }
}
