package io.foresell.training.fit.neural;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.SequenceEncoding;
import io.foresell.model.graph.WordSequenceEncoding;
import io.foresell.model.graph.network.Columns;
import io.foresell.model.graph.network.NetworkBuilder;
import io.foresell.model.graph.network.Shape;
import io.foresell.model.graph.network.Tensor;
import io.foresell.model.graph.network.ToImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.nd4j.linalg.activations.Activation;

/** One input of a network: some of the encoded features, in the shape that its first layer reads. */
sealed interface NetworkSource {
    /** Returns the name of the network's input. */
    String name();

    /** Returns the shape that declared layers read, after any embedding. */
    Shape shape();

    /** Returns the shape of one row's floats. */
    long[] rowShape();

    /** Writes every row's floats, row-major. */
    void encode(Encoded encoded, float[] target);

    /** Adds DL4J's embedding, where there is one, and returns the name of what declared layers read. */
    default String add(GraphBuilder graph) {
        return name();
    }

    /** Returns the same input in the model's own description, before any embedding. */
    Tensor tensor(NetworkBuilder builder);

    /** Returns how many floats a row has. */
    default int width() {
        return (int) Arrays.stream(rowShape()).reduce(1, (a, b) -> a * b);
    }

    /** Returns whether its values stand in steps or pixels. */
    default boolean isBody() {
        return !(shape() instanceof Shape.Vector);
    }

    /** Rows and what preprocessing makes of them. */
    @SuppressWarnings("ArrayRecordComponent")
    record Encoded(Rows rows, Signature signature, float[] columns, int columnWidth) {
        static Encoded of(Preprocessing preprocessing, Rows rows) {
            int width = preprocessing.encodedWidth();
            return new Encoded(
                    rows, preprocessing.signature(), width == 0 ? new float[0] : preprocessing.encode(rows), width);
        }
    }

    /**
     * Encoded columns.
     *
     * @param places ascending
     * @param isAll whether these are all columns that there are
     */
    record Numbers(List<Integer> places, boolean isAll) implements NetworkSource {
        @Override
        public String name() {
            return "columns";
        }

        @Override
        public Shape shape() {
            return new Shape.Vector(places.size());
        }

        @Override
        public long[] rowShape() {
            return new long[] {places.size()};
        }

        @Override
        public void encode(Encoded encoded, float[] target) {
            for (int row = 0; row < encoded.rows().rowCount(); row++) {
                for (int i = 0; i < places.size(); i++) {
                    target[row * places.size() + i] = encoded.columns()[row * encoded.columnWidth() + places.get(i)];
                }
            }
        }

        @Override
        public Tensor tensor(NetworkBuilder builder) {
            Tensor columns = builder.columns();
            if (isAll) {
                return columns;
            }
            List<Tensor> parts = new ArrayList<>();
            int from = 0;
            for (int i = 1; i <= places.size(); i++) {
                if (i == places.size() || places.get(i) != places.get(i - 1) + 1) {
                    parts.add(builder.apply(new Columns(places.get(from), i - from), columns));
                    from = i;
                }
            }
            return builder.join(parts);
        }
    }

    /**
     * The index of a text's category.
     *
     * @param place of the encoded column with the index
     * @param indexCount rows of the embedding; the first is for every other text
     * @param embedding numbers of one row
     */
    record Category(String input, int place, int indexCount, int embedding) implements NetworkSource {
        @Override
        public String name() {
            return "category " + input;
        }

        @Override
        public Shape shape() {
            return new Shape.Vector(embedding);
        }

        @Override
        public long[] rowShape() {
            return new long[] {1};
        }

        @Override
        public void encode(Encoded encoded, float[] target) {
            for (int row = 0; row < encoded.rows().rowCount(); row++) {
                target[row] = encoded.columns()[row * encoded.columnWidth() + place];
            }
        }

        @Override
        public String add(GraphBuilder graph) {
            String name = name() + " embedding";
            graph.addLayer(
                    name,
                    new EmbeddingLayer.Builder()
                            .nIn(indexCount)
                            .nOut(embedding)
                            .activation(Activation.IDENTITY)
                            .build(),
                    name());
            return name;
        }

