/**
 * Training rows enter, a fitted model leaves: its ONNX file and the training library's own predictions. The only package
 * that knows DL4J and XGBoost; native memory is released before a fitted model is closed.
 */
@NullMarked
package io.foresell.training.fit;

import org.jspecify.annotations.NullMarked;
