/**
 * The gRPC edge of jobs and registry, and the client of the feature store. Generated messages enter and leave here and
 * nowhere else; the {@code ...Protos} classes translate them, the watches own their streams.
 */
@NullMarked
package io.foresell.training.serve;

import org.jspecify.annotations.NullMarked;
