/**
 * The {@code foresell up} process: options come in from the command line, a running cluster and a ready screen go out. Owns the
 * data folder while it runs.
 */
@NullMarked
package io.foresell.standalone;

import org.jspecify.annotations.NullMarked;
