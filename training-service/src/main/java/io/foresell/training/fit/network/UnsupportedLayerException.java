package io.foresell.training.fit.network;

/** A layer that cannot be described; the message names it and says what is expected instead. */
public final class UnsupportedLayerException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    UnsupportedLayerException(String layer, String actual, String expected) {
        super("layer %s: %s (expected: %s)".formatted(layer, actual, expected));
    }
}
