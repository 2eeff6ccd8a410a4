package io.foresell.inference.serve.statistics;

import io.foresell.inference.load.VersionStatus;
import io.foresell.inference.measure.DecisionDiff;
import io.foresell.inference.measure.Distribution;
import io.foresell.inference.measure.ReleaseWindow;
import io.foresell.inference.measure.VersionCounts;
import io.foresell.inference.route.FeatureContract.State;
import io.foresell.inference.route.ParkedRelease;
import io.foresell.inference.route.WeightedVersion;
import io.foresell.inference.serve.LadderProtos;
import io.foresell.proto.inference.v1.FeatureContract;
import io.foresell.proto.inference.v1.LoadState;
import io.foresell.proto.inference.v1.PendingVersion;
import io.foresell.proto.inference.v1.RoutedVersion;
import io.foresell.proto.inference.v1.ScorePairs;
import io.foresell.proto.inference.v1.SliceDiff;
import io.foresell.proto.inference.v1.VersionStatistics;
import java.util.Comparator;

/** The messages of release statistics. */
final class StatisticsProtos {
    private static final double[] QUANTILES = {0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999};

    private StatisticsProtos() {}

    static RoutedVersion ofRoute(WeightedVersion route) {
        return RoutedVersion.newBuilder()
                .setVersion(route.served().version())
                .setDigest(route.served().digest())
                .setWeight(route.weight())
                .setShadowPercent(route.shadowPercent())
                .setFeatureContract(contract(route.served().featureContract().state()))
                .setRemark(route.served().featureContract().remark())
                .build();
    }

    static RoutedVersion ofParked(ParkedRelease.Version version) {
        return RoutedVersion.newBuilder()
                .setVersion(version.version())
                .setDigest(version.digest())
                .setWeight(version.weight())
                .setShadowPercent(version.shadowPercent())
                .setFeatureContract(contract(version.contract().state()))
                .setRemark(version.contract().remark())
                .setIsParked(true)
                .build();
    }

    private static FeatureContract contract(State state) {
        return switch (state) {
            case NONE -> FeatureContract.FEATURE_CONTRACT_NONE;
            case HELD -> FeatureContract.FEATURE_CONTRACT_HELD;
            case UNCHECKED -> FeatureContract.FEATURE_CONTRACT_UNCHECKED;
            case BROKEN -> FeatureContract.FEATURE_CONTRACT_BROKEN;
        };
    }

    static PendingVersion ofStatus(VersionStatus status) {
        return PendingVersion.newBuilder()
                .setVersion(status.version())
                .setDigest(status.digest())
                .setState(status.isFailed() ? LoadState.LOAD_STATE_FAILED : LoadState.LOAD_STATE_LOADING)
                .setFailure(status.failure())
                .build();
    }

    static io.foresell.proto.inference.v1.ReleaseWindow ofWindow(ReleaseWindow window, boolean hasPairs) {
        var message = io.foresell.proto.inference.v1.ReleaseWindow.newBuilder()
                .setReleaseRevision(window.revision())
                .setBeganAtMillis(window.beganAt().toEpochMilli());
        window.endedAt().ifPresent(end -> message.setEndedAtMillis(end.toEpochMilli()));
        window.parts().stream()
                .sorted(Comparator.comparingInt(part -> part.counts().version()))
                .forEach(part -> message.addVersions(ofPart(part)));
        window.diffs().forEach(diff -> message.addDiffs(ofDiff(diff, hasPairs)));
        return message.build();
    }

    private static VersionStatistics ofPart(ReleaseWindow.Part part) {
        VersionCounts counts = part.counts();
        VersionStatistics.Builder message = VersionStatistics.newBuilder()
                .setVersion(counts.version())
                .setDigest(counts.digest())
                .setWeight(part.weight())
                .setShadowPercent(part.shadowPercent())
                .setCallCount(counts.calls())
                .setRowCount(counts.rows())
                .setHeldOutRowCount(counts.heldOutRows())
                .setLatencySeconds(ofDistribution(counts.latencySeconds()))
                .setScores(ofDistribution(counts.scores()))
                .putAllOutcomeCounts(counts.outcomes())
                .setDegradedCallCount(counts.degradedCalls());
        for (VersionCounts.DegradedRows rows : counts.degradedRows()) {
            message.addDegradedRowsBuilder()
                    .setRung(LadderProtos.rung(rows.rung()))
                    .setCause(LadderProtos.cause(rows.cause()))
                    .setRowCount(rows.rowCount());
        }
        counts.errors().forEach((code, count) -> message.putErrorCounts(code.name(), count));
        return message.build();
    }

    static io.foresell.proto.inference.v1.Distribution ofDistribution(Distribution distribution) {
        var message = io.foresell.proto.inference.v1.Distribution.newBuilder()
                .setCount(distribution.count())
                .setNotFiniteCount(distribution.notFiniteCount())
                .setMean(distribution.mean())
                .setStandardDeviation(distribution.standardDeviation())
                .setMinimum(distribution.minimum())
                .setMaximum(distribution.maximum());
        if (distribution.count() > 0) {
            for (double share : QUANTILES) {
                message.addQuantilesBuilder().setShare(share).setValue(distribution.quantile(share));
            }
        }
        distribution.bins().forEach(bin -> message.addBinsBuilder()
                .setLow(bin.low())
                .setHigh(bin.high())
                .setCount(bin.count()));
        return message.build();
    }

    private static io.foresell.proto.inference.v1.DecisionDiff ofDiff(DecisionDiff diff, boolean hasPairs) {
        DecisionDiff.View view = diff.view();
        var message = io.foresell.proto.inference.v1.DecisionDiff.newBuilder()
                .setChampionVersion(diff.champion())
                .setShadowVersion(diff.shadow())
                .setRowCount(view.slices().get(0).rows())
                .setDroppedRowCount(diff.droppedRows())
                .putAllErrorCounts(view.errors());
        view.slices().forEach(slice -> message.addSlices(ofSlice(slice)));
        SliceDiff.Builder all = message.getSlicesBuilder(0);
        view.overlaps().forEach(overlap -> all.addTopOverlapsBuilder()
                .setTopFraction(overlap.topFraction())
                .setOverlap(overlap.share()));
        view.rankCorrelation().ifPresent(all::setRankCorrelation);
        if (hasPairs) {
            all.setPairs(ScorePairs.newBuilder()
                    .addAllChampionScores(view.championScores())
                    .addAllShadowScores(view.shadowScores()));
        }
        return message.build();
    }

    private static SliceDiff ofSlice(DecisionDiff.Slice slice) {
        SliceDiff.Builder message = SliceDiff.newBuilder()
                .setSlice(slice.name())
                .setRowCount(slice.rows())
                .setChampionScores(ofDistribution(slice.champion()))
                .setShadowScores(ofDistribution(slice.shadow()))
                .setDifferences(ofDistribution(slice.differences()));
        for (DecisionDiff.Flip flip : slice.flips()) {
            message.addFlipsBuilder().setFrom(flip.from()).setTo(flip.to()).setRowCount(flip.rows());
        }
        return message.build();
    }
}
