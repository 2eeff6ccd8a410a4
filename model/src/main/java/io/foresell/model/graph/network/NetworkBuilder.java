package io.foresell.model.graph.network;

import io.foresell.model.graph.InputEncoding;
import io.foresell.model.graph.Parameters;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.SequenceEncoding;
import io.foresell.model.graph.WordSequenceEncoding;
import java.util.ArrayList;
import java.util.List;

/** Describes a network from its encoded inputs on; every step is checked when it is added. One use, one thread. */
public final class NetworkBuilder {
    private final Preprocessing preprocessing;
    private final List<Network.Step> steps = new ArrayList<>();

    /**
     * Starts a network over encoded inputs.
     *
     * @param preprocessing has a fill for every number: a network cannot read missing values
     */
    public NetworkBuilder(Preprocessing preprocessing) {
        Parameters.requireFilled(preprocessing);
        this.preprocessing = preprocessing;
    }

    /** Returns the encoded columns of all numbers and texts as one vector. */
    public Tensor columns() {
        return add(new Source.Columns(), List.of(), new Shape.Vector(preprocessing.encodedWidth()));
    }

    /** Returns all sequences as the channels of one. */
    public Tensor sequences() {
        return sequences(
                preprocessing.sequences().stream().map(SequenceEncoding::input).toList());
    }

    /** Returns some sequences of one length, in this order, as the channels of one. */
    public Tensor sequences(List<String> inputs) {
        List<SequenceEncoding> chosen = new ArrayList<>();
        for (String input : inputs) {
            chosen.add(preprocessing.sequences().stream()
                    .filter(sequence -> sequence.input().equals(input))
                    .findAny()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "sequence: %s (expected: a sequence of the preprocessing)".formatted(input))));
        }
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("sequences: 0 (expected: 1 or more)");
        }
        int length = Preprocessing.commonLength(chosen);
        return add(new Source.Sequences(List.copyOf(chosen)), List.of(), new Shape.Sequence(chosen.size(), length));
    }

    /** Returns the indices of a text's words as a sequence of one channel, for an embedding. */
    public Tensor words(String input) {
        for (InputEncoding encoding : preprocessing.encodings()) {
            if (encoding instanceof WordSequenceEncoding words && words.input().equals(input)) {
                return add(new Source.WordIndices(words), List.of(), new Shape.Sequence(1, words.length()));
            }
        }
        throw new IllegalArgumentException(
                "words of text: %s (expected: a text of the preprocessing with a sequence of words)".formatted(input));
    }

    /** Returns what a layer makes of a value. */
    public Tensor apply(Layer layer, Tensor input) {
        return add(new Operation.Applied(layer), List.of(input), layer.outputShape(input.shape()));
    }

    /** Returns values beside each other: the numbers of vectors, or the channels of sequences or images of one size. */
    public Tensor join(List<Tensor> parts) {
        requireLike(parts);
        int channels = parts.stream().mapToInt(part -> part.shape().channels()).reduce(0, Math::addExact);
        Shape shape = parts.get(0).shape().withChannels(channels);
        return parts.size() == 1 ? parts.get(0) : add(new Operation.Joined(), parts, shape);
    }

    /** Returns values of one shape as one, number by number. */
    public Tensor merge(Merging how, List<Tensor> parts) {
        requireLike(parts);
        Shape shape = parts.get(0).shape();
        for (Tensor part : parts) {
            if (!part.shape().equals(shape)) {
                throw new IllegalArgumentException(
                        "shape of a merged value: %s (expected: %s)".formatted(part.shape(), shape));
            }
        }
        if (how == Merging.DIFFERENCE && parts.size() != 2) {
            throw new IllegalArgumentException("values of a difference: %d (expected: 2)".formatted(parts.size()));
        }
        return parts.size() == 1 ? parts.get(0) : add(new Operation.Merged(how), parts, shape);
    }

    /**
     * Ends the description.
     *
     * @param scores a vector: what a {@link io.foresell.model.graph.Head} makes an answer of
     */
    public Network build(Tensor scores) {
        requireOwn(scores);
        if (!(scores.shape() instanceof Shape.Vector)) {
            throw new IllegalArgumentException(
                    "scores of the network: %s (expected: a vector, one answer per row)".formatted(scores.shape()));
        }
        return new Network(preprocessing, steps, scores.index);
    }

    private static void requireLike(List<Tensor> parts) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("values: 0 (expected: 1 or more)");
        }
        Shape one = parts.get(0).shape().withChannels(1);
        for (Tensor part : parts) {
            if (!part.shape().withChannels(1).equals(one)) {
                throw new IllegalArgumentException("shape of a joined value: %s (expected: like %s)"
                        .formatted(part.shape(), parts.get(0).shape()));
            }
        }
    }

    private void requireOwn(Tensor tensor) {
        if (tensor.owner != this) {
            throw new IllegalArgumentException("a value of another network (expected: one of this network)");
        }
    }

    private Tensor add(Operation operation, List<Tensor> inputs, Shape shape) {
        inputs.forEach(this::requireOwn);
        steps.add(new Network.Step(
                operation, inputs.stream().map(input -> input.index).toList(), shape));
        return new Tensor(this, steps.size() - 1, shape);
    }
}
