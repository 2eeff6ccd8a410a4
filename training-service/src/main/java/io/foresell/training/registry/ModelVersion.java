package io.foresell.training.registry;

import io.foresell.model.manifest.Manifest;
import java.time.Instant;
import java.util.List;

/**
 * An immutable version of a model.
 *
 * @param version counts the versions of the model from 1
 * @param digest lower-case hex SHA-256 of the package file, its identity
 * @param fileId names the package file in the store
 * @param jobId the training job; empty for an imported package
 * @param manifest what the package says about itself, without its inputs
 * @param engine what ran it when it was published, "compiled" or "onnxruntime"; empty when that was not kept
 * @param fallbackReason why it does not compile; empty when it does
 * @param gates what became of the gates of its training; empty when it had none
 */
public record ModelVersion(
        String model,
        int version,
        String digest,
        long packageBytes,
        String fileId,
        Instant createdAt,
        String jobId,
        Manifest manifest,
        String engine,
        String fallbackReason,
        List<GateResult> gates) {
    public ModelVersion {
        gates = List.copyOf(gates);
    }

    /** Returns whether all gates of its training hold. */
    public boolean isEligible() {
        return gates.stream().allMatch(GateResult::isHeld);
    }
}
