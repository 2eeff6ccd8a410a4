package io.foresell.training.run;

import io.foresell.training.calibrate.CalibratedFitter;
import io.foresell.training.calibrate.CalibrationPlan;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.Fitter;
import io.foresell.training.prepare.Preparation;
import io.foresell.training.search.SearchPlan;
import org.jspecify.annotations.Nullable;

/**
 * One way to fit the model.
 *
 * @param name unique in the spec; empty means the algorithm's name
 * @param classWeights what a row of each class counts
 * @param calibration how probabilities are calibrated
 * @param preparation how raw features become encoded columns; null as the spec says for all candidates
 * @param search how better parameters than the algorithm's are searched; null when they are not
 */
public record CandidateSpec(
        String name,
        Algorithm algorithm,
        ClassWeights classWeights,
        CalibrationPlan calibration,
        @Nullable Preparation preparation,
        @Nullable SearchPlan search) {
    public CandidateSpec {
        if (name.isEmpty()) {
            name = algorithm.key();
        }
    }

    /** Names a candidate prepared as the spec says, whose probabilities are left as they are. */
    public CandidateSpec(String name, Algorithm algorithm, ClassWeights classWeights) {
        this(name, algorithm, classWeights, CalibrationPlan.NONE, null, null);
    }

    /** Returns this candidate with the parameters that a search found. */
    CandidateSpec with(Algorithm found) {
        return new CandidateSpec(name, found, classWeights, calibration, preparation, null);
    }

    /** Returns this candidate with its own parameters. */
    CandidateSpec withoutSearch() {
        return with(algorithm);
    }

    /** Returns what fits it, calibration included. */
    Fitter fitter(int threadCount) {
        return CalibratedFitter.of(algorithm.fitter(threadCount), calibration);
    }

    /** Estimates the time of a fit, calibration and search included, as {@link Algorithm#work} does. */
    double work() {
        int fits = calibration.choice() == CalibrationPlan.Choice.NONE ? 1 : calibration.foldCount() + 1;
        fits += search == null ? 0 : search.innerFolds() * (search.trialCount() + 1);
        return fits * algorithm.work();
    }
}
