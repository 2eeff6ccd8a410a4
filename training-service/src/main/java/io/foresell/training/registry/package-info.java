/**
 * The model registry. Package files and release decisions enter; immutable versions, aliases, releases with their history
 * and verified package bytes leave. Metadata lives in MongoDB, one document per model deciding everything about it; package
 * files live in GridFS. Owns both.
 */
@NullMarked
package io.foresell.training.registry;

import org.jspecify.annotations.NullMarked;
