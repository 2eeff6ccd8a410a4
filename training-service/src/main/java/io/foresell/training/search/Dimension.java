package io.foresell.training.search;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.List;

/** One parameter that is searched, as a coordinate in [0, 1). */
public sealed interface Dimension {
    /** Returns the name of the parameter. */
    String name();

    /** Returns the value, a Double or a String, at a coordinate in [0, 1). */
    Object at(double coordinate);

    /** Returns how many values there are; 0 for a range of numbers without steps. */
    int valueCount();

    /**
     * Numbers from least to greatest.
     *
     * @param isLogarithmic whether equal steps of the coordinate are equal ratios; {@code from} is then above 0
     * @param isInteger whether only whole numbers count
     */
    record Range(String name, double from, double to, boolean isLogarithmic, boolean isInteger) implements Dimension {
        /** A range of whole numbers with more than this many is searched like one of any numbers. */
        private static final int MOST_STEPS = 10;

        public Range {
            boolean isOrdered = from < to && Double.isFinite(from) && Double.isFinite(to);
            if (!isOrdered || (isLogarithmic && from <= 0)) {
                throw new ServiceException(Failure.invalid(
                        "SEARCH_RANGE_INVALID",
                        name,
                        from + ".." + to,
                        isLogarithmic ? "two rising numbers above 0" : "two rising numbers"));
            }
        }

        @Override
        public Object at(double coordinate) {
            if (isInteger) {
                // Every whole number has an equal share of the (perhaps logarithmic) range.
                double value = scaled(coordinate, from - (isLogarithmic ? 0 : 0.5), to + (isLogarithmic ? 0 : 0.5));
                return Math.min(to, Math.max(from, (double) Math.round(value)));
            }
            return scaled(coordinate, from, to);
        }

        private double scaled(double coordinate, double low, double high) {
            return isLogarithmic ? low * Math.pow(high / low, coordinate) : low + (high - low) * coordinate;
        }

        @Override
        public int valueCount() {
            return isInteger && to - from < MOST_STEPS ? (int) (to - from) + 1 : 0;
        }
    }

    /** Some values, Doubles or Strings, in no order that means anything. */
    record Choice(String name, List<Object> values) implements Dimension {
        public Choice {
            values = List.copyOf(values);
            if (values.isEmpty()) {
                throw new ServiceException(
                        Failure.invalid("SEARCH_RANGE_INVALID", name, "no values", "a range, or 1 value or more"));
            }
        }

        @Override
        public Object at(double coordinate) {
            return values.get(Math.min(values.size() - 1, (int) (coordinate * values.size())));
        }

        @Override
        public int valueCount() {
            return values.size();
        }
    }
}
