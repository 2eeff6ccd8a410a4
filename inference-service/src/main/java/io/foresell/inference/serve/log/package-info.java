/**
 * Predictions on their way to the log. Answers enter on the threads that scored them, which neither wait nor lock; one thread of its own
 * writes them as records and sends them to the feature store. What does not fit in the queue is dropped and counted.
 */
@NullMarked
package io.foresell.inference.serve.log;

import org.jspecify.annotations.NullMarked;
