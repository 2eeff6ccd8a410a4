package io.foresell.benchmarks.serving;

import io.foresell.benchmarks.load.ProcessorTicks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Turns of a measurement on a machine that may be a guest of another one: a turn in which the host gave more of the time to others than it
 * may is run again, {@value #MAX_TRIES} times as many turns in all at most, and the least disturbed ones count. They are chosen by what
 * the host took, not by what they show.
 *
 * @param <T> what a turn finds
 * @param kept the turns that count, in the order in which they were run
 * @param leftOut those that were run besides
 */
record CalmTurns<T>(List<Turn<T>> kept, List<Turn<T>> leftOut) {
    private static final int MAX_TRIES = 3;

    /**
     * What one turn found.
     *
     * @param number from 1, of all that were run
     * @param stolenPercent what the host took meanwhile of the time to work, 0 to 100
     */
    record Turn<T>(int number, T found, double stolenPercent) {}

    /** One turn of a measurement. */
    interface Measurement<T> {
        T run(int number) throws InterruptedException;
    }

    /**
     * Runs turns until so many were calm.
     *
     * @param whenDisturbed before one more turn than was expected
     */
    static <T> CalmTurns<T> run(int count, double maxStolenPercent, Measurement<T> measurement, Runnable whenDisturbed)
            throws InterruptedException {
        List<Turn<T>> turns = new ArrayList<>();
        int calm = 0;
        while (calm < count && turns.size() < MAX_TRIES * count) {
            ProcessorTicks before = ProcessorTicks.now();
            int number = turns.size() + 1;
            T found = measurement.run(number);
            double stolenPercent = ProcessorTicks.now().stolenPercentSince(before);
            turns.add(new Turn<>(number, found, stolenPercent));
            if (stolenPercent <= maxStolenPercent) {
                calm++;
            } else if (turns.size() < MAX_TRIES * count) {
                whenDisturbed.run();
            }
        }
        return leastDisturbed(turns, count);
    }

    /** Returns what a turn is called on a progress line. */
    static String name(int number, int count) {
        return number <= count
                ? "round %d of %d".formatted(number, count)
                : "round %d, until %d were calm".formatted(number, count);
    }

    static <T> CalmTurns<T> leastDisturbed(List<Turn<T>> turns, int count) {
        List<Turn<T>> byStolen = turns.stream()
                .sorted(Comparator.<Turn<T>>comparingDouble(Turn::stolenPercent))
                .toList();
        int keptCount = Math.min(count, byStolen.size());
        return new CalmTurns<>(
                inOrder(byStolen.subList(0, keptCount)), inOrder(byStolen.subList(keptCount, byStolen.size())));
    }

    private static <T> List<Turn<T>> inOrder(List<Turn<T>> turns) {
        return turns.stream()
                .sorted(Comparator.<Turn<T>>comparingInt(Turn::number))
                .toList();
    }
}
