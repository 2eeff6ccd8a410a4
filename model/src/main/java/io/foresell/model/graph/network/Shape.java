package io.foresell.model.graph.network;

/** Shape of a value inside a network, without the batch; row-major. */
public sealed interface Shape {
    /** Most floats of one value of one row. */
    int MAX_SIZE = 1 << 22;

    /** Returns the number of floats. */
    int size();

    /** Returns how many channels there are; of a vector, its width. */
    int channels();

    /** Returns this kind of shape with another number of channels. */
    Shape withChannels(int channels);

    /** Is the shape [width]. */
    record Vector(int width) implements Shape {
        public Vector {
            check(width);
        }

        @Override
        public int size() {
            return width;
        }

        @Override
        public int channels() {
            return width;
        }

        @Override
        public Vector withChannels(int channels) {
            return new Vector(channels);
        }
    }

    /** Is the shape [channels, length], the oldest step first. */
    record Sequence(int channels, int length) implements Shape {
        public Sequence {
            check(channels, length);
        }

        @Override
        public int size() {
            return channels * length;
        }

        @Override
        public Sequence withChannels(int channels) {
            return new Sequence(channels, length);
        }
    }

    /** Is the shape [channels, height, width]. */
    record Image(int channels, int height, int width) implements Shape {
        public Image {
            check(channels, height, width);
        }

        @Override
        public int size() {
            return channels * height * width;
        }

        @Override
        public Image withChannels(int channels) {
            return new Image(channels, height, width);
        }
    }

    private static void check(long... dimensions) {
        long size = 1;
        for (long dimension : dimensions) {
            size *= dimension;
            if (dimension < 1 || size > MAX_SIZE) {
                throw new IllegalArgumentException("shape %s (expected: dimensions above 0, at most %d values)"
                        .formatted(java.util.Arrays.toString(dimensions), MAX_SIZE));
            }
        }
    }
}
