/**
 * A fitter enters, one whose probabilities are calibrated leaves: the calibration is fitted on out-of-fold answers inside
 * the training fold, and written into the graph.
 */
@NullMarked
package io.foresell.training.calibrate;

import org.jspecify.annotations.NullMarked;
