package io.foresell.model.graph.network;

/** A value of a network that is being described: what one of its steps leaves. */
public final class Tensor {
    final NetworkBuilder owner;
    final int index;
    private final Shape shape;

    Tensor(NetworkBuilder owner, int index, Shape shape) {
        this.owner = owner;
        this.index = index;
        this.shape = shape;
    }

    /** Returns its shape, without the batch. */
    public Shape shape() {
        return shape;
    }
}
