package io.foresell.training.fit.cluster;

import io.foresell.model.Rows;
import io.foresell.model.graph.Preprocessing;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Rows as a model reads them.
 *
 * @param values row-major, shape [rowCount, width]; not copied
 */
@SuppressWarnings("ArrayRecordComponent")
record EncodedRows(float[] values, int rowCount, int width) {
    static EncodedRows of(Preprocessing preprocessing, Rows rows) {
        return new EncodedRows(preprocessing.encode(rows), rows.rowCount(), preprocessing.encodedWidth());
    }

    double squaredDistance(int row, double[] point) {
        int at = row * width;
        double sum = 0;
        for (int i = 0; i < width; i++) {
            double difference = values[at + i] - point[i];
            sum += difference * difference;
        }
        return sum;
    }

    double squaredDistance(int row, int other) {
        int at = row * width;
        int otherAt = other * width;
        double sum = 0;
        for (int i = 0; i < width; i++) {
            double difference = (double) values[at + i] - values[otherAt + i];
            sum += difference * difference;
        }
        return sum;
    }

    double[] row(int row) {
        double[] point = new double[width];
        for (int i = 0; i < width; i++) {
            point[i] = values[row * width + i];
        }
        return point;
    }

    EncodedRows some(int[] rows) {
        float[] chosen = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(values, rows[i] * width, chosen, i * width, width);
        }
        return new EncodedRows(chosen, rows.length, width);
    }

    /** Returns how many different rows there are, at most {@code most}. */
    int differentRows(int most) {
        Set<FloatBuffer> different = new HashSet<>();
        for (int row = 0; row < rowCount && different.size() < most; row++) {
            different.add(FloatBuffer.wrap(values, row * width, width).slice());
        }
        return different.size();
    }

    /** Returns all rows, or a random {@code most} of them in their order. */
    int[] sample(int most, long seed) {
        int[] rows = new int[rowCount];
        Arrays.setAll(rows, i -> i);
        if (rowCount <= most) {
            return rows;
        }
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < most; i++) {
            int chosen = i + random.nextInt(rowCount - i);
            int row = rows[chosen];
            rows[chosen] = rows[i];
            rows[i] = row;
        }
        int[] chosen = Arrays.copyOf(rows, most);
        Arrays.sort(chosen);
        return chosen;
    }
}
