package io.foresell.feature.serve;

import io.foresell.feature.measure.Figures;
import io.foresell.feature.measure.InputDrift;
import io.foresell.feature.measure.LiveMetrics;
import io.foresell.feature.measure.MetricsQuery;
import io.foresell.feature.measure.VersionFigures;
import io.foresell.feature.prediction.SubjectParts;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.prediction.v1.Drift;
import io.foresell.proto.prediction.v1.GetLiveMetricsRequest;
import io.foresell.proto.prediction.v1.GetLiveMetricsResponse;
import io.foresell.proto.prediction.v1.NumberSummary;
import io.foresell.proto.prediction.v1.PredictionKind;
import io.foresell.proto.prediction.v1.PredictionMetrics;
import io.foresell.proto.prediction.v1.Range95;
import io.foresell.proto.prediction.v1.ReliabilityBin;
import io.foresell.proto.prediction.v1.SliceMetrics;
import io.foresell.proto.prediction.v1.VersionMetrics;
import java.time.Duration;
import java.util.List;

/** Translates questions for live metrics and their answers. */
final class LiveMetricsProtos {
    private static final long DEFAULT_WINDOW_MILLIS = Duration.ofDays(7).toMillis();
    private static final int MAX_VERSIONS = 20;
    private static final List<Integer> DEFAULT_KINDS =
            List.of(PredictionKind.PREDICTION_KIND_ONLINE_VALUE, PredictionKind.PREDICTION_KIND_OPEN_INFERENCE_VALUE);

    private LiveMetricsProtos() {}

    /**
     * Reads a question.
     *
     * @throws ServiceException INVALID_ARGUMENT naming the field at fault
     */
    static MetricsQuery fromProto(GetLiveMetricsRequest request, long nowMillis) {
        long until = request.getUntilMillis() == 0 ? nowMillis : request.getUntilMillis();
        long from = request.getFromMillis() == 0 ? Math.max(0, until - DEFAULT_WINDOW_MILLIS) : request.getFromMillis();
        requireWindow("from_millis", from, until);
        long referenceUntil = request.getReferenceUntilMillis() == 0 ? from : request.getReferenceUntilMillis();
        long referenceFrom = request.getReferenceFromMillis() == 0
                ? Math.max(0, referenceUntil - (until - from))
                : request.getReferenceFromMillis();
        if (!request.getWithoutDrift()) {
            requireWindow("reference_from_millis", referenceFrom, referenceUntil);
        }
        PredictionProtos.requireLength("model", request.getModel(), 1, 63);
        if (request.getVersionsCount() > MAX_VERSIONS) {
            throw invalid("versions", request.getVersionsCount() + " versions", "at most " + MAX_VERSIONS);
        }
        return new MetricsQuery(
                request.getModel(),
                request.getVersionsList(),
                request.getKindsCount() == 0 ? DEFAULT_KINDS : request.getKindsValueList(),
                from,
                until,
                request.getOutcomeName().isEmpty() ? MetricsQuery.LABEL : request.getOutcomeName(),
                request.getSliceBy(),
                request.getIsFirstPerSubject(),
                referenceFrom,
                referenceUntil,
                request.getReferenceVersion(),
                parts(request),
                request.getIsOldestFirst(),
                request.getReferenceFromMillis() != 0
                        || request.getReferenceUntilMillis() != 0
                        || request.getReferenceVersion() != 0,
                !request.getWithoutDrift());
    }

    private static List<Integer> parts(GetLiveMetricsRequest request) {
        int count = request.getPartCount();
        if (count < 0 || count > SubjectParts.COUNT || Integer.bitCount(count) > 1) {
            throw invalid("part_count", count, "0, 1, 2, 4, 8, 16, 32 or 64");
        }
        if (request.getPart() < 0 || request.getPart() >= Math.max(1, count)) {
            throw invalid("part", request.getPart(), "0..%d".formatted(Math.max(1, count) - 1));
        }
        return SubjectParts.within(count, request.getPart());
    }

    private static void requireWindow(String field, long from, long until) {
        if (from < 0 || from >= until) {
            throw invalid(field, from, "below the end of the window, %d".formatted(until));
        }
    }

    private static ServiceException invalid(String field, Object value, String expected) {
        return new ServiceException(Failure.invalid("METRICS_WINDOW_INVALID", field, value, expected));
    }

