/**
 * Training rows enter, a fitted model leaves: its ONNX file and the training library's own predictions. One package below for
 * each family; only they know training libraries, and native memory is released before a fitted model is closed.
 */
@NullMarked
package io.foresell.training.fit;

import org.jspecify.annotations.NullMarked;
