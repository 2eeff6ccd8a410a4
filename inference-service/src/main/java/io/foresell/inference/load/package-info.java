/**
 * From a release to a published slot: releases enter, the lane's one thread fetches, verifies, compiles, replays and warms
 * every version, and one reference write to the route board leaves. Nothing half-ready is ever visible to a request.
 */
@NullMarked
package io.foresell.inference.load;

import org.jspecify.annotations.NullMarked;