    /** Writes an answer. */
    static GetLiveMetricsResponse toProto(MetricsQuery query, LiveMetrics.Measured measured) {
        GetLiveMetricsResponse.Builder response = GetLiveMetricsResponse.newBuilder()
                .setModel(query.model())
                .setTask(measured.task())
                .setFromMillis(query.fromMillis())
                .setUntilMillis(query.untilMillis())
                .setIsTruncated(measured.isTruncated())
                .setRowLimit(measured.maxRows());
        measured.versions().forEach(version -> response.addVersions(toProto(version)));
        return response.build();
    }

    private static VersionMetrics toProto(VersionFigures version) {
        VersionMetrics.Builder metrics = VersionMetrics.newBuilder()
                .setVersion(version.version())
                .setDigest(version.digest())
                .setMetrics(toProto(version.figures()))
                .setWithFeaturesCount(version.withFeaturesCount());
        for (VersionFigures.Slice slice : version.slices()) {
            metrics.addSlices(SliceMetrics.newBuilder().setSlice(slice.name()).setMetrics(toProto(slice.figures())));
        }
        InputDrift scoreDrift = version.scoreDrift();
        if (scoreDrift != null) {
            metrics.setScoreDrift(toProto(scoreDrift));
        }
        version.inputDrifts().forEach(drift -> metrics.addInputDrifts(toProto(drift)));
        return metrics.build();
    }

    private static Drift toProto(InputDrift drift) {
        return Drift.newBuilder()
                .setInput(drift.input())
                .setStabilityIndex(drift.stabilityIndex())
                .setChanceIndex(drift.chanceIndex())
                .setReference(drift.reference())
                .setReferenceCount(drift.referenceCount())
                .setRowCount(drift.rowCount())
                .setMissingShare(drift.missingShare())
                .setReferenceMissingShare(drift.referenceMissingShare())
                .build();
    }

    private static PredictionMetrics toProto(Figures figures) {
        PredictionMetrics.Builder metrics = PredictionMetrics.newBuilder()
                .setPredictionCount(figures.predictionCount())
                .setSubjectCount(figures.subjectCount())
                .setLabelledCount(figures.labelledCount())
                .setUnusableOutcomeCount(figures.unusableOutcomeCount())
                .setRefusedCount(figures.refusedCount())
                .setScores(toProto(figures.scores()))
                .setOutcomes(toProto(figures.outcomes()));
        putTwoClasses(figures, metrics);
        putOthers(figures, metrics);
        return metrics.build();
    }

    private static void putTwoClasses(Figures figures, PredictionMetrics.Builder metrics) {
        if (figures.rocAuc() != null) {
            metrics.setRocAuc(figures.rocAuc());
        }
        if (figures.rocAucLow() != null && figures.rocAucHigh() != null) {
            metrics.setRocAucRange(
                    Range95.newBuilder().setLow(figures.rocAucLow()).setHigh(figures.rocAucHigh()));
        }
        if (figures.logLoss() != null) {
            metrics.setLogLoss(figures.logLoss());
        }
        if (figures.brier() != null) {
            metrics.setBrier(figures.brier());
        }
        if (figures.calibrationError() != null) {
            metrics.setCalibrationError(figures.calibrationError());
        }
        for (Figures.Bin bin : figures.calibration()) {
            metrics.addCalibration(ReliabilityBin.newBuilder()
                    .setMeanScore(bin.meanScore())
                    .setObservedRate(bin.observedRate())
                    .setRowCount(bin.rowCount()));
        }
    }

    private static void putOthers(Figures figures, PredictionMetrics.Builder metrics) {
        if (figures.labelledMeanScore() != null) {
            metrics.setLabelledMeanScore(figures.labelledMeanScore());
        }
        if (figures.meanAbsoluteError() != null) {
            metrics.setMeanAbsoluteError(figures.meanAbsoluteError());
        }
        if (figures.rootMeanSquaredError() != null) {
            metrics.setRootMeanSquaredError(figures.rootMeanSquaredError());
        }
        if (figures.meanError() != null) {
            metrics.setMeanError(figures.meanError());
        }
        if (figures.accuracy() != null) {
            metrics.setAccuracy(figures.accuracy());
        }
        if (figures.hitRate() != null) {
            metrics.setHitRate(figures.hitRate());
        }
    }

    private static NumberSummary toProto(io.foresell.feature.measure.NumberSummary summary) {
        return NumberSummary.newBuilder()
                .setCount(summary.count())
                .setMean(summary.mean())
                .setVariance(summary.variance())
                .setQ05(summary.quantile(0))
                .setQ25(summary.quantile(1))
                .setQ50(summary.quantile(2))
                .setQ75(summary.quantile(3))
                .setQ95(summary.quantile(4))
                .build();
    }
}
