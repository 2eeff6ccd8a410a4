package io.foresell.model.graph;

import java.util.List;

/** Writes the nodes of a {@link Calibration} of one column [N, 1]. */
final class CalibrationNodes {
    /** Keeps the logarithm of a class that is impossible finite. */
    static final float LEAST_SHARE = 1e-6f;

    private final GraphBuilder graph;
    private final boolean readsLogOdds;

    /** Starts calibrations that read log-odds, or probabilities. */
    CalibrationNodes(GraphBuilder graph, boolean readsLogOdds) {
        this.graph = graph;
        this.readsLogOdds = readsLogOdds;
    }

    /** Returns the calibrated probability. */
    String probability(String value, Calibration calibration) {
        return isCurve(calibration)
                ? curve(value, calibration)
                : graph.node("Sigmoid", List.of(logOdds(value, calibration)));
    }

    /** Returns the logarithm of the calibrated probability: where it is tiny, a sigmoid would be rounding noise. */
    String logarithm(String value, Calibration calibration) {
        if (isCurve(calibration)) {
            String least = graph.constant("least", new float[] {LEAST_SHARE}, 1);
            return graph.node("Log", List.of(graph.node("Add", List.of(curve(value, calibration), least))));
        }
        return logSigmoid(graph, logOdds(value, calibration));
    }

    static String logSigmoid(GraphBuilder graph, String logOdds) {
        return graph.node("Neg", List.of(graph.node("Softplus", List.of(graph.node("Neg", List.of(logOdds))))));
    }

    /** Returns whether this goes from probability to probability without log-odds in between. */
    private boolean isCurve(Calibration calibration) {
        return calibration instanceof IsotonicCalibration || (!readsLogOdds && calibration.equals(Calibration.NONE));
    }

    private String curve(String value, Calibration calibration) {
        String probability = readsLogOdds ? graph.node("Sigmoid", List.of(value)) : value;
        return calibration instanceof IsotonicCalibration isotonic ? isotonic(probability, isotonic) : probability;
    }

    /** Adds up how far p has come in each piece, times its slope: all terms are 0 or more, so nothing cancels. */
    private String isotonic(String probability, IsotonicCalibration isotonic) {
        int pieces = Math.max(1, isotonic.from().size() - 1);
        float[] starts = new float[pieces];
        float[] runs = new float[pieces];
        float[] slopes = new float[pieces];
        for (int i = 0; i + 1 < isotonic.from().size(); i++) {
            double run = isotonic.from().get(i + 1) - isotonic.from().get(i);
            starts[i] = isotonic.from().get(i).floatValue();
            runs[i] = (float) run;
            slopes[i] = (float) ((isotonic.to().get(i + 1) - isotonic.to().get(i)) / run);
        }
        String passed = graph.node("Sub", List.of(probability, graph.constant("calibration_knots", starts, pieces)));
        String inside = graph.node(
                "Min", List.of(graph.node("Relu", List.of(passed)), graph.constant("calibration_runs", runs, pieces)));
        return graph.dense(inside, slopes, new float[] {isotonic.to().get(0).floatValue()});
    }

    private String logOdds(String value, Calibration calibration) {
        if (calibration instanceof BetaCalibration beta) {
            return beta(value, beta);
        }
        return affine(readsLogOdds ? value : logit(value), (PlattCalibration) calibration);
    }

    /** Returns the log-odds of a probability, kept as far from 0 and 1 as a calibration reads it. */
    String logit(String probability) {
        String inside = inside(probability);
        return graph.node("Sub", List.of(graph.node("Log", List.of(inside)), logOfOther(inside)));
    }

    private String beta(String value, BetaCalibration beta) {
        String yes;
        String no;
        if (readsLogOdds) {
            // ln(p) and ln(1 - p), both negated; exact at both ends.
            String inside = clipped(value, -Calibration.MOST_LOG_ODDS, Calibration.MOST_LOG_ODDS);
            yes = graph.node("Softplus", List.of(graph.node("Neg", List.of(inside))));
            no = graph.node("Softplus", List.of(inside));
        } else {
            String inside = inside(value);
            yes = graph.node("Log", List.of(inside));
            no = logOfOther(inside);
        }
        double sign = readsLogOdds ? -1 : 1;
        float[] weights = {(float) (sign * beta.a()), (float) (-sign * beta.b())};
        return graph.dense(graph.concat(List.of(yes, no)), weights, new float[] {(float) beta.c()});
    }

    /** Returns a probability kept as far from 0 and 1 as a calibration reads it. */
    String inside(String probability) {
        return clipped(probability, Calibration.LEAST_PROBABILITY, 1 - Calibration.LEAST_PROBABILITY);
    }

    private String logOfOther(String probability) {
        String other = graph.node("Sub", List.of(graph.constant("one", new float[] {1}, 1), probability));
        return graph.node("Log", List.of(other));
    }

    private String clipped(String value, double low, double high) {
        return graph.node("Clip", List.of(value, graph.scalar("low", (float) low), graph.scalar("high", (float) high)));
    }

    private String affine(String logOdds, PlattCalibration platt) {
        if (platt.equals(Calibration.NONE)) {
            return logOdds;
        }
        String slope = graph.constant("calibration_slope", new float[] {(float) platt.slope()}, 1);
        String intercept = graph.constant("calibration_intercept", new float[] {(float) platt.intercept()}, 1);
        return graph.node("Add", List.of(graph.node("Mul", List.of(logOdds, slope)), intercept));
    }
}
