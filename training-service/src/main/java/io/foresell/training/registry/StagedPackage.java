package io.foresell.training.registry;

import io.foresell.model.manifest.Manifest;

/**
 * A package that was checked and stored but is no version yet. Nothing points to its file: it is swept when it is not published in time.
 *
 * @param digest lower-case hex SHA-256 of the package file
 * @param fileId names the package file in the store
 * @param p99Micros 99th percentile of scoring one row here, in microseconds
 * @param engine what ran it, "compiled" or "onnxruntime"
 * @param fallbackReason why it does not compile; empty when it does
 * @param manifest what the package says about itself, without its inputs
 */
public record StagedPackage(
        String model,
        String digest,
        long packageBytes,
        String fileId,
        double p99Micros,
        String engine,
        String fallbackReason,
        Manifest manifest) {}
