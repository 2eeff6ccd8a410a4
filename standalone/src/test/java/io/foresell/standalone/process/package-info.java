/** Real processes for tests: the jars that a user runs, started, watched, killed and stopped. */
@NullMarked
package io.foresell.standalone.process;

import org.jspecify.annotations.NullMarked;
