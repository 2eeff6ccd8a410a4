package io.foresell.training.prepare;

import io.foresell.model.InputField;
import io.foresell.model.graph.NumberEncoding;
import io.foresell.model.graph.SequenceEncoding;

/** Mean and deviation of values; a missing one counts as the mean. */
record Moments(double mean, double deviation) {
    static Moments of(float[] values) {
        double sum = 0;
        long count = 0;
        for (float x : values) {
            if (!Float.isNaN(x)) {
                sum += x;
                count++;
            }
        }
        double mean = count == 0 ? 0 : sum / count;
        double squares = 0;
        for (float x : values) {
            squares += Float.isNaN(x) ? 0 : (x - mean) * (x - mean);
        }
        double deviation = Math.sqrt(squares / values.length);
        // A deviation that is only rounding noise counts as none.
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
