package io.foresell.inference.measure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts rows by band or label. Names are fixed at the start, so that counting takes no memory. Thread-safe, without locks. */
public final class OutcomeCounts {
    /** What rows are counted as that the model refused. */
    public static final String REFUSED = "(refused)";

    /** What the labels are counted as that are too many. */
    public static final String OTHER = "(other)";

    private static final int MAX_LABELS = 100;
    private static final List<String> BANDS = List.of("low", "medium", "high");

    private final Map<String, LongAdder> counts = new HashMap<>(); // never changed after the constructor
    private final LongAdder other = new LongAdder();

    /** Makes counts; {@code labels} are empty for a model with bands, or with neither. */
    public OutcomeCounts(List<String> labels) {
        for (String name : labels.isEmpty() ? BANDS : labels.subList(0, Math.min(MAX_LABELS, labels.size()))) {
            counts.put(name, new LongAdder());
        }
        counts.put(REFUSED, new LongAdder());
    }

    /** Counts a row; empty for an answer without band and label, which is not counted. */
    public void add(String outcome) {
        if (!outcome.isEmpty()) {
            counts.getOrDefault(outcome, other).increment();
        }
    }

    /** Returns the counts above 0 by name. */
    public Map<String, Long> counts() {
        Map<String, Long> found = new TreeMap<>();
        counts.forEach((name, count) -> put(found, name, count.sum()));
        put(found, OTHER, other.sum());
        return found;
    }

    private static void put(Map<String, Long> found, String name, long count) {
        if (count > 0) {
            found.put(name, count);
        }
    }
}
