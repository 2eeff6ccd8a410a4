package io.foresell.training.prepare;

import io.foresell.model.InputField;
import io.foresell.model.graph.FlatSequenceEncoding;
import io.foresell.model.graph.NumberEncoding;
import io.foresell.model.graph.SequenceEncoding;
import io.foresell.model.graph.SequenceGaps;
import java.util.ArrayList;
import java.util.List;

/** Fits the encoding of one sequence. */
final class SequenceFitting {
    private final InputField field;
    private final float[] values;
    private final Family family;
    private final FittedColumns columns;
    private final List<Touched> touched;

    /**
     * Reads the sequences of a fold.
     *
     * @param values row-major, shape [rows, width]
     */
    SequenceFitting(InputField field, float[] values, Family family, FittedColumns columns, List<Touched> touched) {
        this.field = field;
        this.values = values;
        this.family = family;
        this.columns = columns;
        this.touched = touched;
    }

    void fit(SequencePlan plan) {
        SequenceGaps gaps =
                switch (plan.gaps()) {
                    case FAMILY -> SequenceGaps.KEPT;
                    case LAST -> SequenceGaps.LAST;
                    case LINEAR -> SequenceGaps.LINEAR;
                };
        float[] filled = filled(gaps);
        if (family.isFlat()) {
            columns.add(new FlatSequenceEncoding(field.name(), steps(plan, filled), gaps));
        } else {
            columns.add(whole(plan, filled, gaps));
        }
    }

    private float[] filled(SequenceGaps gaps) {
        if (gaps == SequenceGaps.KEPT) {
            return values;
        }
        float[] filled = new float[values.length];
        int count = 0;
        for (int at = 0; at < values.length; at += field.width()) {
            float[] row = gaps.filled(values, at, field.width());
            System.arraycopy(row, 0, filled, at, row.length);
            for (int step = 0; step < row.length; step++) {
                count += Float.isNaN(values[at + step]) && !Float.isNaN(row[step]) ? 1 : 0;
            }
        }
        String how = gaps == SequenceGaps.LAST ? "the step before" : "the line between its neighbours";
        touched.add(new Touched(
                "filled steps of %s with %s".formatted(field.name(), how), count, values.length, "training values"));
        return filled;
    }

    private List<NumberEncoding> steps(SequencePlan plan, float[] filled) {
        List<NumberEncoding> steps = new ArrayList<>();
        for (int step = 0; step < field.width(); step++) {
            String name = "%s[%d]".formatted(field.name(), step);
            float[] column = new float[filled.length / field.width()];
            for (int row = 0; row < column.length; row++) {
                column[row] = filled[row * field.width() + step];
            }
            boolean isStandard =
                    plan.scale() == Scale.STANDARD || (plan.scale() == Scale.FAMILY && family.isStandardized());
            if (isStandard && !plan.isLogarithmic()) {
                steps.add(Moments.of(column).number(name));
                continue;
            }
            float mean = (float) Values.known(column).mean();
            float fill = family.isStandardized() ? mean : Float.NaN;
            Scaling scaling = Scaling.of(
                    isStandard ? Scale.STANDARD : plan.scale(), Values.known(transformed(column, plan, fill)));
            NumberEncoding raw = plan.isLogarithmic()
                    ? new NumberEncoding(name, fill, 0, 1).logarithmic()
                    : new NumberEncoding(name, fill, 0, 1);
            steps.add(new NumberEncoding(
                    name, fill, raw.low(), raw.high(), raw.isLogarithmic(), (float) scaling.offset(), (float)
                            scaling.scale()));
        }
        return steps;
    }

    private SequenceEncoding whole(SequencePlan plan, float[] filled, SequenceGaps gaps) {
        SequenceEncoding usual = Moments.of(filled).sequence(field);
        boolean isStandard = plan.scale() == Scale.FAMILY || plan.scale() == Scale.STANDARD;
        if (isStandard && !plan.isLogarithmic()) {
            return new SequenceEncoding(
                    field.name(), field.width(), usual.fill(), usual.offset(), usual.scale(), gaps, false);
        }
        Scaling scaling = Scaling.of(
                isStandard ? Scale.STANDARD : plan.scale(), Values.known(transformed(filled, plan, usual.fill())));
        return new SequenceEncoding(
                field.name(),
                field.width(),
                usual.fill(),
                (float) scaling.offset(),
                (float) scaling.scale(),
                gaps,
                plan.isLogarithmic());
    }

    private static float[] transformed(float[] values, SequencePlan plan, float fill) {
        float[] transformed = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            float x = Float.isNaN(values[i]) ? fill : values[i];
            transformed[i] = plan.isLogarithmic() ? Math.signum(x) * (float) Math.log(1 + Math.abs(x)) : x;
        }
        return transformed;
    }
}
