package io.foresell.training.calibrate;

import io.foresell.model.graph.BetaCalibration;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.IsotonicCalibration;
import java.util.Arrays;
import java.util.Locale;

/** A way to make probabilities mean what they say. */
public enum CalibrationMethod {
    /** Leaves them as they are. */
    NONE {
        @Override
        Calibration fit(double[] probabilities, boolean[] labels, boolean readsLogOdds) {
            return Calibration.NONE;
        }
    },
    /** A line through the log-odds: few parameters, right when classes were reweighted or a model is too sure of itself. */
    PLATT {
        @Override
        Calibration fit(double[] probabilities, boolean[] labels, boolean readsLogOdds) {
            return PlattFit.fit(probabilities, labels, readsLogOdds);
        }
    },
    /** Three parameters: also bends the two ends apart. */
    BETA {
        @Override
        Calibration fit(double[] probabilities, boolean[] labels, boolean readsLogOdds) {
            return BetaFit.fit(probabilities, labels, readsLogOdds);
        }
    },
    /** Any rising curve; wants about a thousand rows of each class. */
    ISOTONIC {
        @Override
        Calibration fit(double[] probabilities, boolean[] labels, boolean readsLogOdds) {
            return IsotonicFit.fit(probabilities, labels);
        }
    };

    /** Returns the name on the wire and in packages. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Fits on probabilities of rows that the model was not fitted on; with rows of one class only, leaves all as it is.
     *
     * @param readsLogOdds whether the graph will read log-odds; otherwise probabilities close to 0 or 1 are clipped
     */
    abstract Calibration fit(double[] probabilities, boolean[] labels, boolean readsLogOdds);

    /** Names the kind of calibrations: "none" when all leave the answer as it is, otherwise of the first that does not. */
    static String keyOf(Iterable<Calibration> calibrations) {
        for (Calibration calibration : calibrations) {
            if (!calibration.equals(Calibration.NONE)) {
                return calibration instanceof IsotonicCalibration
                        ? ISOTONIC.key()
                        : calibration instanceof BetaCalibration ? BETA.key() : PLATT.key();
            }
        }
        return NONE.key();
    }

    static boolean hasOneClass(boolean[] labels) {
        boolean first = labels.length > 0 && labels[0];
        for (boolean label : labels) {
            if (label != first) {
                return false;
            }
        }
        return true;
    }

    static double[] targets(boolean[] labels) {
        double[] targets = new double[labels.length];
        Arrays.setAll(targets, i -> labels[i] ? 1 : 0);
        return targets;
    }
}
