package io.foresell.training.evaluate;

import java.util.HashMap;
import java.util.Map;

/** How far two divisions of the same rows agree, whatever their parts are called. */
public final class AdjustedRandIndex {
    private AdjustedRandIndex() {}

    /**
     * Returns 1 for equal divisions, 0 for as much agreement as chance gives, less for less (Hubert and Arabie 1985, equation 5). Two
     * divisions that both put all rows together, or all apart, are equal.
     *
     * @param first the part of each row
     * @param second the part of each row, as many
     */
    public static double of(int[] first, int[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(
                    "rows: %d and %d (expected: as many)".formatted(first.length, second.length));
        }
        record Both(int first, int second) {}
        Map<Both, Long> cells = new HashMap<>();
        Map<Integer, Long> rows = new HashMap<>();
        Map<Integer, Long> columns = new HashMap<>();
        for (int i = 0; i < first.length; i++) {
            cells.merge(new Both(first[i], second[i]), 1L, Long::sum);
            rows.merge(first[i], 1L, Long::sum);
            columns.merge(second[i], 1L, Long::sum);
        }
        double together = pairs(cells);
        double inFirst = pairs(rows);
        double inSecond = pairs(columns);
        double byChance = first.length < 2 ? 0 : inFirst * inSecond / (first.length * (first.length - 1.0) / 2);
        double most = (inFirst + inSecond) / 2;
        return most == byChance ? 1 : (together - byChance) / (most - byChance);
    }

    private static double pairs(Map<?, Long> counts) {
        return counts.values().stream()
                .mapToDouble(count -> count * (count - 1.0) / 2)
                .sum();
    }
}
