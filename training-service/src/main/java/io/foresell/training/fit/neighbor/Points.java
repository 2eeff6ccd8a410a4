package io.foresell.training.fit.neighbor;

import io.foresell.model.graph.NeighborsModel;

/** Kept rows, and the definition of an answer in doubles. Takes ownership of the arrays. */
final class Points {
    private final float[] encoded;
    private final int width;
    private final double[][] votes;
    private final double[] weights;

    /**
     * Takes the rows.
     *
     * @param encoded row-major, shape [points, width]
     * @param votes shape [points][outputs]
     * @param weights shape [points]
     */
    Points(float[] encoded, int width, double[][] votes, double[] weights) {
        this.encoded = encoded;
        this.width = width;
        this.votes = votes;
        this.weights = weights;
    }

    NeighborsModel model(int k, boolean isByDistance) {
        double[][] points = new double[weights.length][width];
        for (int i = 0; i < encoded.length; i++) {
            points[i / width][i % width] = encoded[i];
        }
        return new NeighborsModel(points, votes, weights, k, isByDistance);
    }

    int outputs() {
        return votes[0].length;
    }

    /** Writes the mean votes of the neighbours of a row that starts at {@code row[from]}. */
    void answer(float[] row, int from, int k, boolean isByDistance, double[] answers, int to) {
        double[] squares = squares(row, from);
        double last = smallest(squares, k);
        double edge = NeighborsModel.EDGE * last + NeighborsModel.LEAST_SQUARE;
        double[] sums = new double[outputs()];
        double total = 0;
        for (int point = 0; point < squares.length; point++) {
            double share = Math.min(1, 1 - (squares[point] - last) / edge);
            if (share <= 0) {
                continue;
            }
            double distance = Math.sqrt(Math.max(squares[point], NeighborsModel.LEAST_SQUARE));
            double weight = share * weights[point] / (isByDistance ? distance : 1);
            total += weight;
            for (int i = 0; i < sums.length; i++) {
                sums[i] += weight * votes[point][i];
            }
        }
        for (int i = 0; i < sums.length; i++) {
            answers[to + i] = sums[i] / total;
        }
    }

    private double[] squares(float[] row, int from) {
        double[] squares = new double[weights.length];
        for (int point = 0; point < squares.length; point++) {
            double sum = 0;
            for (int column = 0; column < width; column++) {
                // Differences of floats, as the graph has them.
                double difference = row[from + column] - encoded[point * width + column];
                sum += difference * difference;
            }
            squares[point] = sum;
        }
        return squares;
    }

    /** Returns the k-th smallest value. */
    private static double smallest(double[] values, int k) {
        double[] best = new double[k];
        int size = 0;
        for (double value : values) {
            if (size == k && value >= best[size - 1]) {
                continue;
            }
            int at = size < k ? size++ : size - 1;
            while (at > 0 && best[at - 1] > value) {
                best[at] = best[at - 1];
                at--;
            }
            best[at] = value;
        }
        return best[k - 1];
    }
}
