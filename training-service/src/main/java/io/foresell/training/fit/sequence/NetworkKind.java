package io.foresell.training.fit.sequence;

/** Names the body of a network over sequences. */
public enum NetworkKind {
    /** Two 1-D convolutions with ReLU and global max pooling. */
    CONV1D,
    /** One LSTM whose last step is kept. */
    LSTM
}
