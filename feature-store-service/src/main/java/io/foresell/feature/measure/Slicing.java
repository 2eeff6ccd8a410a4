package io.foresell.feature.measure;

import io.foresell.feature.measure.LoggedRow.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Cuts rows by one input: texts by value, numbers by quarter. */
final class Slicing {
    private static final int MAX_TEXTS = 20;
    private static final int QUARTERS = 4;
    private static final String MISSING = "(missing)";

    private final MeasuredRows rows;
    private final @Nullable Place place;

    Slicing(MeasuredRows rows, @Nullable Place place) {
        this.rows = rows;
        this.place = place;
    }

    /** Returns the slices, those of most rows first; none when the input is not one of the package. */
    List<VersionFigures.Slice> measure(String task, boolean holdsOutcome) {
        if (place == null) {
            return List.of();
        }
        List<VersionFigures.Slice> slices = new ArrayList<>();
        parts().forEach((name, isIn) -> {
            Figures figures = Figures.of(rows, isIn, task, holdsOutcome);
            if (figures.predictionCount() > 0) {
                slices.add(new VersionFigures.Slice(name, figures));
            }
        });
        slices.sort(Comparator.<VersionFigures.Slice>comparingLong(
                        slice -> slice.figures().predictionCount())
                .reversed()
                .thenComparing(VersionFigures.Slice::name));
        return slices;
    }

    private Map<String, IntPredicate> parts() {
        return place != null && place.isText() ? textParts() : numberParts();
    }

    private Map<String, IntPredicate> textParts() {
        Map<String, Integer> counts = new HashMap<>();
        for (int row = 0; row < rows.count(); row++) {
            String text = rows.sliceText(row);
            if (text != null) {
                counts.merge(text, 1, Integer::sum);
            }
        }
        Set<String> frequent = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MAX_TEXTS)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        Map<String, IntPredicate> parts = new HashMap<>();
        frequent.forEach(text -> parts.put(text.isEmpty() ? MISSING : text, row -> text.equals(rows.sliceText(row))));
        parts.put("(other)", row -> {
            String text = rows.sliceText(row);
            return text != null && !frequent.contains(text);
        });
        return parts;
    }

    private Map<String, IntPredicate> numberParts() {
        double[] sorted = IntStream.range(0, rows.count())
                .mapToDouble(rows::sliceNumber)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        double[] edges = IntStream.range(1, QUARTERS)
                .mapToDouble(
                        quarter -> sorted.length == 0 ? 0 : sorted[(int) ((long) quarter * sorted.length / QUARTERS)])
                .distinct()
                .toArray();
        Map<String, IntPredicate> parts = new HashMap<>();
        for (int part = 0; part <= edges.length && sorted.length > 0; part++) {
            double low = part == 0 ? Double.NEGATIVE_INFINITY : edges[part - 1];
            double high = part == edges.length ? Double.POSITIVE_INFINITY : edges[part];
            parts.put(name(low, high), row -> rows.sliceNumber(row) >= low && rows.sliceNumber(row) < high);
        }
        parts.put(MISSING, row -> Float.isNaN(rows.sliceNumber(row)));
        return parts;
    }

    private static String name(double low, double high) {
        if (Double.isInfinite(low)) {
            return Double.isInfinite(high) ? "(all)" : "below " + shown(high);
        }
        return Double.isInfinite(high) ? "from " + shown(low) : "[%s, %s)".formatted(shown(low), shown(high));
    }

    private static String shown(double edge) {
        return edge == Math.rint(edge) && Math.abs(edge) < 1e9
                ? Long.toString((long) edge)
                : Float.toString((float) edge);
    }
}
