package io.foresell.inference.shadow;

import io.foresell.inference.admit.SpareTime;
import io.foresell.inference.measure.DecisionDiff;
import io.foresell.inference.measure.DecisionDiff.Decision;
import io.foresell.inference.route.ReleaseTerms;
import io.foresell.inference.route.ServedVersion;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Some answered rows on their way through one shadow. */
final class ShadowTask {
    private static final Logger log = LoggerFactory.getLogger(ShadowTask.class);
    private static final double SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int MAX_VALUES = 1 << 20; // floats of answers held at once, unless one row has more

    private final AnsweredRows answered;
    private final ServedVersion shadow;
    private final int[] places;
    private final DecisionDiff diff;

    ShadowTask(AnsweredRows answered, ServedVersion shadow, int[] places) {
        this.answered = answered;
        this.shadow = shadow;
        this.places = places;
        this.diff = answered.slot().window().diff(answered.champion().version(), shadow.version());
    }

    /** Returns how many numbers it keeps in memory, about; rows that several shadows score count for each. */
    long values() {
        return answered.values();
    }

    int rowCount() {
        return places.length;
    }

    void drop() {
        diff.dropped(places.length);
    }

    /** Scores and counts; whatever goes wrong is counted, too. */
    void run(ShadowRows reader, ShadowScores scores, SpareTime spareTime) {
        try {
            ShadowRows.Read read = reader.read(answered, shadow, places);
            if (read.places().size() < places.length) {
                diff.failed("ENTITY_NOT_FOUND", places.length - read.places().size());
            }
            score(read, scores, spareTime);
        } catch (ServiceException e) {
            diff.failed(e.failure().reason(), places.length);
        } catch (RuntimeException | Error e) { // the lane outlives whatever one package does
            log.debug("shadow failed model={} version={}", answered.slot().model(), shadow.version(), e);
            diff.failed("INTERNAL", places.length);
        }
    }

    private void score(ShadowRows.Read read, ShadowScores scores, SpareTime spareTime) {
        int width = shadow.modelPackage().answer().width();
        double rowNanos = Math.max(1, shadow.rowCost().nanos(1, false));
        int sliceRows = (int) Math.max(1, Math.min((double) MAX_VALUES / width, SLICE_NANOS / rowNanos));
        for (int first = 0; first < read.places().size(); first += sliceRows) {
            long startNanos = System.nanoTime();
            int count = Math.min(sliceRows, read.places().size() - first);
            float[] values = new float[count * width];
            shadow.scorer().score(slice(read.rows(), first, count), values);
            for (int i = 0; i < count; i++) {
                int place = read.places().get(first + i);
                compare(place, values, i * width);
                scores.scored(answered, place, shadow, read.rows(), first + i);
            }
            spareTime.rest(System.nanoTime() - startNanos);
        }
    }

    private Rows slice(Rows rows, int first, int count) {
        Signature signature = shadow.modelPackage().signature();
        int numbers = signature.numberWidth();
        int texts = signature.textWidth();
        return new Rows(
                count,
                Arrays.copyOfRange(rows.numbers(), first * numbers, (first + count) * numbers),
                Arrays.copyOfRange(rows.texts(), first * texts, (first + count) * texts));
    }

    private void compare(int place, float[] values, int from) {
        ReleaseTerms terms = answered.slot().terms();
        boolean isLabelled = !shadow.modelPackage().answer().labels().isEmpty();
        Decision before = new Decision(answered.score(place), answered.outcome(place));
        int winner = shadow.winner(values, from);
        Decision after = new Decision(values[from + winner], shadow.outcome(values, from, winner, terms.bands()));
        diff.add(before, after, isLabelled ? "label" : "band", terms.sliceColumn(), sliceValue(place));
    }

    /** Returns the champion's value of the slice column, as a person would write it. */
    private String sliceValue(int place) {
        String column = answered.slot().terms().sliceColumn();
        Signature signature = answered.champion().modelPackage().signature();
        if (column.isEmpty() || !signature.contains(column)) {
            return "";
        }
        int offset = signature.offset(column);
        if (signature.input(column).kind() == InputKind.TEXT) {
            return answered.rows().texts()[place * signature.textWidth() + offset];
        }
        float number = answered.rows().numbers()[place * signature.numberWidth() + offset];
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Float.toString(number);
    }
}
