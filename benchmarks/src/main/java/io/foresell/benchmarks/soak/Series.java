package io.foresell.benchmarks.soak;

import java.util.ArrayList;
import java.util.List;

/** What one process held of one thing, over the time of a run. One owner, not thread-safe. */
final class Series {
    private final String process;
    private final Held held;
    private final List<Double> seconds = new ArrayList<>();
    private final List<Double> values = new ArrayList<>();

    /** Things that a process may hold on to. */
    enum Held {
        HEAP("heap after collection, MiB", 0.05, 2),
        DIRECT("direct memory, MiB", 0.05, 2),
        THREADS("threads", 0, 2),
        FILES("open files", 0, 4),
        RESIDENT("resident memory, MiB", 0.05, 8);

        private final String title;
        private final double toleratedShare;
        private final double tolerated;

        Held(String title, double toleratedShare, double tolerated) {
            this.title = title;
            this.toleratedShare = toleratedShare;
            this.tolerated = tolerated;
        }

        String title() {
            return title;
        }

        /** Returns the growth over the judged part of a run that is of no account. */
        double tolerated(double level) {
            return Math.max(tolerated, toleratedShare * level);
        }
    }

    Series(String process, Held held) {
        this.process = process;
        this.held = held;
    }

    String process() {
        return process;
    }

    Held held() {
        return held;
    }

    void add(double atSeconds, double value) {
        seconds.add(atSeconds);
        values.add(value);
    }

    int size() {
        return values.size();
    }

    double second(int index) {
        return seconds.get(index);
    }

    double value(int index) {
        return values.get(index);
    }

    Trend trend() {
        return Trend.of(
                seconds.stream().mapToDouble(Double::doubleValue).toArray(),
                values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
