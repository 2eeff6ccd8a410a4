package io.foresell.training.prepare;

import io.foresell.training.dataset.PlannedRows;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.FitListener;
import io.foresell.training.fit.FitRequest;
import java.util.List;

/**
 * 120 rows by formulas, whose scores scikit-learn 1.9.1 computed: {@code x = i * 37 % 101 / 10}, {@code y = (i * 53 + 11) % 89 / 7}, a city
 * and a plan.
 */
final class Formulas {
    static final int ROWS = 120;
    private static final List<String> CITIES = List.of("Lyon", "Paris", "Rome", "Oslo", "Bonn");
    private static final List<String> PLANS = List.of("a", "b", "c");

    private Formulas() {}

    static double x(int i) {
        return i * 37 % 101 / 10.0;
    }

    static double y(int i) {
        return (i * 53 + 11) % 89 / 7.0;
    }

    static String city(int i) {
        return CITIES.get((i * i + 3 * i) / 2 % 5);
    }

    static String plan(int i) {
        return PLANS.get(i * 7 / 3 % 3);
    }

    static PlannedRows columns() {
        return PlannedRows.of(ROWS)
                .number("x", PlannedRows.numbers(ROWS, Formulas::x))
                .number("y", PlannedRows.numbers(ROWS, Formulas::y))
                .text("city", PlannedRows.texts(ROWS, Formulas::city))
                .text("plan", PlannedRows.texts(ROWS, Formulas::plan));
    }

    static double label(int i) {
        int bonn = city(i).equals("Bonn") ? 3 : 0;
        int b = plan(i).equals("b") ? 2 : 0;
        return x(i) + bonn - b + i % 4 > 7 ? 1 : 0;
    }

    static double value(int i) {
        return x(i) * 0.5 + i % 4;
    }

    static TrainingSet classes() {
        return columns().labelled(PlannedRows.numbers(ROWS, Formulas::label));
    }

    static TrainingSet values() {
        return columns().labelled(PlannedRows.numbers(ROWS, Formulas::value));
    }

    static FitRequest request(TrainingSet set, Preparation plan) {
        return request(TrainingFold.all(set), plan);
    }

    static FitRequest request(TrainingFold fold, Preparation plan) {
        return new FitRequest(fold, plan, ClassWeights.EQUAL, 7, FitListener.NONE, () -> false);
    }

    static Preparation columns(ColumnRule... rules) {
        return new Preparation(RowRules.NONE, List.of(rules), List.of(), List.of());
    }

    static ColumnRule text(String column, TextRule rule) {
        return new ColumnRule(List.of(column), new TextPlan(rule, false, false));
    }

    static ColumnRule fill(String column, Fill.Rule rule) {
        return new ColumnRule(
                List.of(column), new NumberPlan(new Fill(rule, -5), false, null, false, Scale.NONE, null));
    }

    static Preparation selecting(Selection... selections) {
        return new Preparation(RowRules.NONE, List.of(), List.of(), List.of(selections));
    }
}
