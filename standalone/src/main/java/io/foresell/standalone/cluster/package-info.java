/**
 * Every service in this process on the embedded store. Ports and a data folder come in; a running cluster that owns and closes
 * everything it started goes out.
 */
@NullMarked
package io.foresell.standalone.cluster;

import org.jspecify.annotations.NullMarked;
