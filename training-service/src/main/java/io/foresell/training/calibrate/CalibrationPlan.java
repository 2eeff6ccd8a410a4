package io.foresell.training.calibrate;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.Locale;

/**
 * How the probabilities of a candidate are calibrated.
 *
 * @param choice a method, or which of them fits best
 * @param foldCount inner folds that give the out-of-fold answers, 2 to 20; a candidate is fitted so many times more
 */
public record CalibrationPlan(Choice choice, int foldCount) {
    /** Leaves probabilities as they are. */
    public static final CalibrationPlan NONE = new CalibrationPlan(Choice.NONE, 5);

    /** What a spec may ask for. */
    public enum Choice {
        /** Leaves probabilities as they are. */
        NONE,
        /** The method with the least log-loss on the out-of-fold answers, cross-validated; leaving them as they are is one. */
        AUTO,
        /** See {@link CalibrationMethod#PLATT}. */
        PLATT,
        /** See {@link CalibrationMethod#BETA}. */
        BETA,
        /** See {@link CalibrationMethod#ISOTONIC}. */
        ISOTONIC
    }

    public CalibrationPlan {
        if (foldCount < 2 || foldCount > 20) {
            throw new ServiceException(Failure.invalid("CALIBRATION_INVALID", "folds", foldCount, "2..20"));
        }
    }

    /** Returns the plan for provenance; empty when there is none. */
    public String asText() {
        return choice == Choice.NONE
                ? ""
                : "%s(folds=%d)".formatted(choice.name().toLowerCase(Locale.ROOT), foldCount);
    }
}
