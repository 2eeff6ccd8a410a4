package io.foresell.training.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Proposes where good trials are dense and bad ones are not: the tree-structured Parzen estimator (Bergstra et al.,
 * "Algorithms for Hyper-Parameter Optimization", NIPS 2011), each dimension on its own.
 */
final class TpeSampler implements Sampler {
    private static final int PROPOSALS = 24;
    private static final double LEAST_WIDTH = 0.03;

    private final List<Dimension> dimensions;
    private final Comparator<Trial> bestFirst;
    private final int randomCount;
    private final Random random;

    /** Proposes at random until there is something to learn from. */
    TpeSampler(List<Dimension> dimensions, Comparator<Trial> bestFirst, long seed) {
        this.dimensions = List.copyOf(dimensions);
        this.bestFirst = bestFirst;
        this.randomCount = 4 + dimensions.size();
        this.random = new Random(seed);
    }

    @Override
    public Optional<double[]> next(List<Trial> done) {
        List<Trial> known = new ArrayList<>(done.stream()
                .filter(trial -> !trial.isDefault() && !Double.isNaN(trial.metric()))
                .toList());
        int count = dimensions.size();
        if (known.size() < randomCount) {
            return Optional.of(random.doubles(count).toArray());
        }
        known.sort(bestFirst);
        // Few good ones: with a quarter of all the estimator settles on the first half-good region.
        int goodCount = (int) Math.ceil(Math.sqrt(known.size()) / 2);
        List<Trial> good = known.subList(0, goodCount);
        List<Trial> bad = known.subList(goodCount, known.size());
        double[] next = new double[count];
        for (int i = 0; i < count; i++) {
            next[i] = coordinate(i, good, bad);
        }
        return Optional.of(next);
    }

    private double coordinate(int dimension, List<Trial> good, List<Trial> bad) {
        Density likely = density(dimension, good);
        Density unlikely = density(dimension, bad);
        double best = 0;
        double bestRatio = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < PROPOSALS; i++) {
            double proposal = likely.draw(random);
            double ratio = Math.log(likely.at(proposal)) - Math.log(unlikely.at(proposal));
            if (ratio > bestRatio) {
                bestRatio = ratio;
                best = proposal;
            }
        }
        return best;
    }

    private Density density(int dimension, List<Trial> trials) {
        double[] points = trials.stream()
                .mapToDouble(trial -> trial.coordinates().get(dimension))
                .sorted()
                .toArray();
        int values = dimensions.get(dimension).valueCount();
        return values > 0 ? new Counts(points, values) : new Kernels(points);
    }

    private interface Density {
        double draw(Random random);

        double at(double coordinate);
    }

    /** A share per value; one more count each, so that none is impossible. */
    private static final class Counts implements Density {
        private final double[] shares;

        Counts(double[] points, int values) {
            shares = new double[values];
            for (int value = 0; value < values; value++) {
                shares[value] = 1.0 / (points.length + values);
            }
            for (double point : points) {
                shares[Math.min(values - 1, (int) (point * values))] += 1.0 / (points.length + values);
            }
        }

        @Override
        public double draw(Random random) {
            double left = random.nextDouble();
            int value = 0;
            while (value < shares.length - 1 && left >= shares[value]) {
                left -= shares[value++];
            }
            return (value + random.nextDouble()) / shares.length;
        }

        @Override
        public double at(double coordinate) {
            return shares[Math.min(shares.length - 1, (int) (coordinate * shares.length))];
        }
    }

    /** A bell around each point, as wide as the way to its farther neighbour, and one over everything. */
    private static final class Kernels implements Density {
        private final double[] centres;
        private final double[] widths;

        Kernels(double[] points) {
            int count = points.length;
            centres = new double[count + 1];
            widths = new double[count + 1];
            double least = Math.max(LEAST_WIDTH, 1.0 / (10 + count));
            for (int i = 0; i < count; i++) {
                double below = i == 0 ? 0 : points[i - 1];
                double above = i == count - 1 ? 1 : points[i + 1];
                centres[i] = points[i];
                widths[i] = Math.min(1, Math.max(least, Math.max(points[i] - below, above - points[i])));
            }
            centres[count] = 0.5;
            widths[count] = 1;
        }

        @Override
        public double draw(Random random) {
            while (true) {
                int i = random.nextInt(centres.length);
                double drawn = centres[i] + widths[i] * random.nextGaussian();
                if (drawn >= 0 && drawn < 1) {
                    return drawn;
                }
            }
        }

        @Override
        public double at(double coordinate) {
            double sum = 0;
            for (int i = 0; i < centres.length; i++) {
                double z = (coordinate - centres[i]) / widths[i];
                sum += Math.exp(-z * z / 2) / widths[i];
            }
            return sum / centres.length;
        }
    }
}
