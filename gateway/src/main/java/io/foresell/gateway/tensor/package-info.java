/**
 * REST of the Open Inference Protocol: JSON with or without binary tensors enters, becomes one gRPC message with raw tensors for
 * the inference service, and its raw answer becomes what the caller wants. Knows no model.
 */
@NullMarked
package io.foresell.gateway.tensor;

import org.jspecify.annotations.NullMarked;
