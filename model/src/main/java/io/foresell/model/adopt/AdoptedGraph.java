package io.foresell.model.adopt;

import io.foresell.model.Answer;
import io.foresell.model.Signature;

/**
 * A graph of another library as Foresell asks it: one input [N, width] per column of the signature, one float output.
 *
 * @param answer names the output of the new graph
 */
@SuppressWarnings("ArrayRecordComponent")
public record AdoptedGraph(byte[] onnx, Signature signature, Answer answer) {}
