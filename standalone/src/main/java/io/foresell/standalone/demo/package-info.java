/**
 * The way of the demo company from nothing to answers, by the same commands that a person would type. Each step that is done is
 * written down in the data folder, so that a later start goes on where an earlier one stopped.
 */
@NullMarked
package io.foresell.standalone.demo;

import org.jspecify.annotations.NullMarked;
