package io.foresell.feature.measure;

import io.foresell.feature.measure.LoggedRow.Place;
import io.foresell.feature.prediction.Prediction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts and keeps what figures of one version need while its predictions stream by. One owner. */
final class VersionMeasurement {
    private static final int MAX_DRIFTS = 200;
    private static final int MAX_COUNTERS = 1000; // inputs that drift is looked for in, the first ones

    private final MetricsQuery query;
    private final int version;
    private final String digest;
    private final String task;
    private final @Nullable LoggedRow layout; // null: the package was never described
    private final MeasuredRows rows;
    private final Distribution.@Nullable Counter scoreCounter;
    private final Map<Place, Distribution.Counter> inputCounters = new HashMap<>();
    private long withFeaturesCount;

    VersionMeasurement(
            MetricsQuery query,
            int version,
            String digest,
            String task,
            @Nullable LoggedRow layout,
            @Nullable Distribution scores,
            Map<String, Distribution> inputs) {
        this.query = query;
        this.version = version;
        this.digest = digest;
        this.task = task;
        this.layout = layout;
        this.rows = new MeasuredRows(query.outcomeName(), query.isFirstPerSubject(), query.isOldestFirst());
        this.scoreCounter = scores == null ? null : scores.counter();
        if (layout != null) {
            for (Place place : layout.places()) {
                Distribution before = inputs.get(place.input());
                if (before != null && inputCounters.size() < MAX_COUNTERS) {
                    inputCounters.put(place, before.counter());
                }
            }
        }
    }

    void add(Prediction prediction) {
        if (scoreCounter != null && scoreCounter.isCounting(prediction)) {
            scoreCounter.add((float) prediction.score());
        }
        float[] numbers = layout == null ? null : layout.numbers(prediction);
        if (layout == null || numbers == null) {
            rows.add(prediction, Float.NaN, null);
            return;
        }
        withFeaturesCount++;
        inputCounters.forEach((place, counter) -> {
            if (!counter.isCounting(prediction)) {
                return;
            }
            if (place.isText()) {
                counter.add(prediction.texts().get(place.offset()));
            } else {
                counter.add(numbers[place.offset()]);
            }
        });
        Place slice = layout.place(query.sliceBy());
        rows.add(
                prediction,
                slice == null || slice.isText() ? Float.NaN : numbers[slice.offset()],
                slice == null || !slice.isText() ? null : prediction.texts().get(slice.offset()));
    }

    VersionFigures finish() {
        boolean holdsOutcome = query.outcomeName().equals(MetricsQuery.LABEL);
        List<InputDrift> drifts = new ArrayList<>();
        inputCounters.forEach((place, counter) -> {
            if (counter.isEnough()) {
                drifts.add(counter.drift(place.input()));
            }
        });
        drifts.sort(Comparator.comparingDouble(InputDrift::stabilityIndex)
                .reversed()
                .thenComparing(InputDrift::input));
        List<VersionFigures.Slice> slices = query.sliceBy().isEmpty() || layout == null
                ? List.of()
                : new Slicing(rows, layout.place(query.sliceBy())).measure(task, holdsOutcome);
        return new VersionFigures(
                version,
                digest,
                Figures.of(rows, row -> true, task, holdsOutcome),
                slices,
                scoreCounter != null && scoreCounter.isEnough() ? scoreCounter.drift("") : null,
                drifts.subList(0, Math.min(MAX_DRIFTS, drifts.size())),
                withFeaturesCount);
    }
}
