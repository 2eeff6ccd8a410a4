/**
 * Gates: what a version must reach to be eligible for release. What a spec declares enters, with the judgement of a version and of its
 * champion; one result per gate leaves. Owns nothing.
 */
@NullMarked
package io.foresell.training.gate;

import org.jspecify.annotations.NullMarked;
