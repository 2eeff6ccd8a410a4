package io.foresell.model.graph;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The columns of a {@link DateEncoding}. Months are counted from March of the year 0 in eras of 400 years (H. Hinnant,
 * "chrono-compatible low-level date algorithms", civil_from_days), in floats: every number on the way is whole and below 2^23, where
 * floats divide and round down exactly.
 */
final class DateBlock implements ColumnBlock {
    /** Covers what rounding to floats took from a time at midnight, in days, until the year 2149. */
    private static final float GRACE = 1 / 256f;

    private static final float DAYS_FROM_YEAR_0 = 719_468;

    private final Signature signature;
    private final DateEncoding date;
    private final int place;

    DateBlock(Signature signature, DateEncoding date) {
        this.signature = signature;
        this.date = date;
        this.place = signature.offset(date.input());
    }

    @Override
    public String input(int column) {
        return date.input();
    }

    @Override
    public List<String> names() {
        String part = date.part().name().toLowerCase(Locale.ROOT);
        if (!date.isOneHot()) {
            return List.of("%s %s".formatted(date.input(), part));
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < date.part().count(); i++) {
            names.add("%s %s=%d".formatted(date.input(), part, i + date.part().first()));
        }
        return names;
    }

    @Override
    public void encode(Rows rows, int row, float[] encoded, int at) {
        float x = rows.numbers()[row * signature.numberWidth() + place];
        float value = part(new Floats(), new Exact(x)).value;
        // Neither a missing time nor an infinite one has parts.
        if (Float.isNaN(value)) {
            return;
        }
        if (!date.isOneHot()) {
            encoded[at] = value + 1;
        } else if (value >= 0 && value < date.part().count()) {
            encoded[at + (int) value] = 1;
        }
    }

    @Override
    public String write(GraphBuilder graph) {
        String value = part(new Nodes(graph), date.input());
        if (!date.isOneHot()) {
            String none = graph.constant("no_date_part", new float[] {-1}, 1);
            String known = graph.node("Where", List.of(graph.node("IsNaN", List.of(value)), none, value));
            return graph.node("Add", List.of(known, graph.constant("one", new float[] {1}, 1)));
        }
        float[] values = new float[date.part().count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return graph.toFloat(
                graph.node("Equal", List.of(value, graph.constant("date_parts", values, 1, values.length))));
    }

    /** Arithmetic on one kind of value, so that numbers and nodes are computed by the same steps. */
    private interface Arithmetic<T> {
        T plus(T a, float b);

        T minus(T a, T b);

        T times(T a, float b);

        /** Returns a / b rounded down. */
        T whole(T a, float b);

        /** Returns 1 where a >= b, else 0. */
        T reaches(T a, float b);
    }

    private <T> T part(Arithmetic<T> math, T time) {
        T days = math.plus(math.times(time, 1 / date.unitsPerDay()), GRACE);
        T day = math.whole(days, 1);
        return switch (date.part()) {
            case HOUR -> math.whole(math.times(math.minus(days, day), 24), 1);
            case DAY_OF_WEEK -> remainder(math, math.plus(day, 3), 7);
            case DAY_OF_MONTH -> {
                T dayOfYear = dayOfYear(math, day);
                T before = math.whole(math.plus(math.times(monthFromMarch(math, dayOfYear), 153), 2), 5);
                yield math.minus(dayOfYear, before);
            }
            case MONTH -> {
                T month = monthFromMarch(math, dayOfYear(math, day));
                yield math.minus(math.plus(month, 2), math.times(math.reaches(month, 10), 12));
            }
        };
    }

    private static <T> T remainder(Arithmetic<T> math, T a, float b) {
        return math.minus(a, math.times(math.whole(a, b), b));
    }

    /** Returns the day of a year that begins in March, from 0. */
    private static <T> T dayOfYear(Arithmetic<T> math, T day) {
        T inEra = remainder(math, math.plus(day, DAYS_FROM_YEAR_0), 146_097);
        T leapless = math.minus(math.minus(inEra, math.whole(inEra, 1460)), math.whole(inEra, 146_096));
        T year = math.whole(math.minus(leapless, math.times(math.whole(inEra, 36_524), -1)), 365);
        T firstDay = math.minus(
                math.minus(math.times(year, 365), math.times(math.whole(year, 4), -1)), math.whole(year, 100));
        return math.minus(inEra, firstDay);
    }

    private static <T> T monthFromMarch(Arithmetic<T> math, T dayOfYear) {
        return math.whole(math.plus(math.times(dayOfYear, 5), 2), 153);
    }

    /** A float, boxed. */
    private record Exact(float value) {}

    private static final class Floats implements Arithmetic<Exact> {
        @Override
        public Exact plus(Exact a, float b) {
            return new Exact(a.value + b);
        }

        @Override
        public Exact minus(Exact a, Exact b) {
            return new Exact(a.value - b.value);
        }

        @Override
        public Exact times(Exact a, float b) {
            return new Exact(a.value * b);
        }

        @Override
        public Exact whole(Exact a, float b) {
            return new Exact((float) Math.floor(a.value / b));
        }

        @Override
        public Exact reaches(Exact a, float b) {
            return new Exact(a.value >= b ? 1 : 0);
        }
    }

    private record Nodes(GraphBuilder graph) implements Arithmetic<String> {
        private String constant(float b) {
            return graph.constant("number", new float[] {b}, 1);
        }

        @Override
        public String plus(String a, float b) {
            return graph.node("Add", List.of(a, constant(b)));
        }

        @Override
        public String minus(String a, String b) {
            return graph.node("Sub", List.of(a, b));
        }

        @Override
        public String times(String a, float b) {
            return graph.node("Mul", List.of(a, constant(b)));
        }

        @Override
        public String whole(String a, float b) {
            return graph.node("Floor", List.of(b == 1 ? a : graph.node("Div", List.of(a, constant(b)))));
        }

        @Override
        public String reaches(String a, float b) {
            return graph.toFloat(graph.node("GreaterOrEqual", List.of(a, constant(b))));
        }
    }
}
