package io.foresell.training.fit.cluster;

import io.foresell.training.fit.FitRequest;
import java.util.List;

/** How far each row must look for its neighbours: small where rows are dense. */
final class CoreDistances {
    private static final int ROWS_PER_PIECE = 64;

    private CoreDistances() {}

    /** Returns the distance of each row to its {@code neighbours}-th nearest row, itself being the first. */
    static double[] of(EncodedRows rows, int neighbours, int threadCount, FitRequest request) {
        int count = rows.rowCount();
        int pieces = (count + ROWS_PER_PIECE - 1) / ROWS_PER_PIECE;
        List<double[]> distances = new Parallel(threadCount, request)
                .map(
                        pieces,
                        piece -> {
                            request.requireWanted();
                            int from = piece * ROWS_PER_PIECE;
                            return piece(rows, neighbours, from, Math.min(count, from + ROWS_PER_PIECE));
                        },
                        done -> request.listener().progressed(done, 2 * pieces, Double.NaN));
        double[] all = new double[count];
        for (int piece = 0; piece < pieces; piece++) {
            System.arraycopy(distances.get(piece), 0, all, piece * ROWS_PER_PIECE, distances.get(piece).length);
        }
        return all;
    }

    private static double[] piece(EncodedRows rows, int neighbours, int from, int until) {
        double[] squares = new double[rows.rowCount()];
        double[] distances = new double[until - from];
        for (int row = from; row < until; row++) {
            for (int other = 0; other < squares.length; other++) {
                squares[other] = rows.squaredDistance(row, other);
            }
            distances[row - from] = Math.sqrt(smallest(squares, neighbours - 1));
        }
        return distances;
    }

    /** Returns the value that would stand at a place if all were sorted; reorders them (Hoare's selection). */
    static double smallest(double[] values, int place) {
        int low = 0;
        int high = values.length - 1;
        while (low < high) {
            double pivot = values[(low + high) >>> 1];
            int i = low;
            int j = high;
            while (i <= j) {
                while (values[i] < pivot) {
                    i++;
                }
                while (values[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    double value = values[i];
                    values[i++] = values[j];
                    values[j--] = value;
                }
            }
            if (place <= j) {
                high = j;
            } else if (place >= i) {
                low = i;
            } else {
                return values[place];
            }
        }
        return values[place];
    }
}
