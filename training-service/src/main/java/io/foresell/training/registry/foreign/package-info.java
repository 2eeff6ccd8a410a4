/**
 * Models trained elsewhere: an ONNX file, what it means and sample rows enter, an ordinary package leaves. ONNX Runtime answers the
 * golden rows; nothing here is stored.
 */
@NullMarked
package io.foresell.training.registry.foreign;

import org.jspecify.annotations.NullMarked;
