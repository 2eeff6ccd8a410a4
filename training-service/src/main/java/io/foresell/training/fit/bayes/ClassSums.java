package io.foresell.training.fit.bayes;

import io.foresell.model.Rows;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.RowChunks;

/** Weighted sums of encoded columns and of their squares per class. */
final class ClassSums {
    private static final int MAX_CHUNK_ROWS = 1024;
    private static final int MAX_CHUNK_VALUES = 1 << 22;

    /** Shape [classes]. */
    final double[] weights;
    /** Shape [classes][columns]. */
    final double[][] sums;
    /** Shape [classes][columns]. */
    final double[][] squares;

    ClassSums(FitRequest request, Preprocessing preprocessing, Rows rows, int classCount) {
        int width = preprocessing.encodedWidth();
        this.weights = new double[classCount];
        this.sums = new double[classCount][width];
        this.squares = new double[classCount][width];
        float[] labels = request.fold().labels();
        float[] rowWeights = request.weights();
        int chunk = Math.max(1, Math.min(MAX_CHUNK_ROWS, MAX_CHUNK_VALUES / width));
        for (int from = 0; from < labels.length; from += chunk) {
            request.requireWanted();
            int until = Math.min(labels.length, from + chunk);
            float[] encoded = preprocessing.encode(RowChunks.slice(rows, from, until));
            for (int row = from; row < until; row++) {
                add((int) labels[row], rowWeights[row], encoded, (row - from) * width, width);
            }
            request.listener().progressed(until, labels.length, Double.NaN);
        }
    }

    private void add(int label, double weight, float[] encoded, int at, int width) {
        weights[label] += weight;
        for (int column = 0; column < width; column++) {
            double value = encoded[at + column];
            if (value != 0) {
                sums[label][column] += weight * value;
                squares[label][column] += weight * value * value;
            }
        }
    }

    double mean(int label, int column) {
        return weights[label] == 0 ? 0 : sums[label][column] / weights[label];
    }

    double variance(int label, int column) {
        if (weights[label] == 0) {
            return 1;
        }
        double mean = mean(label, column);
        return Math.max(0, squares[label][column] / weights[label] - mean * mean);
    }

    /** Returns the variance of a column over all rows. */
    double variance(int column) {
        double weight = 0;
        double sum = 0;
        double square = 0;
        for (int label = 0; label < weights.length; label++) {
            weight += weights[label];
            sum += sums[label][column];
            square += squares[label][column];
        }
        return Math.max(0, square / weight - (sum / weight) * (sum / weight));
    }
}
