package io.foresell.inference.serve.log;

import io.foresell.proto.prediction.v1.PredictionKind;

/**
 * How answers were asked for, the same for all rows of a request. Immutable.
 *
 * @param releaseRevision 0 when the request named the version
 * @param language "en" or "zh"
 * @param reasonLabel empty for each row's winner
 */
public record Asked(
        PredictionKind kind,
        int releaseRevision,
        int reasonCount,
        String language,
        int labelCount,
        String reasonLabel) {}
