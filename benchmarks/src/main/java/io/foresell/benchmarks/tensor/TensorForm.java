package io.foresell.benchmarks.tensor;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The ways in which the protocol writes tensors. */
public enum TensorForm {
    /** gRPC, elements as bytes: what most clients send. */
    RAW(true),
    /** gRPC, elements as numbers of the message. */
    TYPED(true),
    /** REST, elements in JSON. */
    JSON(false),
    /** REST, bytes behind the JSON. */
    BINARY(false);

    private final boolean isGrpc;

    TensorForm(boolean isGrpc) {
        this.isGrpc = isGrpc;
    }

    boolean isGrpc() {
        return isGrpc;
    }

    /** Returns the name in addresses and titles. */
    public String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Names the forms of one transport, for messages. */
    static String titles(boolean isGrpc) {
        return Arrays.stream(values())
                .filter(form -> form.isGrpc == isGrpc)
                .map(TensorForm::title)
                .collect(Collectors.joining(" or "));
    }
}
