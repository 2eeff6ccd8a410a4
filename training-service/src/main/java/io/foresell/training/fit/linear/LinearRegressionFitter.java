package io.foresell.training.fit.linear;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Answer;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.CoefficientTable;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.hipparchus.distribution.continuous.TDistribution;

/** Fits a linear regression on standardised numbers and one-hot texts. */
final class LinearRegressionFitter implements Fitter {
    private static final int MAX_NAMED = 10;

    private final LinearRegression parameters;

    LinearRegressionFitter(LinearRegression parameters) {
        this.parameters = parameters;
    }

    @Override
    public FittedModel fit(FitRequest request) {
        request.weights(); // Refuses weights of classes: values have none.
        Encodings encodings = request.encodings();
        Preprocessing preprocessing = encodings.standardizedFlat();
        boolean isUnpenalized = parameters.penalty() == 0;
        if (isUnpenalized && preprocessing.encodedWidth() >= LeastSquares.MAX_WIDTH) {
            throw new ServiceException(Failure.precondition(
                    "TOO_MANY_COLUMNS",
                    "encoded columns for ordinary least squares: %d (expected: at most %d, or a penalty above 0)"
                            .formatted(preprocessing.encodedWidth(), LeastSquares.MAX_WIDTH - 1)));
        }
        DesignMatrix rows = new DesignMatrix(preprocessing, encodings.rows());
        Labels labels = Labels.of(request.fold().labels());
        List<String> notes = new ArrayList<>();
        CoefficientRows table = new CoefficientRows(preprocessing);
        Map<String, Double> figures = new HashMap<>();
        double[] beta;
        String errors;
        if ((parameters.l1Ratio() > 0 && !isUnpenalized) || rows.width > LeastSquares.MAX_WIDTH) {
            beta = labels.unscaled(descend(request, rows, labels, notes));
            table.add("", beta);
            errors = "none: a penalty biases the coefficients"
                    + (parameters.l1Ratio() > 0 ? " and selects among them" : "");
            judge(rows, labels, beta, figures);
            figures.put("nonzero_count", (double) nonZeros(beta));
        } else {
            double l2 = parameters.penalty() * rows.rowCount;
            LeastSquares.Solution solution = new LeastSquares(rows, labels.scaled(), l2, request.isCancelled()).solve();
            beta = labels.unscaled(solution.beta().clone());
            double squares = judge(rows, labels, beta, figures);
            request.listener().progressed(1, 1, squares / rows.rowCount);
            noteLeftOut(preprocessing, solution, notes);
            errors = isUnpenalized
                    ? addInference(table, beta, solution, squares, rows.rowCount, figures)
                    : addPenalized(table, beta);
        }
        CoefficientTable coefficients = table.table(parameters.describe(), errors, figures);
        return FittedLinear.of(preprocessing, rows, Answer.regression(), new double[][] {beta}, coefficients, notes);
    }

    private double[] descend(FitRequest request, DesignMatrix rows, Labels labels, List<String> notes) {
        double l1 = parameters.penalty() * parameters.l1Ratio();
        CoordinateDescent descent = new CoordinateDescent(
                rows.byColumns(),
                labels.scaled(),
                l1,
                parameters.penalty() - l1,
                request.listener(),
                request.isCancelled());
        double[] beta = descent.minimize();
        if (!descent.hasConverged()) {
            notes.add("The fit was stopped after %d sweeps, close to its end.".formatted(CoordinateDescent.MAX_SWEEPS));
        }
        return beta;
    }

    /** Adds what holds for any coefficients and returns the sum of squared errors. */
    private static double judge(DesignMatrix rows, Labels labels, double[] beta, Map<String, Double> figures) {
        double squares = 0;
        for (int row = 0; row < rows.rowCount; row++) {
            double error = labels.of(row) - rows.dot(row, beta);
            squares += error * error;
        }
        figures.put("row_count", (double) rows.rowCount);
        if (labels.squares() > 0) {
            figures.put("r_squared", 1 - squares / labels.squares());
        }
        return squares;
    }

    private static int nonZeros(double[] beta) {
        int count = 0;
        for (int i = 0; i < beta.length - 1; i++) {
            count += beta[i] == 0 ? 0 : 1;
        }
        return count;
    }

    private static String addPenalized(CoefficientRows table, double[] beta) {
        table.add("", beta);
        return "none: a penalty biases the coefficients";
    }

    private static String addInference(
            CoefficientRows table,
            double[] beta,
            LeastSquares.Solution solution,
            double squares,
            int rowCount,
            Map<String, Double> figures) {
        int freedom = rowCount - solution.rank();
        figures.put("degrees_of_freedom", (double) freedom);
        double[] errors = new double[beta.length];
        if (freedom <= 0) {
            table.add("", beta, errors, t -> Double.NaN, solution.isLeftOut());
            return "none: %d rows determine %d coefficients without an error left".formatted(rowCount, solution.rank());
        }
        double variance = squares / freedom;
        figures.put("residual_deviation", Math.sqrt(variance));
        double unexplained = 1 - figures.getOrDefault("r_squared", Double.NaN);
        figures.put("adjusted_r_squared", 1 - unexplained * (rowCount - 1) / freedom);
        for (int i = 0; i < errors.length; i++) {
            errors[i] = Math.sqrt(variance * solution.variances()[i]);
        }
        TDistribution t = new TDistribution(freedom);
        DoubleUnaryOperator pValue = statistic -> 2 * t.cumulativeProbability(-statistic);
        table.add("", beta, errors, pValue, solution.isLeftOut());
        return "exact for independent normal errors of equal deviation; p-values by Student's t";
    }

    private static void noteLeftOut(Preprocessing preprocessing, LeastSquares.Solution solution, List<String> notes) {
        List<String> names = preprocessing.encodedNames();
        List<String> leftOut = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (solution.isLeftOut()[i]) {
                leftOut.add(names.get(i));
            }
        }
        if (!leftOut.isEmpty()) {
            notes.add(
                    "%d of %d columns are constant or determined by the columns before them and have no weight of their own: %s%s."
                            .formatted(
                                    leftOut.size(),
                                    names.size(),
                                    String.join(", ", leftOut.subList(0, Math.min(MAX_NAMED, leftOut.size()))),
                                    leftOut.size() > MAX_NAMED ? ", ..." : ""));
        }
    }

    /** Labels with mean 0 and deviation 1, and the way back. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Labels(float[] raw, double mean, double deviation, double squares) {
        static Labels of(float[] raw) {
            double mean = 0;
            for (float label : raw) {
                mean += label / (double) raw.length;
            }
            double squares = 0;
            for (float label : raw) {
                squares += (label - mean) * (label - mean);
            }
            double deviation = Math.sqrt(squares / raw.length);
            return new Labels(raw, mean, deviation > 0 ? deviation : 1, squares);
        }

        double of(int row) {
            return raw[row];
        }

        double[] scaled() {
            double[] scaled = new double[raw.length];
            for (int row = 0; row < raw.length; row++) {
                scaled[row] = (raw[row] - mean) / deviation;
            }
            return scaled;
        }

        /** Turns coefficients of scaled labels into those of labels, in place. */
        double[] unscaled(double[] beta) {
            for (int i = 0; i < beta.length; i++) {
                beta[i] *= deviation;
            }
            beta[beta.length - 1] += mean;
            return beta;
        }
    }
}
