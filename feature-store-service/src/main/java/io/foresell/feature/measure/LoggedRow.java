package io.foresell.feature.measure;

import io.foresell.feature.prediction.PackageFacts;
import io.foresell.feature.prediction.Prediction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the recorded features of one package's predictions by input. Immutable. */
final class LoggedRow {
    /** One number or text of a row: where it is and what it is called. */
    record Place(String input, boolean isText, int offset) {}

    private final List<Place> places;
    private final int numberWidth;
    private final int textWidth;

    private LoggedRow(List<Place> places, int numberWidth, int textWidth) {
        this.places = List.copyOf(places);
        this.numberWidth = numberWidth;
        this.textWidth = textWidth;
    }

    static LoggedRow of(PackageFacts facts) {
        List<Place> places = new ArrayList<>();
        int numbers = 0;
        int texts = 0;
        for (PackageFacts.Field field : facts.inputs()) {
            if (field.isText()) {
                places.add(new Place(field.name(), true, texts++));
                continue;
            }
            for (int step = 0; step < field.width(); step++) {
                String name = field.width() == 1 ? field.name() : "%s[%d]".formatted(field.name(), step);
                places.add(new Place(name, false, numbers++));
            }
        }
        return new LoggedRow(places, numbers, texts);
    }

    List<Place> places() {
        return places;
    }

    int numberWidth() {
        return numberWidth;
    }

    int textWidth() {
        return textWidth;
    }

    /** Returns the place of an input with a single value, or null. */
    @Nullable
    Place place(String input) {
        return places.stream()
                .filter(place -> place.input().equals(input))
                .findFirst()
                .orElse(null);
    }

    /** Returns whether a prediction has features of this shape. */
    boolean fits(Prediction prediction) {
        return prediction.numbers() != null
                && prediction.numbers().length() == numberWidth * Float.BYTES
                && prediction.texts().size() == textWidth;
    }

    /** Returns a number of a prediction that fits. */
    static float number(Prediction prediction, int offset) {
        byte[] bytes = Objects.requireNonNull(prediction.numbers()).getData();
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getFloat(offset * Float.BYTES);
    }
}
