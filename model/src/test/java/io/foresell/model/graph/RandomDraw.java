package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What a seed draws for a model of some family: its numbers, trees and calibrations. */
final class RandomDraw {
    final Random random;
    final RandomModels models;

    RandomDraw(long seed) {
        this.random = new Random(seed);
        this.models = new RandomModels(seed);
    }

    Calibration calibration() {
        return switch (random.nextInt(4)) {
            case 0 -> Calibration.NONE;
            case 1 -> new PlattCalibration(0.5 + random.nextDouble(), random.nextGaussian());
            case 2 -> new BetaCalibration(random.nextDouble() * 2, random.nextDouble() * 2, random.nextGaussian());
            default -> isotonic();
        };
    }

    IsotonicCalibration isotonic() {
        int knots = 1 + random.nextInt(30);
        double[] from = random.doubles(knots).sorted().toArray();
        double[] to = random.doubles(knots).sorted().toArray();
        return IsotonicCalibration.ofSteps(from, to);
    }

    /** Returns gentle ones: where all classes are next to impossible, their shares are rounding noise. */
    List<Calibration> calibrations(int classes) {
        List<Calibration> calibrations = new ArrayList<>();
        for (int i = 0; i < classes; i++) {
            Calibration calibration = calibration();
            calibrations.add(
                    calibration instanceof IsotonicCalibration
                            ? new IsotonicCalibration(List.of(0.1, 0.5, 0.8), List.of(0.2, 0.4, 1.0))
                            : calibration);
        }
        return calibrations;
    }

    double[] gaussians(int count, double scale) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return values;
    }

    double[][] matrix(int rows, int columns, double scale) {
        double[][] matrix = new double[rows][];
        for (int i = 0; i < rows; i++) {
            matrix[i] = gaussians(columns, scale);
        }
        return matrix;
    }

    double[] weights(int count) {
        return Oracle.normalized(random.doubles(count, 0.1, 1).toArray());
    }
}
