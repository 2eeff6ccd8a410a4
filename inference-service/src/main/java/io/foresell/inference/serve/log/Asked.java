package io.foresell.inference.serve.log;

import io.foresell.inference.route.ReleaseTerms;
import io.foresell.proto.prediction.v1.PredictionKind;
import org.jspecify.annotations.Nullable;

/**
 * How answers were asked for, the same for all rows of a request. Immutable.
 *
 * @param releaseRevision 0 when the request named the version
 * @param bands of the release; null where the package's own held
 * @param language "en" or "zh"
 * @param reasonLabel empty for each row's winner
 */
public record Asked(
        PredictionKind kind,
        int releaseRevision,
        ReleaseTerms.@Nullable Bands bands,
        int reasonCount,
        String language,
        int labelCount,
        String reasonLabel) {}
