package io.foresell.training.fit.tree;

import io.foresell.model.Rows;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.RowChunks;
import java.util.Arrays;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * Encoded rows in XGBoost's memory, outside of the heap. Where most columns are indicators of categories, their zeros are left
 * out, which XGBoost takes for missing: {@link XgboostTrees} reads the trees accordingly. Close frees the memory.
 */
final class XgboostRows implements AutoCloseable {
    private static final int CHUNK_ROWS = 1024;

    final DMatrix matrix;
    /** Cells that a split has to look at. */
    final long cellCount;

    private XgboostRows(DMatrix matrix, long cellCount) {
        this.matrix = matrix;
        this.cellCount = cellCount;
    }

    static XgboostRows of(Preprocessing preprocessing, Rows rows) throws XGBoostError {
        boolean[] isSparse = sparseColumns(preprocessing);
        for (boolean sparse : isSparse) {
            if (sparse) {
                return sparse(preprocessing, rows, isSparse);
            }
        }
        return dense(preprocessing, rows);
    }

    /** Returns the columns whose zeros are left out: indicators, where they are the most. */
    static boolean[] sparseColumns(Preprocessing preprocessing) {
        boolean[] isIndicator = preprocessing.indicators();
        int count = 0;
        for (boolean indicator : isIndicator) {
            count += indicator ? 1 : 0;
        }
        return 2 * count > isIndicator.length ? isIndicator : new boolean[isIndicator.length];
    }

    private static XgboostRows dense(Preprocessing preprocessing, Rows rows) throws XGBoostError {
        int width = preprocessing.encodedWidth();
        float[] encoded = preprocessing.encode(rows);
        return new XgboostRows(new DMatrix(encoded, rows.rowCount(), width, Float.NaN), encoded.length);
    }

    private static XgboostRows sparse(Preprocessing preprocessing, Rows rows, boolean[] isIndicator)
            throws XGBoostError {
        int width = isIndicator.length;
        long[] starts = new long[rows.rowCount() + 1];
        int[] columns = new int[16 * rows.rowCount() + width];
        float[] values = new float[columns.length];
        int size = 0;
        for (int from = 0; from < rows.rowCount(); from += CHUNK_ROWS) {
            int until = Math.min(rows.rowCount(), from + CHUNK_ROWS);
            float[] encoded = preprocessing.encode(RowChunks.slice(rows, from, until));
            for (int row = from; row < until; row++) {
                if (size + width > columns.length) {
                    int length = Math.addExact(columns.length, columns.length / 2 + width);
                    columns = Arrays.copyOf(columns, length);
                    values = Arrays.copyOf(values, length);
                }
                int at = (row - from) * width;
                for (int column = 0; column < width; column++) {
                    float value = encoded[at + column];
                    if (!(value == 0 && isIndicator[column]) && !Float.isNaN(value)) {
                        columns[size] = column;
                        values[size++] = value;
                    }
                }
                starts[row + 1] = size;
            }
        }
        DMatrix matrix = new DMatrix(
                starts,
                Arrays.copyOf(columns, size),
                Arrays.copyOf(values, size),
                DMatrix.SparseType.CSR,
                width,
                Float.NaN,
                1);
        return new XgboostRows(matrix, size);
    }

    @Override
    public void close() {
        matrix.dispose();
    }
}
