package io.foresell.model.scorer;

import java.util.Collections;
import java.util.List;

/** Kinds of recurrent cells, gates in ONNX's order. */
enum Cell {
    /** Gates input, output, forget and cell. */
    LSTM(4),
    /** Gates update, reset and hidden. */
    GRU(3),
    TANH(1),
    RELU(1);

    private final int gates;

    Cell(int gates) {
        this.gates = gates;
    }

    int gates() {
        return gates;
    }

    /** Returns the names of the activations, which are the only ones that compile. */
    List<String> activations(int directions) {
        List<String> names =
                switch (this) {
                    case LSTM -> List.of("Sigmoid", "Tanh", "Tanh");
                    case GRU -> List.of("Sigmoid", "Tanh");
                    case TANH -> List.of("Tanh");
                    case RELU -> List.of("Relu");
                };
        return Collections.nCopies(directions, names).stream()
                .flatMap(List::stream)
                .toList();
    }
}
