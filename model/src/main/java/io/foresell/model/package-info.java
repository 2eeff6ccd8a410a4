/** Vocabulary of the module: what a model reads (signature, rows) and how a bad package is refused. Plain data, owned by the caller; nothing here knows files or graphs. */
@NullMarked
package io.foresell.model;

import org.jspecify.annotations.NullMarked;
