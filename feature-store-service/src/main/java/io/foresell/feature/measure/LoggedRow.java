package io.foresell.feature.measure;

import io.foresell.feature.prediction.PackageFacts;
import io.foresell.feature.prediction.Prediction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.types.Binary;
import org.jspecify.annotations.Nullable;

/** Reads the recorded features of one package's predictions by input. Immutable. */
final class LoggedRow {
    /** One number or text of a row: where it is and what it is called. */
    record Place(String input, boolean isText, int offset) {}

    private final List<Place> places;
    private final Map<String, Place> byInput = new HashMap<>(); // not changed after construction
    private final int numberWidth;
    private final int textWidth;

    private LoggedRow(List<Place> places, int numberWidth, int textWidth) {
        this.places = List.copyOf(places);
        places.forEach(place -> byInput.put(place.input(), place));
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

    /** Returns the place of an input with a single value, or of a step of a sequence; null when there is none. */
    @Nullable
    Place place(String input) {
        return byInput.get(input);
    }

    /** Returns the numbers of a prediction, or null when it has no features of this shape. */
    float @Nullable [] numbers(Prediction prediction) {
        Binary recorded = prediction.numbers();
        if (recorded == null
                || recorded.length() != numberWidth * Float.BYTES
                || prediction.texts().size() != textWidth) {
            return null;
        }
        float[] numbers = new float[numberWidth];
        ByteBuffer.wrap(recorded.getData())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(numbers);
        return numbers;
    }
}
