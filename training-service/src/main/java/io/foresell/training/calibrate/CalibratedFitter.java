package io.foresell.training.calibrate;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.model.graph.CalibratedGraph;
import io.foresell.model.graph.Calibration;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.RowChunks;
import java.util.Arrays;
import java.util.List;

/**
 * Fits a model on the whole fold and a calibration on out-of-fold answers: the same fitter, on inner folds of the same fold.
 */
public final class CalibratedFitter implements Fitter {
    private static final int LOOKED_AT_ROWS = 2048;

    private final Fitter fitter;
    private final CalibrationPlan plan;

    private CalibratedFitter(Fitter fitter, CalibrationPlan plan) {
        this.fitter = fitter;
        this.plan = plan;
    }

    /** Returns a fitter whose models are calibrated; the same fitter when the plan is to leave them as they are. */
    public static Fitter of(Fitter fitter, CalibrationPlan plan) {
        return plan.choice() == CalibrationPlan.Choice.NONE ? fitter : new CalibratedFitter(fitter, plan);
    }

    @Override
    public FittedModel fit(FitRequest request) {
        Task task = request.fold().task();
        if (task != Task.BINARY && task != Task.MULTICLASS) {
            throw new ServiceException(Failure.precondition(
                    "CALIBRATION_WITHOUT_PROBABILITIES",
                    "calibration for task %s (expected: binary or multiclass)".formatted(task.key())));
        }
        OutOfFoldAnswers answers = OutOfFoldAnswers.of(fitter, request, plan.foldCount());
        FittedModel model = fitter.fit(
                request.heardBy(OutOfFoldAnswers.part(request.listener(), plan.foldCount(), plan.foldCount() + 1)));
        boolean isCalibrated = false;
        try {
            boolean readsLogOdds = readsLogOdds(model, request);
            List<Calibration> calibrations = calibrations(answers, readsLogOdds);
            isCalibrated = true;
            return new CalibratedModel(model, calibrations, readsLogOdds);
        } finally {
            if (!isCalibrated) {
                model.close();
            }
        }
    }

    private List<Calibration> calibrations(OutOfFoldAnswers answers, boolean readsLogOdds) {
        CalibrationMethod method =
                switch (plan.choice()) {
                    case NONE -> CalibrationMethod.NONE;
                    case PLATT -> CalibrationMethod.PLATT;
                    case BETA -> CalibrationMethod.BETA;
                    case ISOTONIC -> CalibrationMethod.ISOTONIC;
                    case AUTO -> answers.best(readsLogOdds);
                };
        return answers.fit(method, readsLogOdds);
    }

    /**
     * The log-odds inside of the graph are exact. But a library that answers in single precision says little about those of an
     * answer next to 1, so the two could not be compared; there, both clip the probability.
     */
    private static boolean readsLogOdds(FittedModel model, FitRequest request) {
        if (!CalibratedGraph.of(model.onnx(), model.answer()).hasLogOdds()) {
            return false;
        }
        Signature signature = model.signature();
        Rows all = request.fold().rows(signature);
        double[] answers = joined(
                model.predict(RowChunks.slice(all, 0, Math.min(LOOKED_AT_ROWS, all.rowCount()))),
                model.predict(missing(signature)));
        boolean isSinglePrecision = Arrays.stream(answers).allMatch(answer -> answer == (float) answer);
        boolean isNearOne = Arrays.stream(answers).anyMatch(answer -> answer > 1 - Calibration.LEAST_PROBABILITY);
        return !(isSinglePrecision && isNearOne);
    }

    private static double[] joined(double[] first, double[] second) {
        double[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    private static Rows missing(Signature signature) {
        float[] numbers = new float[signature.numberWidth()];
        String[] texts = new String[signature.textWidth()];
        Arrays.fill(numbers, Float.NaN);
        Arrays.fill(texts, "");
        return new Rows(1, numbers, texts);
    }
}
