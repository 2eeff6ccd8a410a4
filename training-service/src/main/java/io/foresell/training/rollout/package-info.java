/**
 * Rollouts: a version takes over stage by stage. Plans and decisions of people enter, releases and an append-only history leave. One document
 * a model in MongoDB decides where its rollout stands and is only ever replaced by compare-and-set; a change of the release is written down
 * there as intended before it is made, so that whoever finds it finishes it once. Owns the collections of rollouts.
 */
@NullMarked
package io.foresell.training.rollout;

import org.jspecify.annotations.NullMarked;
