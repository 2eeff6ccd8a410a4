package io.foresell.gateway.rest;

import io.foresell.proto.registry.v1.ChampionComparison;
import io.foresell.proto.registry.v1.DegradationLadder;
import io.foresell.proto.registry.v1.Evaluation;
import io.foresell.proto.registry.v1.GateResult;
import io.foresell.proto.registry.v1.MetricComparison;
import io.foresell.proto.registry.v1.Model;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.proto.registry.v1.Release;
import java.util.List;
import java.util.TreeMap;

/** From the registry's wire to its JSON. */
final class ModelProtos {
    private static final double NANOS_A_SECOND = 1e9;

    private ModelProtos() {}

    static Models.Model model(Model model) {
        return new Models.Model(
                model.getName(),
                model.hasLatestVersion() ? version(model.getLatestVersion()) : null,
                model.hasRelease() ? release(model.getRelease()) : null,
                new TreeMap<>(model.getAliasesMap()),
                model.getVersionCount());
    }

    static Models.ModelVersion version(ModelVersion version) {
        return new Models.ModelVersion(
                version.getModel(),
                version.getVersion(),
                version.getDigest(),
                version.getPackageBytes(),
                version.getCreatedAtMillis(),
                version.getAlgorithm(),
                version.getTask(),
                version.getFeatureSet(),
                version.getLabelView(),
                version.getEntity(),
                version.getJobId(),
                version.hasEvaluation() ? evaluation(version.getEvaluation()) : null,
                new TreeMap<>(version.getParametersMap()),
                version.getDataDigest(),
                version.getEngine(),
                version.getFallbackReason(),
                version.getIsEligible(),
                gates(version.getGatesList()));
    }

    static Models.Release release(Release release) {
        return new Models.Release(
                release.getModel(),
                release.getRevision(),
                release.getRoutesList().stream()
                        .map(route -> new Models.Route(route.getVersion(), route.getWeight(), route.getShadowPercent()))
                        .toList(),
                release.hasHoldOut()
                        ? new Models.HoldOut(
                                release.getHoldOut().getPercent(),
                                release.getHoldOut().getVersion())
                        : null,
                release.hasBands()
                        ? new Models.Bands(
                                release.getBands().getMediumFrom(),
                                release.getBands().getHighFrom())
                        : null,
                release.hasLadder() ? ladder(release.getLadder()) : null,
                release.getActor(),
                release.getReason(),
                release.getCreatedAtMillis());
    }

    private static Models.Ladder ladder(DegradationLadder ladder) {
        var maxAge = ladder.getLastKnownMaxAge();
        return new Models.Ladder(
                ladder.getFallbackVersion() == 0 ? null : ladder.getFallbackVersion(),
                ladder.hasLastKnownMaxAge() ? maxAge.getSeconds() + maxAge.getNanos() / NANOS_A_SECOND : null);
    }

    static Models.Evaluation evaluation(Evaluation evaluation) {
        return new Models.Evaluation(
                Numbers.finite(evaluation.getMetricsMap()),
                Numbers.finite(evaluation.getBaselineMetricsMap()),
                Numbers.finite(evaluation.getMetricStandardDeviationsMap()),
                evaluation.getSplit(),
                evaluation.getTrainingRowCount(),
                evaluation.getEvaluationRowCount(),
                isBinary(evaluation) ? Numbers.finite(evaluation.getBaseRate()) : null,
                lift(evaluation),
                calibration(evaluation),
                importance(evaluation),
                evaluation.getWarningsList(),
                evaluation.hasChampion() ? champion(evaluation.getChampion()) : null);
    }

    private static Models.ChampionComparison champion(ChampionComparison champion) {
        MetricComparison comparison = champion.getComparison();
        boolean isPaired = champion.hasComparison();
        return new Models.ChampionComparison(
                champion.getVersion(),
                champion.getWay(),
                champion.getReason(),
                champion.getRowCount(),
                comparison.getMetric(),
                isPaired ? Numbers.finite(comparison.getValue()) : null,
                isPaired ? Numbers.finite(comparison.getOtherValue()) : null,
                isPaired ? Numbers.finite(comparison.getDifference()) : null,
                isPaired ? Numbers.finite(comparison.getInterval().getLow()) : null,
                isPaired ? Numbers.finite(comparison.getInterval().getHigh()) : null,
                isPaired ? Numbers.finite(comparison.getPValue()) : null,
                comparison.getSentence());
    }

    static List<Models.GateResult> gates(List<GateResult> gates) {
        return gates.stream()
                .map(gate ->
                        new Models.GateResult(gate.getGate(), gate.getIsHeld(), gate.getValue(), gate.getExpectation()))
                .toList();
    }

    /** Lift and base rate are those of two classes; an evaluation says its task by the metrics it has. */
    private static boolean isBinary(Evaluation evaluation) {
        return evaluation.getMetricsMap().containsKey("lift_10") || evaluation.getLiftCount() > 0;
    }

    private static List<Models.LiftRow> lift(Evaluation evaluation) {
        return evaluation.getLiftList().stream()
                .map(row -> new Models.LiftRow(
                        Numbers.finite(row.getTopFraction()),
                        Numbers.finite(row.getLift()),
                        Numbers.finite(row.getRecall())))
                .toList();
    }

    private static List<Models.CalibrationBin> calibration(Evaluation evaluation) {
        return evaluation.getCalibrationList().stream()
                .map(bin -> new Models.CalibrationBin(
                        Numbers.finite(bin.getMeanPredicted()),
                        Numbers.finite(bin.getObservedRate()),
                        bin.getRowCount()))
                .toList();
    }

    private static List<Models.FeatureImportance> importance(Evaluation evaluation) {
        return evaluation.getImportanceList().stream()
                .map(feature -> new Models.FeatureImportance(
                        feature.getFeature(), Numbers.finite(feature.getMeanAbsoluteContribution())))
                .toList();
    }
}
