/** ONNX bytes enter, an immutable scorer over flat arrays leaves, with contributions in log-odds. Scratch memory belongs to the calling thread. */
@NullMarked
package io.foresell.model.scorer;

import org.jspecify.annotations.NullMarked;
