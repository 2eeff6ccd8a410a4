package io.foresell.inference.measure;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How a shadow would have decided, beside the version that answered, on the same rows. Written by the shadow lane, read by anyone; only
 * what is dropped is counted elsewhere. Bounded: slices of {@value #MAX_OUTCOMES} bands or labels and {@value #MAX_VALUES} values,
 * {@value #MAX_REASONS} reasons.
 */
public final class DecisionDiff {
    private static final double[] TOP_FRACTIONS = {0.01, 0.05, 0.1, 0.2};
    private static final int MAX_OUTCOMES = 100;
    private static final int MAX_VALUES = 20;
    private static final int MAX_REASONS = 20;
    private static final long SAMPLE_SEED = 0x5AD0;

    private final int champion;
    private final int shadow;
    private final LongAdder droppedRows = new LongAdder();

    @GuardedBy("this")
    private final SliceDiff all = new SliceDiff();

    @GuardedBy("this")
    private final PairSample pairs = new PairSample(SAMPLE_SEED);

    @GuardedBy("this")
    private final Map<String, SliceDiff> byOutcome = new TreeMap<>();

    @GuardedBy("this")
    private final Map<String, SliceDiff> byValue = new TreeMap<>();

    @GuardedBy("this")
    private final Map<String, Long> errors = new HashMap<>();

    DecisionDiff(int champion, int shadow) {
        this.champion = champion;
        this.shadow = shadow;
    }

    /** Rows that change sides. */
    public record Flip(String from, String to, long rows) {}

    /** What share of the champion's top is in the shadow's, too. */
    public record Overlap(double topFraction, double share) {}

    /** The rows of one slice; empty name for all. */
    public record Slice(
            String name,
            long rows,
            Distribution champion,
            Distribution shadow,
            Distribution differences,
            List<Flip> flips) {
        public Slice {
            flips = List.copyOf(flips);
        }
    }

    /**
     * Everything at one time.
     *
     * @param slices all rows first, then by name
     * @param championScores sampled, of the same rows as {@code shadowScores}
     */
    public record View(
            Map<String, Long> errors,
            List<Slice> slices,
            List<Overlap> overlaps,
            OptionalDouble rankCorrelation,
            List<Double> championScores,
            List<Double> shadowScores) {}

    /** The version that answered. */
    public int champion() {
        return champion;
    }

    /** The version that scored the copy. */
    public int shadow() {
        return shadow;
    }

    /** What a version said of a row; the outcome is its label or band, empty without. */
    public record Decision(double score, String outcome) {}

    /**
     * Counts a row that both scored.
     *
     * @param outcomeKind names what outcomes are, "band" or "label"
     * @param column names the column of {@code value}; empty without one
     */
    public synchronized void add(Decision before, Decision after, String outcomeKind, String column, String value) {
        all.add(before, after);
        pairs.add(before.score(), after.score());
        if (!before.outcome().isEmpty()) {
            slice(byOutcome, outcomeKind, before.outcome(), MAX_OUTCOMES).add(before, after);
        }
        if (!column.isEmpty()) {
            slice(byValue, column, value, MAX_VALUES).add(before, after);
        }
    }

    private static SliceDiff slice(Map<String, SliceDiff> slices, String kind, String value, int limit) {
        String name = kind + "=" + value;
        SliceDiff slice = slices.get(name);
        if (slice != null) {
            return slice;
        }
        return slices.computeIfAbsent(
                slices.size() < limit ? name : kind + "=" + OutcomeCounts.OTHER, unused -> new SliceDiff());
    }

    /** Counts rows that the shadow could not score. */
    public synchronized void failed(String reason, int rowCount) {
        String known = errors.size() < MAX_REASONS || errors.containsKey(reason) ? reason : OutcomeCounts.OTHER;
        errors.merge(known, (long) rowCount, Long::sum);
    }

    /** Counts rows that were to be copied and were not. */
    public void dropped(int rowCount) {
        droppedRows.add(rowCount);
    }

    public long droppedRows() {
        return droppedRows.sum();
    }

    /** Returns what was counted. */
    public synchronized View view() {
        List<Slice> views = new ArrayList<>();
        views.add(all.slice(""));
        byOutcome.forEach((name, slice) -> views.add(slice.slice(name)));
        byValue.forEach((name, slice) -> views.add(slice.slice(name)));
        List<Overlap> overlaps = new ArrayList<>();
        pairs.topOverlaps(TOP_FRACTIONS).forEach((fraction, share) -> overlaps.add(new Overlap(fraction, share)));
        return new View(
                new TreeMap<>(errors),
                views,
                overlaps,
                pairs.rankCorrelation(),
                listOf(pairs.championScores()),
                listOf(pairs.shadowScores()));
    }

    private static List<Double> listOf(double[] numbers) {
        List<Double> list = new ArrayList<>(numbers.length);
        for (double number : numbers) {
            list.add(number);
        }
        return list;
    }
}
