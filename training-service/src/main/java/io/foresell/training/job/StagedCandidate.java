package io.foresell.training.job;

import com.google.protobuf.ByteString;
import io.foresell.training.registry.StagedPackage;
import org.jspecify.annotations.Nullable;

/**
 * A candidate whose package is in the store, not yet a version: what a job has reached once it is here need not be trained again.
 *
 * @param result the judgement, in the form of {@link JobEncoding}
 * @param staged null when the publish rule leaves the candidate out
 */
record StagedCandidate(String name, boolean isBest, ByteString result, @Nullable StagedPackage staged) {}
