/**
 * DL4J networks as specs declare them. A fold and a short list of layers enter; what the layers read is chosen and encoded,
 * every dimension is checked, the network is trained with checkpoints, and a fitted model leaves.
 */
@NullMarked
package io.foresell.training.fit.neural;

import org.jspecify.annotations.NullMarked;
