package io.foresell.training.fit;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.FlatSequenceEncoding;
import io.foresell.model.graph.InputEncoding;
import io.foresell.model.graph.NumberEncoding;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.SequenceEncoding;
import io.foresell.model.graph.TextEncoding;
import io.foresell.training.dataset.TrainingFold;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Fits the encoding of raw inputs on a training fold: means and deviations, or nothing for trees, and categories. */
public final class Encodings {
    private final TrainingFold fold;
    private final Signature signature;
    private final Rows rows;

    /** Reads the features that have a value in the fold. */
    Encodings(TrainingFold fold) {
        this.fold = fold;
        List<InputField> fields = fold.fieldsWithValues();
        if (fields.isEmpty()) {
            throw new ServiceException(Failure.precondition(
                    "NO_FEATURES",
                    "features with a value in the %d training rows: 0 (expected: 1 or more)"
                            .formatted(fold.rowCount())));
        }
        this.signature = Signature.of(fields);
        this.rows = fold.rows(signature);
    }

    /** Returns the raw inputs. */
    public Signature signature() {
        return signature;
    }

    /** Returns the raw training rows. */
    public Rows rows() {
        return rows;
    }

    /** Returns the labels of the training rows, 1 or 0. */
    public float[] labels() {
        return fold.labels();
    }

    /** Numbers standardised with missing as the mean, each step of a sequence as a number of its own, texts one-hot. */
    public Preprocessing standardizedFlat() {
        return flat(true);
    }

    /** Numbers as they are with missing kept, each step of a sequence as a number of its own, texts one-hot. */
    public Preprocessing rawFlat() {
        return flat(false);
    }

    private Preprocessing flat(boolean isStandardized) {
        List<InputEncoding> encodings = new ArrayList<>();
        for (InputField field : signature.inputs()) {
            if (field.kind() == InputKind.TEXT) {
                encodings.add(new TextEncoding(field.name(), categories(field)));
                continue;
            }
            List<NumberEncoding> steps = new ArrayList<>();
            for (int step = 0; step < field.width(); step++) {
                String name = field.width() == 1 ? field.name() : "%s[%d]".formatted(field.name(), step);
                steps.add(isStandardized ? moments(field, step, step + 1).number(name) : NumberEncoding.raw(name));
            }
            encodings.add(field.width() == 1 ? steps.get(0) : new FlatSequenceEncoding(field.name(), steps));
        }
        return new Preprocessing(encodings);
    }

    /** Numbers and texts as in {@link #standardizedFlat}; each sequence standardised as a whole. */
    public Preprocessing sequential() {
        List<InputEncoding> encodings = new ArrayList<>();
        for (InputField field : signature.inputs()) {
            if (field.kind() == InputKind.TEXT) {
                encodings.add(new TextEncoding(field.name(), categories(field)));
            } else if (field.width() == 1) {
                encodings.add(moments(field, 0, 1).number(field.name()));
            } else {
                encodings.add(moments(field, 0, field.width()).sequence(field));
            }
        }
        return new Preprocessing(encodings);
    }

    private List<String> categories(InputField field) {
        TreeSet<String> categories = new TreeSet<>();
        int width = signature.textWidth();
        for (int i = signature.offset(field.name()); i < rows.texts().length; i += width) {
            if (!rows.texts()[i].isEmpty()) {
                categories.add(rows.texts()[i]);
            }
        }
        return List.copyOf(categories);
    }

    /** Returns mean and deviation over all rows and the steps [from, until); a missing value counts as the mean. */
    private Moments moments(InputField field, int from, int until) {
        int width = signature.numberWidth();
        int offset = signature.offset(field.name());
        double sum = 0;
        long count = 0;
        for (int row = 0; row < rows.rowCount(); row++) {
            for (int step = from; step < until; step++) {
                float x = rows.numbers()[row * width + offset + step];
                if (!Float.isNaN(x)) {
                    sum += x;
                    count++;
                }
            }
        }
        double mean = count == 0 ? 0 : sum / count;
        double squares = 0;
        for (int row = 0; row < rows.rowCount(); row++) {
            for (int step = from; step < until; step++) {
                float x = rows.numbers()[row * width + offset + step];
                squares += Float.isNaN(x) ? 0 : (x - mean) * (x - mean);
            }
        }
        return Moments.of(mean, Math.sqrt(squares / ((double) rows.rowCount() * (until - from))));
    }

    private record Moments(double mean, double deviation) {
        /** A deviation that is only rounding noise counts as none. */
        static Moments of(double mean, double deviation) {
            return new Moments(mean, deviation > 1e-7 * Math.abs(mean) && deviation > 1e-30 ? deviation : 0);
        }

        NumberEncoding number(String name) {
            return NumberEncoding.standardized(name, mean, deviation);
        }

        SequenceEncoding sequence(InputField field) {
            float scale = deviation > 0 ? (float) (1 / deviation) : 1;
            return new SequenceEncoding(field.name(), field.width(), (float) mean, (float) mean, scale);
        }
    }
}
