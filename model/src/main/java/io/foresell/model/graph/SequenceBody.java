package io.foresell.model.graph;

/** The part of a network that reads the sequences [channels, length] and leaves one vector. */
public sealed interface SequenceBody permits ConvolutionBody, LstmBody {
    /** Returns the width of the vector it leaves. */
    int outputWidth();
}
