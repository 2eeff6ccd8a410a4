package io.foresell.feature.measure;

import io.foresell.feature.measure.LoggedRow.Place;
import io.foresell.feature.prediction.PackageFacts;
import io.foresell.feature.prediction.Prediction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Predictions that drift is held against: their scores, and their features as far as memory is given. One owner. */
final class Reference {
    /** Fewer rows say more about chance than about drift. */
    static final int MIN_ROWS = 50;

    /** Greatest number of rows read. */
    static final int MAX_ROWS = 20_000;

    /** Number of rows that a version is held against when nothing was before it. */
    static final int FIRST_ROWS = 1000;

    private static final long MAX_VALUES = 4_000_000;

    @SuppressWarnings("ArrayRecordComponent") // read by index only
    private record Row(LoggedRow layout, float[] numbers, List<String> texts) {}

    private final Map<String, LoggedRow> rowByDigest;
    private final boolean areFirsts;
    private final List<Row> withFeatures = new ArrayList<>();
    private float[] scores = new float[256];
    private int count;
    private long values;
    private String lastId = "";

    private Reference(Map<String, LoggedRow> rowByDigest, boolean areFirsts) {
        this.rowByDigest = rowByDigest;
        this.areFirsts = areFirsts;
    }

    /** Makes an empty reference for predictions of another window. */
    static Reference ofWindow(Map<String, LoggedRow> rowByDigest) {
        return new Reference(rowByDigest, false);
    }

    /** Makes an empty reference for the first predictions of a version, oldest first, which then count for nothing else. */
    static Reference ofFirsts(Map<String, LoggedRow> rowByDigest) {
        return new Reference(rowByDigest, true);
    }

    void add(Prediction prediction) {
        if (count == scores.length) {
            scores = Arrays.copyOf(scores, 2 * count);
        }
        scores[count++] = (float) prediction.score();
        lastId = prediction.id();
        LoggedRow layout = rowByDigest.get(prediction.digest());
        float[] numbers = layout == null || values > MAX_VALUES ? null : layout.numbers(prediction);
        if (layout != null && numbers != null) {
            values += layout.numberWidth() + layout.textWidth();
            withFeatures.add(new Row(layout, numbers, prediction.texts()));
        }
    }

    /** Returns the distribution of scores, or null with too few. */
    @Nullable
    Distribution scores() {
        return count < MIN_ROWS ? null : named(Distribution.ofNumbers(Arrays.copyOf(scores, count)));
    }

    private Distribution named(Distribution distribution) {
        return areFirsts ? distribution.ofFirsts(lastId) : distribution;
    }

    /** Returns the distributions of the inputs of a package by name; none with too few rows of them. */
    Map<String, Distribution> inputs(LoggedRow row) {
        Map<String, Distribution> byInput = new HashMap<>();
        for (Place place : row.places()) {
            List<String> texts = new ArrayList<>();
            float[] numbers = new float[withFeatures.size()];
            int numberCount = 0;
            for (Row logged : withFeatures) {
                Place same = logged.layout().place(place.input()); // another version may have it elsewhere
                if (same == null || same.isText() != place.isText()) {
                    continue;
                }
                if (same.isText()) {
                    texts.add(logged.texts().get(same.offset()));
                } else {
                    numbers[numberCount++] = logged.numbers()[same.offset()];
                }
            }
            if (place.isText() && texts.size() >= MIN_ROWS) {
                byInput.put(place.input(), named(Distribution.ofTexts(texts)));
            } else if (numberCount >= MIN_ROWS) {
                byInput.put(place.input(), named(Distribution.ofNumbers(Arrays.copyOf(numbers, numberCount))));
            }
        }
        return byInput;
    }

    /** Returns what a package says of its inputs, by name. */
    static Map<String, Distribution> ofPackage(PackageFacts facts) {
        Map<String, Distribution> byInput = new HashMap<>();
        for (PackageFacts.Profile profile : facts.profiles()) {
            byInput.put(profile.input(), Distribution.of(profile));
        }
        return byInput;
    }
}
