package io.foresell.model.graph;

import java.util.List;

/** Weighted sums drawn from a seed, each with its {@link Oracle}. */
final class LinearFamilies {
    private LinearFamilies() {}

    static Case linearRegression(RandomDraw draw, Preprocessing preprocessing) {
        double[][] weights = draw.matrix(1, preprocessing.encodedWidth(), 0.5);
        double[] bias = draw.gaussians(1, 1);
        byte[] onnx = ModelGraph.write(preprocessing, new LinearModel(weights, bias), Head.regression());
        return new Case(onnx, columns -> product(weights, bias, columns));
    }

    static Case logistic(RandomDraw draw, Preprocessing preprocessing) {
        double[][] weights = draw.matrix(1, preprocessing.encodedWidth(), 0.5);
        double[] bias = draw.gaussians(1, 1);
        Calibration calibration = draw.calibration();
        byte[] onnx = ModelGraph.write(preprocessing, new LinearModel(weights, bias), Head.binary(calibration));
        return new Case(onnx, columns -> {
            double logOdds = product(weights, bias, columns)[0];
            return new double[] {Oracle.ofLogOdds(logOdds, calibration)};
        });
    }

    static Case multinomial(RandomDraw draw, Preprocessing preprocessing) {
        int classes = 2 + draw.random.nextInt(6);
        double[][] weights = draw.matrix(classes, preprocessing.encodedWidth(), 0.5);
        double[] bias = draw.gaussians(classes, 1);
        List<Calibration> calibrations = draw.random.nextBoolean() ? List.of() : draw.calibrations(classes);
        byte[] onnx = ModelGraph.write(preprocessing, new LinearModel(weights, bias), Head.multiclass(calibrations));
        return new Case(onnx, columns -> {
            double[] probabilities = Oracle.softmax(product(weights, bias, columns));
            return calibrated(probabilities, calibrations);
        });
    }

    static Case oneVersusRest(RandomDraw draw, Preprocessing preprocessing) {
        int classes = 2 + draw.random.nextInt(6);
        double[][] weights = draw.matrix(classes, preprocessing.encodedWidth(), 0.5);
        double[] bias = draw.gaussians(classes, 1);
        List<Calibration> calibrations = draw.random.nextBoolean() ? List.of() : draw.calibrations(classes);
        byte[] onnx = ModelGraph.write(
                preprocessing, new LinearModel(weights, bias), Head.multiclassOneVersusRest(calibrations));
        return new Case(onnx, columns -> {
            double[] scores = product(weights, bias, columns);
            for (int i = 0; i < classes; i++) {
                Calibration calibration = calibrations.isEmpty() ? Calibration.NONE : calibrations.get(i);
                scores[i] = Oracle.ofLogOdds(scores[i], calibration) + least(calibration, true);
            }
            return Oracle.normalized(scores);
        });
    }

    static double[] product(double[][] weights, double[] bias, double[] columns) {
        double[] scores = bias.clone();
        for (int output = 0; output < scores.length; output++) {
            for (int i = 0; i < columns.length; i++) {
                scores[output] += weights[output][i] * columns[i];
            }
        }
        return scores;
    }

    static double[] calibrated(double[] probabilities, List<Calibration> calibrations) {
        if (calibrations.stream().allMatch(Calibration.NONE::equals)) {
            return probabilities;
        }
        double[] calibrated = new double[probabilities.length];
        for (int i = 0; i < calibrated.length; i++) {
            Calibration calibration = calibrations.get(i);
            calibrated[i] = Oracle.ofProbability(probabilities[i], calibration) + least(calibration, false);
        }
        return Oracle.normalized(calibrated);
    }

    private static double least(Calibration calibration, boolean readsLogOdds) {
        boolean isCurve =
                calibration instanceof IsotonicCalibration || (!readsLogOdds && calibration.equals(Calibration.NONE));
        return isCurve ? CalibrationNodes.LEAST_SHARE : 0;
    }
}
