package io.foresell.training.job;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a run made of one candidate.
 *
 * @param result the judgement, in the form of {@link JobEncoding}
 * @param packageFile the package to publish; empty when the publish rule leaves the candidate out
 */
public record TrainedCandidate(String name, boolean isBest, ByteString result, Optional<Path> packageFile) {}
