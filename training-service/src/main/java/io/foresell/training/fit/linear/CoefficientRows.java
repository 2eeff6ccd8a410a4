package io.foresell.training.fit.linear;

import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.Coefficient;
import io.foresell.training.fit.CoefficientTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/** Gathers the rows of a table of coefficients. */
final class CoefficientRows {
    /** Most coefficients shown; of more the largest. */
    static final int MAX_SHOWN = 2000;

    private final List<String> names;
    private final double[] units;
    private final List<Score> scores = new ArrayList<>();

    /** The coefficients of one score, the intercept last. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Score(
            String label, double[] beta, double[] errors, DoubleUnaryOperator pValue, boolean[] isLeftOut) {
        Coefficient at(int column, String name, double unit) {
            double statistic = errors[column] > 0 ? beta[column] / errors[column] : Double.NaN;
            return new Coefficient(
                    label,
                    name,
                    beta[column],
                    errors[column] > 0 ? errors[column] : Double.NaN,
                    statistic,
                    Double.isNaN(statistic) ? Double.NaN : pValue.applyAsDouble(Math.abs(statistic)),
                    unit,
                    isLeftOut[column]);
        }
    }

    CoefficientRows(Preprocessing preprocessing) {
        this.names = preprocessing.encodedNames();
        ColumnUnits columnUnits = new ColumnUnits(preprocessing);
        this.units = names.stream().mapToDouble(columnUnits::of).toArray();
    }

    /** Adds coefficients of which no errors are known, the intercept last. */
    void add(String label, double[] beta) {
        double[] unknown = new double[beta.length];
        Arrays.fill(unknown, Double.NaN);
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
        scores.add(new Score(label, beta, errors, pValue, isLeftOut));
    }

    CoefficientTable table(String method, String standardErrors, Map<String, Double> figures) {
        int count = scores.stream().mapToInt(score -> score.beta().length).sum();
        int omitted = Math.max(0, count - MAX_SHOWN);
        double least = omitted == 0 ? 0 : leastShown();
        List<Coefficient> shown = new ArrayList<>();
        long ties = omitted == 0 ? Long.MAX_VALUE : MAX_SHOWN - countAbove(least);
        for (Score score : scores) {
            int intercept = score.beta().length - 1;
            shown.add(score.at(intercept, Coefficient.INTERCEPT, 1));
            for (int column = 0; column < intercept; column++) {
                double size = Math.abs(score.beta()[column]);
                if (size > least || (size == least && ties-- > 0)) {
                    shown.add(score.at(column, names.get(column), units[column]));
                }
            }
        }
        return new CoefficientTable(method, standardErrors, shown, omitted, figures);
    }

    /** Returns the size of the smallest coefficient among the largest; intercepts are shown whatever their size. */
    private double leastShown() {
        double[] sizes = sizes().sorted().toArray();
        return sizes[Math.max(0, sizes.length - Math.max(1, MAX_SHOWN - scores.size()))];
    }

    private long countAbove(double size) {
        return scores.size() + sizes().filter(each -> each > size).count();
    }

    private DoubleStream sizes() {
        return scores.stream()
                .flatMapToDouble(score -> Arrays.stream(score.beta(), 0, score.beta().length - 1))
                .map(Math::abs);
    }
}
