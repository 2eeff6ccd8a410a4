package io.foresell.training.calibrate;

import io.foresell.model.graph.Calibration;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.fit.FitListener;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What models fitted on the other inner folds answer to the rows of each inner fold. */
final class OutOfFoldAnswers {
    private static final double CLIP = 1e-15;

    /** Answers [rowCount, width] and labels of one inner fold. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Part(double[] answers, float[] labels) {}

    private final List<Part> parts;
    private final int width;

    private OutOfFoldAnswers(List<Part> parts, int width) {
        this.parts = parts;
        this.width = width;
    }

    static OutOfFoldAnswers of(Fitter fitter, FitRequest request, int foldCount) {
        List<Part> parts = new ArrayList<>();
        int width = 1;
        List<TrainingFold.Parts> inner = request.fold().innerFolds(foldCount, request.seed());
        for (int i = 0; i < inner.size(); i++) {
            request.requireWanted();
            FitListener listener = part(request.listener(), i, inner.size() + 1);
            // What cleaning replaced in rows held back, serving would not replace.
            TrainingFold heldBack = inner.get(i).heldBack().asStored();
            try (FittedModel model =
                    fitter.fit(request.on(inner.get(i).fitted()).heardBy(listener))) {
                width = model.answer().width();
                parts.add(new Part(model.predict(heldBack.rows(model.signature())), heldBack.labels()));
            }
        }
        return new OutOfFoldAnswers(parts, width);
    }

    /** Returns a listener to one of several fits of about equal length. */
    static FitListener part(FitListener listener, int index, int count) {
        return (iteration, iterationCount, loss) ->
                listener.progressed(index * iterationCount + iteration, count * iterationCount, loss);
    }

    /** Returns one calibration per answered float. */
    List<Calibration> fit(CalibrationMethod method, boolean readsLogOdds) {
        return fit(method, readsLogOdds, parts);
    }

    private List<Calibration> fit(CalibrationMethod method, boolean readsLogOdds, List<Part> from) {
        if (method == CalibrationMethod.NONE) {
            return Collections.nCopies(width, Calibration.NONE);
        }
        List<Calibration> calibrations = new ArrayList<>();
        int count = from.stream().mapToInt(part -> part.labels().length).sum();
        for (int column = 0; column < width; column++) {
            double[] probabilities = new double[count];
            boolean[] labels = new boolean[count];
            int row = 0;
            for (Part part : from) {
                for (int i = 0; i < part.labels().length; i++) {
                    probabilities[row] = part.answers()[i * width + column];
                    labels[row++] = part.labels()[i] == (width == 1 ? 1 : column);
                }
            }
            calibrations.add(method.fit(probabilities, labels, readsLogOdds));
        }
        return calibrations;
    }

    /** Returns the method with the least mean log-loss, each inner fold calibrated by what the others say; of equals the simplest. */
    CalibrationMethod best(boolean readsLogOdds) {
        CalibrationMethod best = CalibrationMethod.NONE;
        double least = Double.POSITIVE_INFINITY;
        for (CalibrationMethod method : CalibrationMethod.values()) {
            double loss = loss(method, readsLogOdds);
            if (loss < least) {
                best = method;
                least = loss;
            }
        }
        return best;
    }

    private double loss(CalibrationMethod method, boolean readsLogOdds) {
        double sum = 0;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            List<Part> others = new ArrayList<>(parts);
            others.remove(i);
            double[] answers = Curve.apply(fit(method, readsLogOdds, others), readsLogOdds, part.answers());
            for (int row = 0; row < part.labels().length; row++) {
                sum -= Math.log(Math.max(CLIP, ofLabel(answers, row, (int) part.labels()[row])));
            }
        }
        return sum;
    }

    private double ofLabel(double[] answers, int row, int label) {
        if (width > 1) {
            return answers[row * width + label];
        }
        return label == 1 ? answers[row] : 1 - answers[row];
    }
}
