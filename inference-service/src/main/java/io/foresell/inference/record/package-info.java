/** What an operator says about logging predictions: text of settings enters, rates and bounds leave. */
@NullMarked
package io.foresell.inference.record;

import org.jspecify.annotations.NullMarked;
