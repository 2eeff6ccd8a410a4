package io.foresell.feature.measure;

import io.foresell.feature.prediction.Outcome;
import io.foresell.feature.prediction.Prediction;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What figures need of the predictions of one version, about 60 bytes a row. One owner. */
final class MeasuredRows {
    private static final long NO_SUBJECT = 0;

    private final String outcomeName;
    private final boolean isFirstPerSubject;
    private final boolean isOldestFirst;
    private final Map<Long, Integer> rowBySubject = new HashMap<>();
    private int count;
    private double[] scores = new double[256];
    private double[] numbers = new double[256]; // numeric outcome; NaN without
    private double[] listed = new double[256]; // probability listed for the outcome's label; NaN when it is not listed
    private byte[] flags = new byte[256];
    private long[] subjects = new long[256];
    private float[] sliceNumbers = new float[256];
    private @Nullable String[] sliceTexts = new String[256];

    private static final byte REFUSED = 1;
    private static final byte HAS_TEXT = 2;
    private static final byte IS_RIGHT = 4;

    MeasuredRows(String outcomeName, boolean isFirstPerSubject, boolean isOldestFirst) {
        this.outcomeName = outcomeName;
        this.isFirstPerSubject = isFirstPerSubject;
        this.isOldestFirst = isOldestFirst;
    }

    /** Adds predictions in the order that was told. */
    void add(Prediction prediction, float sliceNumber, @Nullable String sliceText) {
        long subject = hash(prediction);
        if (isFirstPerSubject && subject == NO_SUBJECT) {
            return;
        }
        // Of one subject an earlier prediction takes the place of a later one.
        Integer before = isFirstPerSubject ? rowBySubject.putIfAbsent(subject, count) : null;
        if (before == null) {
            count++;
            grow();
        } else if (isOldestFirst) {
            return;
        }
        put(before == null ? count - 1 : before, prediction, subject, sliceNumber, sliceText);
    }

    private void put(int row, Prediction prediction, long subject, float sliceNumber, @Nullable String sliceText) {
        Outcome outcome = prediction.outcome(outcomeName);
        Double number = outcome == null ? null : outcome.number();
        String text = outcome == null ? null : outcome.text();
        scores[row] = prediction.score();
        numbers[row] = number == null ? Double.NaN : number;
        listed[row] = Double.NaN;
        byte flag = prediction.isRefused() ? REFUSED : 0;
        if (text != null) {
            int place = prediction.labels().indexOf(text);
            listed[row] = place < 0 ? Double.NaN : prediction.labelScores().get(place);
            flag |= HAS_TEXT;
            flag |= place == 0 ? IS_RIGHT : 0;
        }
        flags[row] = flag;
        subjects[row] = subject;
        sliceNumbers[row] = sliceNumber;
        sliceTexts[row] = sliceText;
    }

    private void grow() {
        if (count > scores.length) {
            int length = 2 * scores.length;
            scores = Arrays.copyOf(scores, length);
            numbers = Arrays.copyOf(numbers, length);
            listed = Arrays.copyOf(listed, length);
            flags = Arrays.copyOf(flags, length);
            subjects = Arrays.copyOf(subjects, length);
            sliceNumbers = Arrays.copyOf(sliceNumbers, length);
            sliceTexts = Arrays.copyOf(sliceTexts, length);
        }
    }

    /** FNV-1a over UTF-16 units of entity and subject, mixed; two of a million subjects meet with a chance of 3 in a hundred million. */
    private static long hash(Prediction prediction) {
        if (prediction.subject().isEmpty()) {
            return NO_SUBJECT;
        }
        long hash = 0xCBF29CE484222325L;
        String text = prediction.entity() + '\0' + prediction.subject();
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
        return (hash ^ (hash >>> 33)) | 1;
    }

    int count() {
        return count;
    }

    double score(int row) {
        return scores[row];
    }

    /** Returns the numeric outcome; NaN without one. */
    double number(int row) {
        return numbers[row];
    }

    boolean hasText(int row) {
        return (flags[row] & HAS_TEXT) != 0;
    }

    boolean isRight(int row) {
        return (flags[row] & IS_RIGHT) != 0;
    }

    /** Returns what the answer gave the outcome's label; NaN when it does not list it. */
    double listed(int row) {
        return listed[row];
    }

    boolean isRefused(int row) {
        return (flags[row] & REFUSED) != 0;
    }

    /** Returns a number that tells subjects apart; 0 for none. */
    long subject(int row) {
        return subjects[row];
    }

    float sliceNumber(int row) {
        return sliceNumbers[row];
    }

    @Nullable
    String sliceText(int row) {
        return sliceTexts[row];
    }
}
