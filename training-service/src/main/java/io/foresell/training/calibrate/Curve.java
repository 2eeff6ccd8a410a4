package io.foresell.training.calibrate;

import io.foresell.model.graph.BetaCalibration;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.IsotonicCalibration;
import io.foresell.model.graph.PlattCalibration;
import java.util.List;

/**
 * A calibration in double precision, as the nodes of the graph are meant to compute it: what the training library would have
 * answered.
 */
final class Curve {
    // As the writer of the nodes keeps the logarithm of a class that is impossible finite.
    private static final double LEAST_SHARE = 1e-6;

    private final Calibration calibration;
    private final boolean readsLogOdds;

    Curve(Calibration calibration, boolean readsLogOdds) {
        this.calibration = calibration;
        this.readsLogOdds = readsLogOdds;
    }

    /** Returns the calibrated probability of two classes. */
    double probability(double probability) {
        return isDirect() ? direct(probability) : LogOdds.sigmoid(logOdds(probability));
    }

    /** Returns the logarithm of a class's share, before all are scaled to a sum of 1. */
    double logarithm(double probability) {
        return isDirect() ? Math.log(direct(probability) + LEAST_SHARE) : LogOdds.logSigmoid(logOdds(probability));
    }

    private boolean isDirect() {
        return calibration instanceof IsotonicCalibration || calibration.equals(Calibration.NONE);
    }

    private double direct(double probability) {
        return calibration instanceof IsotonicCalibration isotonic ? onKnots(isotonic, probability) : probability;
    }

    private double logOdds(double probability) {
        double z = LogOdds.of(probability, readsLogOdds);
        if (calibration instanceof BetaCalibration beta) {
            double inside = Math.max(-Calibration.MOST_LOG_ODDS, Math.min(Calibration.MOST_LOG_ODDS, z));
            return beta.a() * LogOdds.logSigmoid(inside) - beta.b() * LogOdds.logSigmoid(-inside) + beta.c();
        }
        PlattCalibration platt = (PlattCalibration) calibration;
        return platt.slope() * z + platt.intercept();
    }

    private static double onKnots(IsotonicCalibration isotonic, double probability) {
        List<Double> from = isotonic.from();
        List<Double> to = isotonic.to();
        int last = from.size() - 1;
        if (probability <= from.get(0)) {
            return to.get(0);
        }
        if (probability >= from.get(last)) {
            return to.get(last);
        }
        int low = 0;
        int high = last;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (from.get(middle) <= probability) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double share = (probability - from.get(low)) / (from.get(high) - from.get(low));
        return to.get(low) + share * (to.get(high) - to.get(low));
    }

    /**
     * Calibrates answers.
     *
     * @param answers row-major, shape [rowCount, calibrations]
     */
    static double[] apply(List<Calibration> calibrations, boolean readsLogOdds, double[] answers) {
        int width = calibrations.size();
        List<Curve> curves = calibrations.stream()
                .map(calibration -> new Curve(calibration, readsLogOdds))
                .toList();
        boolean isKept = calibrations.stream().allMatch(Calibration.NONE::equals);
        double[] calibrated = answers.clone();
        for (int row = 0; row < answers.length / width && !isKept; row++) {
            if (width == 1) {
                calibrated[row] = curves.get(0).probability(answers[row]);
            } else {
                scale(curves, answers, calibrated, row * width);
            }
        }
        return calibrated;
    }

    private static void scale(List<Curve> curves, double[] answers, double[] calibrated, int from) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < curves.size(); i++) {
            calibrated[from + i] = curves.get(i).logarithm(answers[from + i]);
            greatest = Math.max(greatest, calibrated[from + i]);
        }
        double sum = 0;
        for (int i = 0; i < curves.size(); i++) {
            calibrated[from + i] = Math.exp(calibrated[from + i] - greatest);
            sum += calibrated[from + i];
        }
        for (int i = 0; i < curves.size(); i++) {
            calibrated[from + i] /= sum;
        }
    }
}
