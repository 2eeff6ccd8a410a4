package io.foresell.training.calibrate;

import io.foresell.model.graph.BetaCalibration;
import io.foresell.model.graph.Calibration;

/** Fits a beta calibration; a coefficient that would be negative is 0, and the others are fitted again. */
final class BetaFit {
    private BetaFit() {}

    static Calibration fit(double[] probabilities, boolean[] labels, boolean readsLogOdds) {
        if (CalibrationMethod.hasOneClass(labels)) {
            return Calibration.NONE;
        }
        double[] yes = new double[probabilities.length];
        double[] no = new double[probabilities.length];
        for (int i = 0; i < yes.length; i++) {
            double z = LogOdds.of(probabilities[i], readsLogOdds);
            double inside = Math.max(-Calibration.MOST_LOG_ODDS, Math.min(Calibration.MOST_LOG_ODDS, z));
            yes[i] = LogOdds.logSigmoid(inside);
            no[i] = -LogOdds.logSigmoid(-inside);
        }
        double[] targets = CalibrationMethod.targets(labels);
        double[] all = new LogisticFit(targets, row -> yes[row], row -> no[row], row -> 1).coefficients(1, 1, 0);
        if (all[0] >= 0 && all[1] >= 0) {
            return checked(all[0], all[1], all[2]);
        }
        if (all[0] < 0) {
            double[] rest = new LogisticFit(targets, row -> no[row], row -> 1).coefficients(1, 0);
            return checked(0, rest[0], rest[1]);
        }
        double[] rest = new LogisticFit(targets, row -> yes[row], row -> 1).coefficients(1, 0);
        return checked(rest[0], 0, rest[1]);
    }

    /** Two negative coefficients would turn the ranking over. */
    private static Calibration checked(double a, double b, double c) {
        boolean isRising = a >= 0 && b >= 0 && a + b > 0;
        return isRising && Double.isFinite(a + b + c) ? new BetaCalibration(a, b, c) : Calibration.NONE;
    }
}
