package io.foresell.benchmarks.soak;

import java.util.Arrays;

/**
 * Where a series goes: the slope of the least squares line through the means of ten stretches of equal length, over the last 80 % of the run. Neighbouring
 * samples resemble one another; means of stretches hardly do, so that the interval of the slope (Student's t, eight degrees of freedom) is not too
 * narrow.
 *
 * @param level mean over the stretches
 * @param growth slope times the length of the judged part: what came on top in that time
 * @param low least growth of the 95 % interval
 * @param high greatest growth of the 95 % interval
 */
record Trend(double level, double growth, double low, double high) {
    private static final double WARM_UP_SHARE = 0.2;
    private static final int STRETCHES = 10;
    private static final double STUDENT = 2.306; // 97.5 % of eight degrees of freedom

    /** What a trend says. */
    enum Verdict {
        /** Surely no growth worth the name. */
        FLAT,
        /** Surely growth. */
        GROWS,
        /** The series is too short or too noisy to say. */
        NOT_SHOWN
    }

    /**
     * Returns the trend of values at times.
     *
     * @param times ascending; with less than ten after the first fifth nothing is said of growth, and all of it is NaN
     */
    static Trend of(double[] times, double[] values) {
        double start = times[0] + WARM_UP_SHARE * (times[times.length - 1] - times[0]);
        int from = 0;
        while (times[from] < start) {
            from++;
        }
        int count = times.length - from;
        if (count < STRETCHES) {
            double level = Arrays.stream(values).average().orElse(Double.NaN);
            return new Trend(level, Double.NaN, Double.NaN, Double.NaN);
        }
        double[] x = new double[STRETCHES];
        double[] y = new double[STRETCHES];
        for (int stretch = 0; stretch < STRETCHES; stretch++) {
            int first = from + stretch * count / STRETCHES;
            int end = from + (stretch + 1) * count / STRETCHES;
            x[stretch] = Arrays.stream(times, first, end).average().orElseThrow();
            y[stretch] = Arrays.stream(values, first, end).average().orElseThrow();
        }
        return line(x, y, times[times.length - 1] - times[from]);
    }

    private static Trend line(double[] x, double[] y, double length) {
        double meanX = Arrays.stream(x).average().orElseThrow();
        double meanY = Arrays.stream(y).average().orElseThrow();
        double squares = 0;
        double products = 0;
        for (int i = 0; i < x.length; i++) {
            squares += (x[i] - meanX) * (x[i] - meanX);
            products += (x[i] - meanX) * (y[i] - meanY);
        }
        double slope = products / squares;
        double errors = 0;
        for (int i = 0; i < x.length; i++) {
            double error = y[i] - meanY - slope * (x[i] - meanX);
            errors += error * error;
        }
        double margin = STUDENT * Math.sqrt(errors / (x.length - 2) / squares);
        return new Trend(meanY, slope * length, (slope - margin) * length, (slope + margin) * length);
    }

    /** Judges the trend by the growth that would be of no account. */
    Verdict verdict(double tolerated) {
        if (high <= tolerated) {
            return Verdict.FLAT;
        }
        return low > 0 && growth > tolerated ? Verdict.GROWS : Verdict.NOT_SHOWN;
    }
}
