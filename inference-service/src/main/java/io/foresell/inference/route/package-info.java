/**
 * Which version answers which subject. Ready versions enter, immutable snapshots leave: a request reads one snapshot once,
 * so that no answer mixes two releases. The board's one reference is written only by the load lane.
 */
@NullMarked
package io.foresell.inference.route;

import org.jspecify.annotations.NullMarked;
