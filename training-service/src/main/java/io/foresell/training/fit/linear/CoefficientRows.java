package io.foresell.training.fit.linear;

import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.Coefficient;
import io.foresell.training.fit.CoefficientTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/** Gathers the rows of a table of coefficients. */
final class CoefficientRows {
    /** Most coefficients shown; of more the largest. */
    static final int MAX_SHOWN = 2000;

    private final List<String> names;
    private final double[] units;
    private final List<Coefficient> rows = new ArrayList<>();

    CoefficientRows(Preprocessing preprocessing) {
        this.names = preprocessing.encodedNames();
        ColumnUnits columnUnits = new ColumnUnits(preprocessing);
        this.units = names.stream().mapToDouble(columnUnits::of).toArray();
    }

    /** Adds coefficients of which no errors are known, the intercept last. */
    void add(String label, double[] beta) {
        double[] unknown = new double[beta.length];
        java.util.Arrays.fill(unknown, Double.NaN);
        add(label, beta, unknown, statistic -> Double.NaN, new boolean[beta.length]);
    }

    /**
     * Adds the coefficients of one score.
     *
     * @param beta one per encoded column, the intercept last
     * @param errors standard errors alike
     * @param pValue of an absolute statistic
     */
    void add(String label, double[] beta, double[] errors, DoubleUnaryOperator pValue, boolean[] isLeftOut) {
        int intercept = beta.length - 1;
        for (int i = 0; i < beta.length; i++) {
            int column = i == 0 ? intercept : i - 1;
            double statistic = errors[column] > 0 ? beta[column] / errors[column] : Double.NaN;
            rows.add(new Coefficient(
                    label,
                    column == intercept ? Coefficient.INTERCEPT : names.get(column),
                    beta[column],
                    errors[column] > 0 ? errors[column] : Double.NaN,
                    statistic,
                    Double.isNaN(statistic) ? Double.NaN : pValue.applyAsDouble(Math.abs(statistic)),
                    column == intercept ? 1 : units[column],
                    isLeftOut[column]));
        }
    }

    CoefficientTable table(String method, String standardErrors, Map<String, Double> figures) {
        int omitted = Math.max(0, rows.size() - MAX_SHOWN);
        return new CoefficientTable(method, standardErrors, omitted == 0 ? rows : largest(), omitted, figures);
    }

    private List<Coefficient> largest() {
        Set<Coefficient> largest = new HashSet<>(rows.stream()
                .sorted(Comparator.comparingDouble(row -> row.name().equals(Coefficient.INTERCEPT)
                        ? Double.NEGATIVE_INFINITY
                        : -Math.abs(row.estimate())))
                .limit(MAX_SHOWN)
                .toList());
        return rows.stream().filter(largest::contains).toList();
    }
}
