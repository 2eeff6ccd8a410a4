package io.foresell.training.fit.baseline;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.LinearModel;
import io.foresell.model.graph.ModelGraph;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import java.util.List;

/** One answer to all rows, written as a weighted sum whose weights are 0. */
final class FittedBaseline implements FittedModel {
    private static final double TOLERANCE = 1e-5;
    /** Keeps the logarithm of the share of a class without rows finite. */
    private static final double LEAST_SHARE = 1e-9;

    private final Preprocessing preprocessing;
    private final Answer answer;
    private final double[] constant;

    private FittedBaseline(Preprocessing preprocessing, Answer answer, double[] constant) {
        this.preprocessing = preprocessing;
        this.answer = answer;
        this.constant = constant;
    }

    static FittedModel of(FitRequest request) {
        TrainingFold fold = request.fold();
        boolean isMulticlass = fold.task() == Task.MULTICLASS;
        double[] constant = new double[isMulticlass ? fold.classes().size() : 1];
        float[] weights = request.weights();
        float[] labels = fold.labels();
        double sum = 0;
        for (int row = 0; row < labels.length; row++) {
            constant[isMulticlass ? (int) labels[row] : 0] += isMulticlass ? weights[row] : weights[row] * labels[row];
            sum += weights[row];
        }
        double smoothed = 0;
        for (int i = 0; i < constant.length; i++) {
            constant[i] /= sum;
            if (fold.task() != Task.REGRESSION) {
                constant[i] = Math.max(LEAST_SHARE, Math.min(1 - LEAST_SHARE, constant[i]));
            }
            smoothed += constant[i];
        }
        for (int i = 0; isMulticlass && i < constant.length; i++) {
            constant[i] /= smoothed;
        }
        Answer answer =
                switch (fold.task()) {
                    case BINARY -> Answer.binary();
                    case MULTICLASS -> Answer.multiclass(fold.classes());
                    case REGRESSION -> Answer.regression();
                    case CLUSTERS, RANKING -> throw new IllegalStateException("task " + fold.task());
                };
        return new FittedBaseline(request.encodings().standardizedFlat(), answer, constant);
    }

    @Override
    public Signature signature() {
        return preprocessing.signature();
    }

    @Override
    public Answer answer() {
        return answer;
    }

    @Override
    public byte[] onnx() {
        double[] bias = new double[constant.length];
        for (int i = 0; i < bias.length; i++) {
            bias[i] = switch (answer.task()) {
                case BINARY -> Math.log(constant[i] / (1 - constant[i]));
                case MULTICLASS -> Math.log(constant[i]);
                case REGRESSION, CLUSTERS, RANKING -> constant[i];
            };
        }
        LinearModel model = new LinearModel(new double[bias.length][preprocessing.encodedWidth()], bias);
        return ModelGraph.write(preprocessing, model, head());
    }

    private Head head() {
        return switch (answer.task()) {
            case BINARY -> Head.binary(Calibration.NONE);
            case MULTICLASS -> Head.multiclass(List.of());
            case REGRESSION, CLUSTERS, RANKING -> Head.regression();
        };
    }

    @Override
    public double[] predict(Rows rows) {
        rows.requireShape(signature());
        double[] answers = new double[rows.rowCount() * constant.length];
        for (int i = 0; i < answers.length; i++) {
            answers[i] = constant[i % constant.length];
        }
        return answers;
    }

    @Override
    public double parityTolerance() {
        return TOLERANCE;
    }
}
