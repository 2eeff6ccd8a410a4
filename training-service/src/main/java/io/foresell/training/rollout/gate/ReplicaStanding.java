package io.foresell.training.rollout.gate;

/**
 * A replica of inference as last seen.
 *
 * @param candidateDigest the digest of the candidate's package that it serves; empty when it serves none
 * @param isServing whether it serves the candidate as the stage asks, under the stage's release
 * @param remark what is wrong; empty when nothing is
 */
public record ReplicaStanding(
        String address,
        String instance,
        boolean isReached,
        int releaseRevision,
        String candidateDigest,
        boolean isServing,
        String remark) {}
