package io.foresell.training.fit.svm;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.Kernel;
import io.foresell.model.graph.ModelGraph;
import io.foresell.model.graph.PlattCalibration;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.SvmModel;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.RowChunks;
import java.util.List;

/** Fitted machines with the encoding before and the calibration after them. */
final class FittedSvm implements FittedModel {
    private static final int CHUNK_ROWS = 1024;

    private final Preprocessing preprocessing;
    private final Kernel kernel;
    private final List<Machine> machines;
    private final List<Calibration> calibrations;
    private final SvmTargets targets;
    private final List<String> classes;

    FittedSvm(
            Preprocessing preprocessing,
            Kernel kernel,
            List<Machine> machines,
            List<Calibration> calibrations,
            SvmTargets targets,
            List<String> classes) {
        this.preprocessing = preprocessing;
        this.kernel = kernel;
        this.machines = List.copyOf(machines);
        this.calibrations = List.copyOf(calibrations);
        this.targets = targets;
        this.classes = classes;
    }

    @Override
    public Signature signature() {
        return preprocessing.signature();
    }

    private Head head() {
        return switch (targets.task()) {
            case BINARY -> Head.binary(calibrations.get(0));
            case MULTICLASS -> Head.multiclassOneVersusRest(calibrations);
            case REGRESSION, CLUSTERS, RANKING -> Head.regression();
        };
    }

    @Override
    public Answer answer() {
        return head().answerOf(classes);
    }

    @Override
    public byte[] onnx() {
        SvmModel model = new SvmModel(
                kernel,
                machines.stream()
                        .map(machine -> machine.written(targets.deviation, targets.mean))
                        .toList());
        return ModelGraph.write(preprocessing, model, head());
    }

    @Override
    public double[] predict(Rows rows) {
        int width = machines.size();
        double[] answers = new double[rows.rowCount() * width];
        for (int from = 0; from < rows.rowCount(); from += CHUNK_ROWS) {
            int until = Math.min(rows.rowCount(), from + CHUNK_ROWS);
            float[] encoded = preprocessing.encode(RowChunks.slice(rows, from, until));
            for (int row = from; row < until; row++) {
                for (int i = 0; i < width; i++) {
                    double decision = machines.get(i).decision(encoded, (row - from) * preprocessing.encodedWidth());
                    answers[row * width + i] = targets.isRegression()
                            ? decision * targets.deviation + targets.mean
                            : probability(decision, (PlattCalibration) calibrations.get(i));
                }
                scale(answers, row * width, width);
            }
        }
        return answers;
    }

    private static double probability(double decision, PlattCalibration platt) {
        double z = platt.slope() * decision + platt.intercept();
        return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
    }

    /** Scales the probabilities of several classes to a sum of 1. */
    private static void scale(double[] answers, int at, int width) {
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += answers[at + i];
        }
        for (int i = 0; width > 1 && i < width; i++) {
            answers[at + i] /= sum;
        }
    }

    /** Thousands of floats are summed up in another order. */
    @Override
    public double parityTolerance() {
        return 1e-4;
    }
}
