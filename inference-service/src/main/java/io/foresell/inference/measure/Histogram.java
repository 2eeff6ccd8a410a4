package io.foresell.inference.measure;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts numbers in fixed bins, the same in every process: each doubling of the magnitude is divided into {@value #BINS_A_DOUBLING} bins of
 * equal width, from 2^-30, below which everything is one bin around 0, to 2^40, from which on it is one bin on either side. Thread-safe,
 * without locks; takes 256 bytes for each doubling that occurs, at most 36 kB.
 */
public final class Histogram {
    static final int LEAST_EXPONENT = -30;
    static final int MOST_EXPONENT = 40; // exclusive
    static final int BINS_A_DOUBLING = 32;

    private static final int DOUBLINGS = MOST_EXPONENT - LEAST_EXPONENT;
    private static final int BIN_BITS = 5;
    private static final int MANTISSA_BITS = 52;
    private static final int EXPONENT_BIAS = 1023;

    private final Side above = new Side();
    private final Side below = new Side();
    private final LongAdder zero = new LongAdder();
    private final LongAdder notFinite = new LongAdder();
    private final DoubleAdder sum = new DoubleAdder();
    private final DoubleAdder squares = new DoubleAdder();
    private final DoubleAccumulator least = new DoubleAccumulator(Math::min, Double.POSITIVE_INFINITY);
    private final DoubleAccumulator most = new DoubleAccumulator(Math::max, Double.NEGATIVE_INFINITY);

    /** Numbers of one sign, by magnitude. */
    private static final class Side {
        private final AtomicReferenceArray<AtomicLongArray> doublings = new AtomicReferenceArray<>(DOUBLINGS);
        private final LongAdder huge = new LongAdder();

        void add(int doubling, int bin) {
            AtomicLongArray bins = doublings.get(doubling);
            if (bins == null) {
                AtomicLongArray fresh = new AtomicLongArray(BINS_A_DOUBLING);
                AtomicLongArray winner = doublings.compareAndExchange(doubling, null, fresh);
                bins = winner == null ? fresh : winner;
            }
            bins.incrementAndGet(bin);
        }

        long count(int doubling, int bin) {
            AtomicLongArray bins = doublings.get(doubling);
            return bins == null ? 0 : bins.get(bin);
        }
    }

    /** Counts a number; one that is not finite is counted apart. */
    public void add(double number) {
        if (!Double.isFinite(number)) {
            notFinite.increment();
            return;
        }
        long bits = Double.doubleToRawLongBits(Math.abs(number));
        int doubling = (int) (bits >>> MANTISSA_BITS) - EXPONENT_BIAS - LEAST_EXPONENT;
        Side side = number < 0 ? below : above;
        if (doubling < 0) {
            zero.increment();
        } else if (doubling >= DOUBLINGS) {
            side.huge.increment();
        } else {
            side.add(doubling, (int) (bits >>> (MANTISSA_BITS - BIN_BITS)) & (BINS_A_DOUBLING - 1));
        }
        sum.add(number);
        squares.add(number * number);
        least.accumulate(number);
        most.accumulate(number);
    }

    /** Returns what was counted. Numbers that are added meanwhile may be in one part of it and not yet in another. */
    public Distribution distribution() {
        Distribution.Builder distribution = new Distribution.Builder();
        double hugeFrom = Math.scalb(1.0, MOST_EXPONENT);
        double zeroTo = Math.scalb(1.0, LEAST_EXPONENT);
        distribution.add(Double.NEGATIVE_INFINITY, -hugeFrom, below.huge.sum());
        for (int i = DOUBLINGS * BINS_A_DOUBLING - 1; i >= 0; i--) {
            distribution.add(-bound(i + 1), -bound(i), below.count(i / BINS_A_DOUBLING, i % BINS_A_DOUBLING));
        }
        distribution.add(-zeroTo, zeroTo, zero.sum());
        for (int i = 0; i < DOUBLINGS * BINS_A_DOUBLING; i++) {
            distribution.add(bound(i), bound(i + 1), above.count(i / BINS_A_DOUBLING, i % BINS_A_DOUBLING));
        }
        distribution.add(hugeFrom, Double.POSITIVE_INFINITY, above.huge.sum());
        return distribution.build(notFinite.sum(), sum.sum(), squares.sum(), least.get(), most.get());
    }

    /** Returns the lower bound of a bin, counted from 2^-30 on. */
    private static double bound(int index) {
        double fraction = 1 + index % BINS_A_DOUBLING / (double) BINS_A_DOUBLING;
        return Math.scalb(fraction, LEAST_EXPONENT + index / BINS_A_DOUBLING);
    }
}
