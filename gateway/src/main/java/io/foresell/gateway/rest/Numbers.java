package io.foresell.gateway.rest;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Numbers that JSON can write: it has no word for NaN and infinity, so they become null. */
final class Numbers {
    private Numbers() {}

    static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** Returns the values in order of their names. */
    static Map<String, @Nullable Double> finite(Map<String, Double> values) {
        Map<String, @Nullable Double> finite = new TreeMap<>();
        values.forEach((name, value) -> finite.put(name, finite(value)));
        return finite;
    }
}
