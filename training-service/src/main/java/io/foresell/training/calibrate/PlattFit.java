package io.foresell.training.calibrate;

import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.PlattCalibration;

/** Fits slope and intercept to targets drawn a little towards each other, as Platt (1999) does against over-fitting. */
final class PlattFit {
    private PlattFit() {}

    static Calibration fit(double[] probabilities, boolean[] labels, boolean readsLogOdds) {
        if (CalibrationMethod.hasOneClass(labels)) {
            return Calibration.NONE;
        }
        double[] logOdds = new double[probabilities.length];
        double positives = 0;
        for (int i = 0; i < logOdds.length; i++) {
            logOdds[i] = LogOdds.of(probabilities[i], readsLogOdds);
            positives += labels[i] ? 1 : 0;
        }
        double high = (positives + 1) / (positives + 2);
        double low = 1 / (labels.length - positives + 2);
        double[] targets = new double[labels.length];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = labels[i] ? high : low;
        }
        double[] line = new LogisticFit(targets, row -> logOdds[row], row -> 1).coefficients(1, 0);
        // A falling line would turn the ranking over: the model is of no use, which calibration cannot mend.
        return line[0] > 0 && Double.isFinite(line[0]) && Double.isFinite(line[1])
                ? new PlattCalibration(line[0], line[1])
                : Calibration.NONE;
    }
}
