package io.foresell.training.fit.linear;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Answer;
import io.foresell.model.Task;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.CoefficientTable;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitListener;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hipparchus.distribution.continuous.NormalDistribution;

/** Fits a logistic or multinomial regression on standardised numbers and one-hot texts. */
final class LogisticRegressionFitter implements Fitter {
    /** Most coefficients of all classes together: half a gigabyte while fitting, eight vectors of them. */
    static final int MAX_COEFFICIENTS = 8_000_000;

    private static final double NEGLIGIBLE_PENALTY = 1e5;
    private static final double SEPARATED_LOSS = 1e-3;

    private final LogisticRegression parameters;
    private final int threadCount;

    LogisticRegressionFitter(LogisticRegression parameters, int threadCount) {
        this.parameters = parameters;
        this.threadCount = threadCount;
    }

    @Override
    public FittedModel fit(FitRequest request) {
        boolean isBinary = request.fold().task() == Task.BINARY;
        Encodings encodings = request.encodings();
        Preprocessing preprocessing = encodings.standardizedFlat();
        int scoreCount = isBinary ? 1 : request.fold().classes().size();
        requireModest(preprocessing.encodedWidth(), scoreCount);
        DesignMatrix rows = new DesignMatrix(preprocessing, encodings.rows());
        float[] weights = request.weights();
        List<String> notes = new ArrayList<>();
        boolean isNarrow = isBinary && parameters.l1Ratio() == 0 && rows.width <= PenalizedLikelihood.MAX_WIDTH;
        double[][] beta;
        double loss;
        try (ChunkedLoops loops = new ChunkedLoops(threadCount, request.isCancelled())) {
            beta = isNarrow
                    ? new double[][] {newton(request, rows, weights)}
                    : iterated(request, rows, weights, scoreCount, loops, notes);
            loss = new ClassLikelihood(rows, request.fold().labels(), weights, scoreCount, 0, loops)
                    .value(joined(beta), new double[rows.width * scoreCount]);
        }
        if (loss < SEPARATED_LOSS) {
            notes.add(
                    "The features tell the classes of all training rows apart: only the penalty keeps the coefficients"
                            + " finite, and probabilities are next to 0 and 1.");
        }
        Answer answer =
                isBinary ? Answer.binary() : Answer.multiclass(request.fold().classes());
        CoefficientTable table = table(request, preprocessing, rows, weights, beta, loss);
        return FittedLinear.of(preprocessing, rows, answer, beta, table, notes);
    }

    private static void requireModest(int width, int scoreCount) {
        if ((width + 1L) * scoreCount > MAX_COEFFICIENTS) {
            throw new ServiceException(Failure.precondition(
                    "TOO_MANY_COEFFICIENTS",
                    "coefficients of logistic_regression: %d columns times %d scores (expected: at most %d together)"
                            .formatted(width + 1, scoreCount, MAX_COEFFICIENTS)));
        }
    }

    private double[] newton(FitRequest request, DesignMatrix rows, float[] weights) {
        return new PenalizedLikelihood(
                        rows,
                        request.fold().labels(),
                        weights,
                        parameters.inversePenalty(),
                        request.listener(),
                        request.isCancelled())
                .minimize();
    }

    private double[][] iterated(
            FitRequest request,
            DesignMatrix rows,
            float[] weights,
            int scoreCount,
            ChunkedLoops loops,
            List<String> notes) {
        // Everything on the scale of the mean log-loss.
        double penalty = 1 / (parameters.inversePenalty() * rows.rowCount);
        double l2 = (1 - parameters.l1Ratio()) * penalty;
        double l1 = parameters.l1Ratio() * penalty;
        ClassLikelihood likelihood = new ClassLikelihood(rows, request.fold().labels(), weights, scoreCount, l2, loops);
        TruncatedNewton newton = new TruncatedNewton(likelihood);
        QuasiNewton quasiNewton = new QuasiNewton(likelihood, l1, (rows.width - 1) * scoreCount);
        int maxIterations = l1 == 0 ? TruncatedNewton.MAX_ITERATIONS : QuasiNewton.MAX_ITERATIONS;
        FitListener listener = request.listener();
        double[] point = l1 == 0
                ? newton.minimize(
                        likelihood.start(), (iteration, value) -> listener.progressed(iteration, maxIterations, value))
                : quasiNewton.minimize(
                        likelihood.start(), (iteration, value) -> listener.progressed(iteration, maxIterations, value));
        if (!(l1 == 0 ? newton.hasConverged() : quasiNewton.hasConverged())) {
            notes.add("The fit was stopped after %d iterations, close to its end.".formatted(maxIterations));
        }
        return split(point, scoreCount);
    }

    /** Takes [columns, scores] apart; the scores of several classes only matter by their differences. */
    private static double[][] split(double[] point, int scoreCount) {
        int width = point.length / scoreCount;
        double[][] beta = new double[scoreCount][width];
        for (int i = 0; i < point.length; i++) {
            beta[i % scoreCount][i / scoreCount] = point[i];
        }
        if (scoreCount > 1) {
            double mean = 0;
            for (double[] weights : beta) {
                mean += weights[width - 1] / scoreCount;
            }
            for (double[] weights : beta) {
                weights[width - 1] -= mean;
            }
        }
        return beta;
    }

    private static double[] joined(double[][] beta) {
        double[] point = new double[beta.length * beta[0].length];
        for (int i = 0; i < point.length; i++) {
            point[i] = beta[i % beta.length][i / beta.length];
        }
        return point;
    }

    private CoefficientTable table(
            FitRequest request,
            Preprocessing preprocessing,
            DesignMatrix rows,
            float[] weights,
            double[][] beta,
            double loss) {
        CoefficientRows table = new CoefficientRows(preprocessing);
        String standardErrors;
        if (beta.length > 1) {
            standardErrors = "none for several classes";
        } else if (parameters.l1Ratio() > 0) {
            standardErrors = "none: those of an L1 penalty would ignore that it selects";
        } else if (rows.width > WaldErrors.MAX_WIDTH) {
            standardErrors = "none for more than %d columns".formatted(WaldErrors.MAX_WIDTH);
        } else {
            standardErrors = parameters.inversePenalty() >= NEGLIGIBLE_PENALTY
                    ? "Wald, from the information of the training rows"
                    : "approximate: Wald's with the L2 penalty in the information; the penalty's bias is not in them";
        }
        if (standardErrors.startsWith("none")) {
            for (int k = 0; k < beta.length; k++) {
                table.add(beta.length == 1 ? "" : request.fold().classes().get(k), beta[k]);
            }
        } else {
            NormalDistribution normal = new NormalDistribution();
            table.add(
                    "",
                    beta[0],
                    WaldErrors.of(rows, weights, beta[0], parameters.inversePenalty()),
                    z -> 2 * normal.cumulativeProbability(-z),
                    new boolean[rows.width]);
        }
        String method = "%s logistic regression, %s"
                .formatted(beta.length == 1 ? "binary" : "multinomial", parameters.penaltyText());
        return table.table(method, standardErrors, Map.of("log_loss", loss, "row_count", (double) rows.rowCount));
    }
}
