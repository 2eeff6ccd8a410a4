package io.foresell.training.prepare;

import io.foresell.model.InputField;
import io.foresell.model.graph.BinnedEncoding;
import io.foresell.model.graph.DateEncoding;
import io.foresell.model.graph.DatePart;
import io.foresell.model.graph.MissingEncoding;
import io.foresell.model.graph.NumberEncoding;
import java.util.List;

/** Fits the encodings of one number. */
final class NumberFitting {
    private static final double MILLIS_PER_DAY = 86_400_000;

    private final InputField field;
    private final float[] values;
    private final Family family;
    private final FittedColumns columns;
    private final List<Touched> touched;

    /**
     * Reads the numbers of a fold.
     */
    NumberFitting(InputField field, float[] values, Family family, FittedColumns columns, List<Touched> touched) {
        this.field = field;
        this.values = values;
        this.family = family;
        this.columns = columns;
        this.touched = touched;
    }

    void fit(NumberPlan plan) {
        Values known = Values.known(values);
        if (plan.bins() != null) {
            columns.add(new BinnedEncoding(
                    field.name(), plan.bins().edges(known), plan.bins().isOneHot()));
        } else {
            columns.add(number(plan, known));
        }
        if (plan.outliers() != null) {
            report(plan.outliers());
        }
        if (plan.fill().rule() == Fill.Rule.RIDGE) {
            columns.complete(field.name(), plan.indicatesMissing());
        }
        if (plan.indicatesMissing() || plan.fill().rule() == Fill.Rule.RIDGE) {
            columns.add(new MissingEncoding(field));
        }
    }

    private NumberEncoding number(NumberPlan plan, Values known) {
        float fill = fill(plan.fill(), known);
        NumberEncoding raw = new NumberEncoding(field.name(), fill, 0, 1);
        if (plan.outliers() != null && plan.outliers().action() == Outliers.Action.CLIP) {
            Outliers.Bounds bounds = plan.outliers().bounds(values);
            raw = raw.within((float) bounds.low(), (float) bounds.high());
        }
        raw = plan.isLogarithmic() ? raw.logarithmic() : raw;
        reportFill(plan.fill(), known);
        return scaled(raw, plan.scale());
    }

    private NumberEncoding scaled(NumberEncoding raw, Scale scale) {
        boolean isPlain = raw.fill() == (float) Values.known(values).mean();
        boolean isStandard = scale == Scale.STANDARD || (scale == Scale.FAMILY && family.isStandardized());
        if (isStandard && isPlain && raw.equals(new NumberEncoding(field.name(), raw.fill(), 0, 1))) {
            NumberEncoding usual = Moments.of(values).number(field.name());
            return new NumberEncoding(field.name(), raw.fill(), usual.offset(), usual.scale());
        }
        float[] encoded = new float[values.length];
        for (int i = 0; i < encoded.length; i++) {
            encoded[i] = encode(raw, values[i]);
        }
        Scaling scaling = Scaling.of(isStandard ? Scale.STANDARD : scale, Values.known(encoded));
        return new NumberEncoding(
                raw.input(), raw.fill(), raw.low(), raw.high(), raw.isLogarithmic(), (float) scaling.offset(), (float)
                        scaling.scale());
    }

    /** Returns what the encoding makes of a number, in floats like the graph. */
    private static float encode(NumberEncoding encoding, float x) {
        float filled = Float.isNaN(x) ? encoding.fill() : x;
        float bounded = Float.isNaN(filled) ? filled : Math.min(Math.max(filled, encoding.low()), encoding.high());
        return encoding.isLogarithmic() ? Math.signum(bounded) * (float) Math.log(1 + Math.abs(bounded)) : bounded;
    }

    private float fill(Fill fill, Values known) {
        return (float)
                switch (fill.rule()) {
                    case FAMILY -> family.isStandardized() ? known.mean() : Float.NaN;
                    case CONSTANT -> fill.constant();
                    case MEAN, RIDGE -> known.mean();
                    case MEDIAN, LAST -> known.quantile(0.5);
                    case MODE -> known.mode();
                };
    }

    private void reportFill(Fill fill, Values known) {
        if (fill.rule() != Fill.Rule.FAMILY) {
            touched.add(new Touched(
                    "filled %s with %s".formatted(field.name(), fill.rule().words()),
                    values.length - known.count(),
                    values.length,
                    "training values"));
        }
    }

    private void report(Outliers outliers) {
        Outliers.Bounds bounds = outliers.bounds(values);
        if (outliers.action() == Outliers.Action.FLAG) {
            float above = Math.nextUp((float) bounds.high());
            columns.add(new BinnedEncoding(field.name(), List.of((float) bounds.low(), above), true));
        }
        int count = 0;
        for (float value : values) {
            count += bounds.contains(value) ? 0 : 1;
        }
        String done = outliers.action() == Outliers.Action.CLIP ? "clipped %s by %s" : "flagged outliers of %s by %s";
        if (outliers.action() != Outliers.Action.DROP) {
            touched.add(new Touched(
                    done.formatted(field.name(), outliers.rule().words()), count, values.length, "training values"));
        }
    }

    void fit(DatePlan plan) {
        float unitsPerDay = (float) (MILLIS_PER_DAY / plan.millisPerUnit());
        for (long since : plan.ageSinceMillis()) {
            Values known = Values.known(values);
            float origin = (float) (since / plan.millisPerUnit());
            float fill = family.isStandardized() ? (float) known.mean() : Float.NaN;
            boolean isScaled = family.isStandardized() && known.deviation() > 0;
            columns.add(
                    isScaled
                            ? new NumberEncoding(
                                    field.name(), fill, (float) known.mean(), (float) (-1 / known.deviation()))
                            : new NumberEncoding(field.name(), fill, origin, -1 / unitsPerDay));
        }
        for (DatePart part : plan.parts()) {
            columns.add(new DateEncoding(field.name(), part, unitsPerDay, plan.isOneHot()));
        }
    }
}
