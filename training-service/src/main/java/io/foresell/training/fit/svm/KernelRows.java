package io.foresell.training.fit.svm;

import io.foresell.model.graph.Kernel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Rows of the kernel matrix, computed when asked for. All solvers share them where the whole matrix fits into {@link
 * #MAX_BYTES}; otherwise each keeps those it used last. Thread-safe.
 */
final class KernelRows {
    /** Greatest size of all rows that are kept. */
    static final long MAX_BYTES = 256L << 20;

    private final SvmRows rows;
    private final Kernel kernel;
    private final float[] squares;
    private final AtomicReferenceArray<float[]> shared;
    private final int rowsPerSolver;

    KernelRows(SvmRows rows, Kernel kernel, int solverCount) {
        this.rows = rows;
        this.kernel = kernel;
        this.squares = rows.squares();
        long rowBytes = (long) Float.BYTES * rows.rowCount;
        boolean isShared = rowBytes * rows.rowCount <= MAX_BYTES;
        this.shared = new AtomicReferenceArray<>(isShared ? rows.rowCount : 0);
        this.rowsPerSolver = (int) Math.max(2, MAX_BYTES / rowBytes / solverCount);
    }

    int rowCount() {
        return rows.rowCount;
    }

    /** Returns what one solver reads; not thread-safe. */
    Reader reader() {
        return new Reader();
    }

    /** Returns the kernel of a row with itself. */
    float self(int row) {
        return switch (kernel.kind()) {
            case RBF -> 1;
            case POLY -> (float) Math.pow(kernel.gamma() * squares[row] + kernel.offset(), kernel.degree());
            case LINEAR -> squares[row];
        };
    }

    private void compute(int row, float[] values) {
        rows.products(row, values);
        switch (kernel.kind()) {
            case RBF -> {
                for (int i = 0; i < values.length; i++) {
                    double distance = Math.max(0, (double) squares[row] + squares[i] - 2.0 * values[i]);
                    values[i] = (float) Math.exp(-kernel.gamma() * distance);
                }
                values[row] = 1;
            }
            case POLY -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) Math.pow(kernel.gamma() * values[i] + kernel.offset(), kernel.degree());
                }
            }
            case LINEAR -> {
                // Products are the kernel.
            }
        }
    }

    /** Reads rows for one solver. */
    final class Reader {
        private final Map<Integer, float[]> own = new LinkedHashMap<>(16, 0.75f, true);

        private Reader() {}

        /** Returns the kernel of a row with every row; good until two other rows were asked for. */
        float[] row(int row) {
            if (shared.length() > 0) {
                float[] values = shared.get(row);
                return values != null ? values : share(row);
            }
            float[] values = own.get(row);
            if (values == null) {
                values = own.size() < rowsPerSolver ? new float[rows.rowCount] : evicted();
                compute(row, values);
                own.put(row, values);
            }
            return values;
        }

        private float[] share(int row) {
            float[] values = new float[rows.rowCount];
            compute(row, values);
            shared.set(row, values);
            return values;
        }

        private float[] evicted() {
            var oldest = own.entrySet().iterator();
            float[] values = oldest.next().getValue();
            oldest.remove();
            return values;
        }
    }
}
