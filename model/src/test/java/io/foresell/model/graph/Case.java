package io.foresell.model.graph;

/** A model and its definition. */
@SuppressWarnings("ArrayRecordComponent")
record Case(byte[] onnx, Oracle oracle) {}
