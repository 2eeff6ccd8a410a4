package io.foresell.training.serve;

import io.foresell.model.manifest.Manifest;
import io.foresell.proto.registry.v1.AliasMove;
import io.foresell.proto.registry.v1.CalibrationBin;
import io.foresell.proto.registry.v1.Evaluation;
import io.foresell.proto.registry.v1.FeatureImportance;
import io.foresell.proto.registry.v1.GateResult;
import io.foresell.proto.registry.v1.LiftRow;
import io.foresell.proto.registry.v1.Model;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.training.registry.ModelSummary;

/** The registry's messages, both ways. */
final class RegistryProtos {
    static final int MAX_IMPORTANCE = 50;

    private RegistryProtos() {}

    static ModelVersion ofVersion(io.foresell.training.registry.ModelVersion version) {
        Manifest manifest = version.manifest();
        ModelVersion.Builder message = ModelVersion.newBuilder()
                .setModel(version.model())
                .setVersion(version.version())
                .setDigest(version.digest())
                .setPackageBytes(version.packageBytes())
                .setCreatedAtMillis(version.createdAt().toEpochMilli())
                .setAlgorithm(manifest.getAlgorithm())
                .setTask(manifest.getTask())
                .setFeatureSet(manifest.getFeatureSet())
                .setFeatureSetHash(manifest.getFeatureSetHash())
                .setLabelView(manifest.getLabelView())
                .setEntity(manifest.getEntity())
                .setJobId(version.jobId())
                .putAllParameters(manifest.getProvenance().getParametersMap())
                .setDataDigest(manifest.getProvenance().getDataDigest())
                .setEngine(version.engine())
                .setFallbackReason(version.fallbackReason())
                .setIsEligible(version.isEligible());
        version.gates().forEach(gate -> message.addGates(ofGate(gate)));
        if (manifest.hasEvaluation()) {
            message.setEvaluation(ofManifest(manifest.getEvaluation()));
        }
        return message.build();
    }

    static GateResult ofGate(io.foresell.training.registry.GateResult gate) {
        return GateResult.newBuilder()
                .setGate(gate.gate())
                .setIsHeld(gate.isHeld())
                .setValue(gate.value())
                .setExpectation(gate.expectation())
                .build();
    }

    private static Evaluation ofManifest(io.foresell.model.manifest.Evaluation evaluation) {
        Evaluation.Builder message = Evaluation.newBuilder()
                .putAllMetrics(evaluation.getMetricsMap())
                .putAllBaselineMetrics(evaluation.getBaselineMetricsMap())
                .putAllMetricStandardDeviations(evaluation.getMetricStandardDeviationsMap())
                .setSplit(evaluation.getSplit())
                .setTrainingRowCount(evaluation.getTrainingRowCount())
                .setEvaluationRowCount(evaluation.getEvaluationRowCount())
                .setBaseRate(evaluation.getBaseRate())
                .addAllWarnings(evaluation.getWarningsList());
        evaluation
                .getLiftList()
                .forEach(row -> message.addLift(lift(row.getTopFraction(), row.getLift(), row.getRecall())));
        evaluation
                .getCalibrationList()
                .forEach(bin -> message.addCalibration(
                        calibration(bin.getMeanPredicted(), bin.getObservedRate(), bin.getRowCount())));
        evaluation.getImportanceList().stream()
                .limit(MAX_IMPORTANCE)
                .forEach(input ->
                        message.addImportance(importance(input.getInput(), input.getMeanAbsoluteContribution())));
        JudgementProtos.addOfManifest(evaluation, message);
        return message.build();
    }

    static Evaluation ofEvaluation(io.foresell.training.evaluate.Evaluation evaluation) {
        Evaluation.Builder message = Evaluation.newBuilder()
                .putAllMetrics(evaluation.metrics())
                .putAllBaselineMetrics(evaluation.baselineMetrics())
                .putAllMetricStandardDeviations(evaluation.metricStandardDeviations())
                .setSplit(evaluation.split())
                .setTrainingRowCount(evaluation.trainingRowCount())
                .setEvaluationRowCount(evaluation.evaluationRowCount())
                .setBaseRate(evaluation.baseRate())
                .addAllWarnings(evaluation.warnings());
        evaluation.lift().forEach(row -> message.addLift(lift(row.topFraction(), row.lift(), row.recall())));
        evaluation
                .calibration()
                .forEach(bin ->
                        message.addCalibration(calibration(bin.meanPredicted(), bin.observedRate(), bin.rowCount())));
        evaluation.importance().stream()
                .limit(MAX_IMPORTANCE)
                .forEach(input -> message.addImportance(importance(input.input(), input.meanAbsoluteContribution())));
        JudgementProtos.addOfEvaluation(evaluation, message);
        return message.build();
    }

    private static LiftRow lift(double topFraction, double lift, double recall) {
        return LiftRow.newBuilder()
                .setTopFraction(topFraction)
                .setLift(lift)
                .setRecall(recall)
                .build();
    }

    private static CalibrationBin calibration(double meanPredicted, double observedRate, long rowCount) {
        return CalibrationBin.newBuilder()
                .setMeanPredicted(meanPredicted)
                .setObservedRate(observedRate)
                .setRowCount(rowCount)
                .build();
    }

    private static FeatureImportance importance(String feature, double meanAbsoluteContribution) {
        return FeatureImportance.newBuilder()
                .setFeature(feature)
                .setMeanAbsoluteContribution(meanAbsoluteContribution)
                .build();
    }

    static Model ofModel(ModelSummary summary) {
        Model.Builder message = Model.newBuilder()
                .setName(summary.name())
                .setLatestVersion(ofVersion(summary.latestVersion()))
                .putAllAliases(summary.aliases())
                .setVersionCount(summary.versionCount());
        if (summary.release() != null) {
            message.setRelease(ReleaseProtos.ofRelease(summary.release()));
        }
        return message.build();
    }

    static AliasMove ofMove(io.foresell.training.registry.AliasMove move) {
        return AliasMove.newBuilder()
                .setAlias(move.alias())
                .setFromVersion(move.fromVersion())
                .setToVersion(move.toVersion())
                .setActor(move.actor())
                .setReason(move.reason())
                .setMovedAtMillis(move.movedAt().toEpochMilli())
                .build();
    }
}
