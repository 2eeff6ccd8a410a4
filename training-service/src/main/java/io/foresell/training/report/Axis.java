package io.foresell.training.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * One axis of a plot.
 *
 * @param title what it measures
 * @param from least value, below {@code until}
 * @param until greatest value
 * @param ticks values with a label, rising
 * @param label how a value is written
 */
record Axis(String title, double from, double until, List<Double> ticks, DoubleFunction<String> label) {
    private static final int TICKS = 5;

    Axis {
        ticks = List.copyOf(ticks);
    }

    /** Shares from 0 to a greatest one, in per cent. */
    static Axis share(String title, double greatest) {
        double until = greatest > 0.6 ? 1 : Math.max(0.05, roundUp(greatest));
        return new Axis(
                title,
                0,
                until,
                ticks(0, until),
                share -> Shown.decimal(100 * share, isFine(until) ? 1 : 0) + Shown.GAP + "%");
    }

    private static boolean isFine(double until) {
        return step(0, until) < 0.0099;
    }

    /** Numbers, widened to round ends. */
    static Axis numbers(String title, double least, double greatest) {
        double low = Double.isFinite(least) ? least : 0;
        double high = Double.isFinite(greatest) && greatest > low ? greatest : low + Math.max(1, Math.abs(low));
        double step = step(low, high);
        double from = Math.floor(low / step) * step;
        double until = Math.ceil(high / step) * step;
        return new Axis(title, from, until, ticks(from, until), Shown::number);
    }

    private static double roundUp(double value) {
        double step = step(0, value);
        return Math.ceil(value / step - 1e-9) * step;
    }

    /** 1, 2 or 5 times a power of ten. */
    private static double step(double from, double until) {
        double rough = (until - from) / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double times = rough / power;
        return (times <= 1.0001 ? 1 : times <= 2.0001 ? 2 : times <= 5.0001 ? 5 : 10) * power;
    }

    private static List<Double> ticks(double from, double until) {
        double step = step(from, until);
        List<Double> ticks = new ArrayList<>();
        for (long i = Math.round(from / step); i * step <= until + step / 1000; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** Returns where a value lies, 0 at the start and 1 at the end; values outside at the ends. */
    double place(double value) {
        return Math.max(0, Math.min(1, (value - from) / (until - from)));
    }
}
