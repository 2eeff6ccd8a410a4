package io.foresell.training.run;

import io.foresell.training.calibrate.CalibratedFitter;
import io.foresell.training.calibrate.CalibrationPlan;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.Fitter;

/**
 * One way to fit the model.
 *
 * @param name unique in the spec; empty means the algorithm's name
 * @param classWeights what a row of each class counts
 * @param calibration how probabilities are calibrated
 */
public record CandidateSpec(String name, Algorithm algorithm, ClassWeights classWeights, CalibrationPlan calibration) {
    public CandidateSpec {
        if (name.isEmpty()) {
            name = algorithm.key();
        }
    }

    /** Names a candidate whose probabilities are left as they are. */
    public CandidateSpec(String name, Algorithm algorithm, ClassWeights classWeights) {
        this(name, algorithm, classWeights, CalibrationPlan.NONE);
    }

    /** Returns what fits it, calibration included. */
    Fitter fitter(int threadCount) {
        return CalibratedFitter.of(algorithm.fitter(threadCount), calibration);
    }

    /** Estimates the time of a fit, calibration included, as {@link Algorithm#work} does. */
    double work() {
        int fits = calibration.choice() == CalibrationPlan.Choice.NONE ? 1 : calibration.foldCount() + 1;
        return fits * algorithm.work();
    }
}