        @Override
        public Tensor tensor(NetworkBuilder builder) {
            return builder.apply(new Columns(place, 1), builder.columns());
        }
    }

    /** Sequences of one length as the channels of one. */
    record Steps(String name, List<SequenceEncoding> sequences) implements NetworkSource {
        private int length() {
            return sequences.get(0).length();
        }

        @Override
        public Shape shape() {
            return new Shape.Sequence(sequences.size(), length());
        }

        @Override
        public long[] rowShape() {
            return new long[] {sequences.size(), length()};
        }

        @Override
        public void encode(Encoded encoded, float[] target) {
            for (int channel = 0; channel < sequences.size(); channel++) {
                standardize(encoded, sequences.get(channel), target, channel * length(), width());
            }
        }

        @Override
        public Tensor tensor(NetworkBuilder builder) {
            return builder.sequences(
                    sequences.stream().map(SequenceEncoding::input).toList());
        }
    }

    /** A sequence as an image. */
    record Pixels(ImageInput image, SequenceEncoding sequence) implements NetworkSource {
        @Override
        public String name() {
            return "image";
        }

        @Override
        public Shape shape() {
            return new Shape.Image(image.channels(), image.height(), image.width());
        }

        @Override
        public long[] rowShape() {
            return new long[] {image.channels(), image.height(), image.width()};
        }

        @Override
        public void encode(Encoded encoded, float[] target) {
            standardize(encoded, sequence, target, 0, width());
        }

        @Override
        public Tensor tensor(NetworkBuilder builder) {
            return builder.apply(
                    new ToImage(image.channels(), image.height(), image.width()),
                    builder.sequences(List.of(sequence.input())));
        }
    }

    /**
     * The words of a text.
     *
     * @param embedding numbers of one word
     */
    record Words(WordSequenceEncoding words, int embedding) implements NetworkSource {
        // Weights by the size of the vocabulary, as of a dense layer, would be so small that filters see nothing for
        // many epochs.
        private static final double FIRST_EMBEDDING = 0.1;

        @Override
        public String name() {
            return "words " + words.input();
        }

        @Override
        public Shape shape() {
            return new Shape.Sequence(embedding, words.length());
        }

        @Override
        public long[] rowShape() {
            return new long[] {1, words.length()};
        }

        @Override
        public void encode(Encoded encoded, float[] target) {
            int width = encoded.signature().textWidth();
            int offset = encoded.signature().offset(words.input());
            List<String> texts = new ArrayList<>();
            for (int row = 0; row < encoded.rows().rowCount(); row++) {
                texts.add(encoded.rows().texts()[row * width + offset]);
            }
            float[] indices = words.encode(texts);
            System.arraycopy(indices, 0, target, 0, indices.length);
        }

        @Override
        public String add(GraphBuilder graph) {
            String name = name() + " embedding";
            graph.addLayer(
                    name,
                    new EmbeddingSequenceLayer.Builder()
                            .nIn(words.indexCount())
                            .nOut(embedding)
                            .inputLength(words.length())
                            .weightInit(new NormalDistribution(0, FIRST_EMBEDDING))
                            .activation(Activation.IDENTITY)
                            .build(),
                    name());
            return name;
        }

        @Override
        public Tensor tensor(NetworkBuilder builder) {
            return builder.words(words.input());
        }
    }

    /** Writes a sequence as the graph computes it, from {@code at} on in every row of {@code rowWidth} floats. */
    private static void standardize(Encoded encoded, SequenceEncoding sequence, float[] target, int at, int rowWidth) {
        int numberWidth = encoded.signature().numberWidth();
        int offset = encoded.signature().offset(sequence.input());
        for (int row = 0; row < encoded.rows().rowCount(); row++) {
            sequence.encode(encoded.rows().numbers(), row * numberWidth + offset, target, row * rowWidth + at);
        }
    }
}
