package io.foresell.training.fit.tree;

import io.foresell.training.fit.FitRequest;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Rounds of boosting, one tree per output each; asks before each whether it is still wanted. */
final class Boosting {
    // The loss of all training rows costs as much as a small tree.
    private static final int LOSSES = 20;

    private final Map<String, Object> settings;
    private final FitRequest request;
    private final int iterationsBefore;
    private final int iterationCount;

    /**
     * Counts its rounds as iterations.
     *
     * @param iterationsBefore iterations that the listener heard of before
     * @param iterationCount iterations there will be in all
     */
    Boosting(Map<String, Object> settings, FitRequest request, int iterationsBefore, int iterationCount) {
        this.settings = settings;
        this.request = request;
        this.iterationsBefore = iterationsBefore;
        this.iterationCount = iterationCount;
    }

    /** Returns a booster of so many rounds; the caller disposes of it. */
    Booster run(XgboostRows rows, int rounds) throws XGBoostError {
        Booster booster = start(rows);
        boolean isComplete = false;
        try {
            int between = Math.max(1, rounds / LOSSES);
            double loss = Double.NaN;
            for (int round = 0; round < rounds; round++) {
                request.requireWanted();
                booster.update(rows.matrix, round);
                if ((round + 1) % between == 0 || round == 0) {
                    loss = loss(booster, rows, round);
                }
                heard(round, loss);
            }
            isComplete = true;
            return booster;
        } finally {
            if (!isComplete) {
                booster.dispose();
            }
        }
    }

    /** Returns the number of rounds with the lowest loss on other rows, of at most {@code maxRounds}. */
    int bestRounds(XgboostRows rows, XgboostRows others, int maxRounds, int patience) throws XGBoostError {
        Booster booster = start(rows);
        try {
            int best = 0;
            double lowest = Double.POSITIVE_INFINITY;
            for (int round = 0; round < maxRounds && round - best < patience; round++) {
                request.requireWanted();
                booster.update(rows.matrix, round);
                double loss = loss(booster, others, round);
                heard(round, loss);
                if (loss < lowest) {
                    lowest = loss;
                    best = round + 1;
                }
            }
            return Math.max(1, best);
        } finally {
            booster.dispose();
        }
    }

    private Booster start(XgboostRows rows) throws XGBoostError {
        return XGBoost.train(rows.matrix, settings, 0, Map.of(), null, null);
    }

    private void heard(int round, double loss) {
        request.listener().progressed(iterationsBefore + round + 1, iterationCount, loss);
    }

    /** Returns the loss as XGBoost prints it: "[0]\trows-logloss:0.5". */
    private static double loss(Booster booster, XgboostRows rows, int round) throws XGBoostError {
        String line = booster.evalSet(new DMatrix[] {rows.matrix}, new String[] {"rows"}, round);
        return Double.parseDouble(line.substring(line.lastIndexOf(':') + 1).trim());
    }
}
