package io.foresell.model.graph.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.NumberEncoding;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.SequenceEncoding;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class NetworkBuilderTest {
    private final NetworkBuilder network = new NetworkBuilder(new Preprocessing(List.of(
            new NumberEncoding("age", 0, 0, 1),
            new NumberEncoding("height", 0, 0, 1),
            new SequenceEncoding("orders", 6, 0, 0, 1),
            new SequenceEncoding("visits", 6, 0, 0, 1),
            new SequenceEncoding("years", 3, 0, 0, 1))));

    @Test
    void knowsEveryShape() {
        Tensor sequences = network.sequences(List.of("visits", "orders"));
        assertThat(sequences.shape()).isEqualTo(new Shape.Sequence(2, 6));
        assertThat(shape(
                        new Convolution(List.of(new Window(3, 2, 1, 1, 0)), 2, 4, new float[24], new float[4]),
                        sequences))
                .isEqualTo(new Shape.Sequence(4, 3));
        assertThat(shape(new Pooling(Pooling.Kind.MAX, List.of(Window.same(6, 4, 4, 1))), sequences))
                .isEqualTo(new Shape.Sequence(2, 2));
        assertThat(shape(new Convolution(List.of(Window.causal(3, 1, 2)), 2, 1, new float[6], new float[1]), sequences))
                .isEqualTo(new Shape.Sequence(1, 6));
        assertThat(shape(new Bidirectional(rnn(2), rnn(2), Bidirectional.Mode.CONCATENATION), sequences))
                .isEqualTo(new Shape.Sequence(6, 6));
        assertThat(shape(SelfAttention.plain(2).asking(4, new float[8]), sequences))
                .isEqualTo(new Shape.Sequence(2, 4));
        assertThat(shape(new LastStep(), sequences)).isEqualTo(new Shape.Vector(2));
        assertThat(shape(new Embedding(5, 3, new float[15]), network.sequences(List.of("years"))))
                .isEqualTo(new Shape.Sequence(3, 3));
        assertThat(shape(new ToImage(1, 2, 3), network.sequences(List.of("orders"))))
                .isEqualTo(new Shape.Image(1, 2, 3));
        assertThat(network.join(List.of(sequences, sequences)).shape()).isEqualTo(new Shape.Sequence(4, 6));
    }

    @Test
    void refusesLayersThatDoNotFit() {
        Tensor sequences = network.sequences(List.of("orders", "visits"));
        Tensor columns = network.columns();
        assertRefused(
                () -> network.apply(dense(3, 1), columns),
                "input of Dense: Vector[width=2] (expected: a vector, or steps, of 3 values)");
        assertRefused(
                () -> network.apply(rnn(3), sequences),
                "input of SimpleRnn: Sequence[channels=2, length=6] (expected: a sequence of 3 channels)");
        assertRefused(() -> network.apply(new LastStep(), columns), "expected: a sequence");
        assertRefused(
                () -> network.apply(new Pooling(Pooling.Kind.MAX, List.of(Window.valid(7, 1, 1))), sequences),
                "length: 6 (expected: room for a kernel that spans 7, padding 0 and 0)");
        assertRefused(
                () -> network.apply(new Embedding(4, 1, new float[4]), sequences),
                "expected: one index, or a sequence of indices in one channel");
        assertRefused(() -> network.apply(new ToImage(1, 2, 4), columns), "expected: 8 values in a row");
        assertRefused(() -> network.apply(new Columns(1, 2), columns), "expected: a vector of 3 numbers or more");
        assertRefused(() -> network.join(List.of(columns, sequences)), "shape of a joined value");
        assertRefused(
                () -> network.merge(Merging.SUM, List.of(columns, network.apply(dense(2, 3), columns))),
                "shape of a merged value: Vector[width=3] (expected: Vector[width=2])");
    }

    @Test
    void refusesSequencesOfDifferentLengthsAsOne() {
        assertRefused(network::sequences, "length of years: 3 (expected: 6 like orders)");
        assertRefused(() -> network.sequences(List.of("age")), "sequence: age");
        assertRefused(() -> network.words("orders"), "words of text: orders");
    }

    @Test
    void refusesWeightsOfOtherShapesOrNotFinite() {
        assertRefused(() -> new Dense(2, 2, new float[3], new float[2]), "dense weights: 3 values (expected: 4)");
        assertRefused(() -> new Dense(1, 1, new float[] {Float.NaN}, new float[1]), "dense weights: NaN");
        assertRefused(
                () -> new Lstm(1, 2, new float[8], new float[16], new float[7]),
                "recurrent layer's bias: 7 values (expected: 8)");
        assertRefused(
                () -> new BatchNormalization(new float[1], new float[1], new float[1], new float[] {-1}, 1),
                "variance: -1.0, epsilon: 1.0");
        assertRefused(
                () -> SelfAttention.projected(1, 2, 1, new float[3], new float[3], new float[3], new float[3]),
                "heads: 2 (expected: a divisor of the width 3)");
        assertRefused(() -> new Window(2, 1, 1, 2, 0), "padding: 2 and 0 (expected: 0..1)");
        assertRefused(() -> new Dense(1 << 20, 1 << 20, new float[0], new float[0]), "fewer than 2^28 values");
        assertRefused(
                () -> new Bidirectional(rnn(2), rnn(3), Bidirectional.Mode.SUM), "cells of a bidirectional layer");
    }

    @Test
    void refusesAnswersPerStepAndValuesOfOtherNetworks() {
        assertRefused(() -> network.build(network.sequences(List.of("years"))), "one answer per row");
        NetworkBuilder other = new NetworkBuilder(new Preprocessing(List.of(new NumberEncoding("x", 0, 0, 1))));
        assertRefused(() -> network.build(other.columns()), "a value of another network");
        assertRefused(
                () -> new NetworkBuilder(new Preprocessing(List.of(NumberEncoding.raw("x")))),
                "fill of one of [x]: NaN");
    }

    @Test
    void leavesOutWhatNoScoreNeeds() {
        Tensor columns = network.columns();
        Tensor score = network.apply(dense(2, 1), columns);
        byte[] lean = network.build(score).onnx(Head.binary(Calibration.NONE));
        network.apply(rnn(2), network.sequences(List.of("orders", "visits")));
        assertThat(network.build(score).onnx(Head.binary(Calibration.NONE))).isEqualTo(lean);
    }

    private Shape shape(Layer layer, Tensor input) {
        return network.apply(layer, input).shape();
    }

    private static Dense dense(int inputs, int outputs) {
        return new Dense(inputs, outputs, new float[inputs * outputs], new float[outputs]);
    }

    private static SimpleRnn rnn(int channels) {
        return new SimpleRnn(channels, 3, new float[3 * channels], new float[9], new float[3], Activation.TANH);
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }
}
