package io.foresell.training.rollout.gate;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a gate says now.
 *
 * @param sentence why, with the numbers, for people
 * @param numbers the numbers by name, all finite
 */
public record GateStanding(String gate, Verdict verdict, String sentence, Map<String, Double> numbers) {
    public GateStanding {
        Map<String, Double> finite = new TreeMap<>(numbers);
        finite.values().removeIf(value -> !Double.isFinite(value));
        numbers = Map.copyOf(finite);
    }

    public GateStanding(String gate, Verdict verdict, String sentence) {
        this(gate, verdict, sentence, Map.of());
    }

    /** Returns the standing in one line: {@code errors: wait, ...}. */
    public String line() {
        return "%s: %s, %s".formatted(gate, verdict.name().toLowerCase(java.util.Locale.ROOT), sentence);
    }
}
