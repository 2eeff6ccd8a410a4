package io.foresell.model.graph;

/** A model's answer computed a second time, in doubles and straight from its definition. */
interface Oracle {
    /** Returns the answer of one row of encoded columns. */
    double[] answer(double[] columns);

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    static double[] softmax(double[] logits) {
        double max = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            max = Math.max(max, logit);
        }
        double[] exponentials = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            exponentials[i] = Math.exp(logits[i] - max);
        }
        return normalized(exponentials);
    }

    static double[] normalized(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        double[] shares = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            shares[i] = values[i] / sum;
        }
        return shares;
    }

    /** Returns the calibrated probability of log-odds. */
    static double ofLogOdds(double logOdds, Calibration calibration) {
        if (calibration instanceof PlattCalibration platt) {
            return sigmoid(platt.slope() * logOdds + platt.intercept());
        }
        if (calibration instanceof IsotonicCalibration isotonic) {
            return interpolated(sigmoid(logOdds), isotonic);
        }
        double z = Math.min(Math.max(logOdds, -30), 30);
        BetaCalibration beta = (BetaCalibration) calibration;
        return sigmoid(-beta.a() * Math.log1p(Math.exp(-z)) + beta.b() * Math.log1p(Math.exp(z)) + beta.c());
    }

    /** Returns the calibrated probability of a probability. */
    static double ofProbability(double probability, Calibration calibration) {
        if (calibration.equals(Calibration.NONE)) {
            return probability;
        }
        if (calibration instanceof IsotonicCalibration isotonic) {
            return interpolated(probability, isotonic);
        }
        double p = Math.min(Math.max(probability, 1e-4), 1 - 1e-4);
        return ofLogOdds(Math.log(p / (1 - p)), calibration);
    }

    private static double interpolated(double probability, IsotonicCalibration isotonic) {
        int last = isotonic.from().size() - 1;
        if (Double.isNaN(probability)) {
            return Double.NaN;
        }
        if (probability <= isotonic.from().get(0)) {
            return isotonic.to().get(0);
        }
        for (int i = 1; i <= last; i++) {
            double right = isotonic.from().get(i);
            if (probability <= right) {
                double left = isotonic.from().get(i - 1);
                double share = (probability - left) / (right - left);
                return isotonic.to().get(i - 1)
                        + share * (isotonic.to().get(i) - isotonic.to().get(i - 1));
            }
        }
        return isotonic.to().get(last);
    }
}
