package io.foresell.benchmarks.release;

import io.foresell.benchmarks.model.Packages;
import io.foresell.model.Rows;
import io.foresell.model.pack.LoadedPackage;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of one request, each with a subject of its own: what several versions share shows in an answer of several rows. Immutable.
 */
public final class AskedRows {
    private static final int NUMBERS = 40;

    private final List<float[]> rows;
    private final ScoreRequest request;

    private AskedRows(String model, List<float[]> rows) {
        this.rows = rows;
        PackedRows.Builder packed = PackedRows.newBuilder().setRowCount(rows.size());
        for (int row = 0; row < rows.size(); row++) {
            for (float number : rows.get(row)) {
                packed.addNumbers(number);
            }
            packed.addSubjects("subject-" + row);
        }
        request =
                ScoreRequest.newBuilder().setModel(model).setPackedRows(packed).build();
    }

    /** Draws rows of {@link Packages#boosted}. */
    public static AskedRows draw(String model, int rowCount) {
        List<float[]> rows = new ArrayList<>();
        for (int row = 0; row < rowCount; row++) {
            rows.add(Packages.boostedRow(100 + row));
        }
        return new AskedRows(model, rows);
    }

    public ScoreRequest request() {
        return request;
    }

    int rowCount() {
        return rows.size();
    }

    /** Returns what a package answers each row, by the engine in this process. */
    float[] scoresOf(byte[] packageBytes) {
        float[] numbers = new float[rows.size() * NUMBERS];
        for (int row = 0; row < rows.size(); row++) {
            System.arraycopy(rows.get(row), 0, numbers, row * NUMBERS, NUMBERS);
        }
        float[] scores = new float[rows.size()];
        LoadedPackage.load(packageBytes, "", LoadedPackage.COMPILED)
                .scorer()
                .score(new Rows(rows.size(), numbers, new String[0]), scores);
        return scores;
    }
}
