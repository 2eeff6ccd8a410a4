/**
 * The degradation ladder of a release: what it declares, which rung fits into the time left, and the scores that may be given again. Answers
 * enter as bytes that only the edge reads; nothing here knows of requests.
 */
@NullMarked
package io.foresell.inference.ladder;

import org.jspecify.annotations.NullMarked;
