package io.foresell.training.rollout.observe;

import io.foresell.proto.inference.v1.Bin;
import io.foresell.proto.inference.v1.DecisionDiff;
import io.foresell.proto.inference.v1.Distribution;
import io.foresell.proto.inference.v1.GetReleaseStatisticsResponse;
import io.foresell.proto.inference.v1.LoadState;
import io.foresell.proto.inference.v1.PendingVersion;
import io.foresell.proto.inference.v1.ReleaseWindow;
import io.foresell.proto.inference.v1.RoutedVersion;
import io.foresell.proto.inference.v1.ServedModel;
import io.foresell.proto.inference.v1.SliceDiff;
import io.foresell.proto.inference.v1.VersionStatistics;
import io.foresell.training.rollout.observe.ReplicaReport.Served;
import io.foresell.training.rollout.sequential.Histogram;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The statistics of a replica, as counts. */
final class StatisticsProtos {
    private StatisticsProtos() {}

    static ReplicaReport report(
            String address,
            GetReleaseStatisticsResponse message,
            String model,
            int champion,
            int candidate,
            int revision) {
        Optional<ServedModel> served = message.getModelsList().stream()
                .filter(each -> each.getModel().equals(model))
                .findFirst();
        return new ReplicaReport(
                address,
                message.getInstanceId(),
                "",
                message.getIsRegistryConnected(),
                served.map(ServedModel::getReleaseRevision).orElse(0),
                served.map(StatisticsProtos::versions).orElse(Map.of()),
                served.map(StatisticsProtos::failures).orElse(Map.of()),
                served.flatMap(each -> window(each, champion, candidate, revision)));
    }

    private static Map<Integer, Served> versions(ServedModel model) {
        Map<Integer, Served> versions = new TreeMap<>();
        for (RoutedVersion version : model.getVersionsList()) {
            versions.put(
                    version.getVersion(),
                    new Served(version.getDigest(), version.getWeight(), version.getShadowPercent()));
        }
        return versions;
    }

    private static Map<Integer, String> failures(ServedModel model) {
        Map<Integer, String> failures = new TreeMap<>();
        for (PendingVersion version : model.getPendingList()) {
            if (version.getState() == LoadState.LOAD_STATE_FAILED) {
                failures.put(version.getVersion(), version.getFailure());
            }
        }
        return failures;
    }

    private static Optional<WindowCounts> window(ServedModel model, int champion, int candidate, int revision) {
        return model.getWindowsList().stream()
                .filter(window -> window.getReleaseRevision() == revision)
                .findFirst()
                .map(window -> new WindowCounts(
                        counts(window, champion), counts(window, candidate), shadow(window, champion, candidate)));
    }

    private static VersionCounts counts(ReleaseWindow window, int version) {
        for (VersionStatistics each : window.getVersionsList()) {
            if (each.getVersion() == version) {
                return new VersionCounts(
                        each.getCallCount(),
                        // What a lower rung answered, this version did not: a ladder must not hide a candidate that
                        // fails.
                        each.getDegradedCallCount()
                                + each.getErrorCountsMap().values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum(),
                        each.getRowCount(),
                        histogram(CoarseBins.SECONDS, each.getLatencySeconds()),
                        histogram(CoarseBins.SCORES, each.getScores()));
            }
        }
        return VersionCounts.NONE;
    }

    private static ShadowCounts shadow(ReleaseWindow window, int champion, int candidate) {
        for (DecisionDiff diff : window.getDiffsList()) {
            if (diff.getChampionVersion() == champion && diff.getShadowVersion() == candidate) {
                SliceDiff all = diff.getSlicesCount() == 0 ? SliceDiff.getDefaultInstance() : diff.getSlices(0);
                return new ShadowCounts(
                        diff.getRowCount(),
                        diff.getDroppedRowCount(),
                        diff.getErrorCountsMap().values().stream()
                                .mapToLong(Long::longValue)
                                .sum(),
                        all.getFlipsList().stream()
                                .mapToLong(flip -> flip.getRowCount())
                                .sum(),
                        histogram(CoarseBins.SCORES, all.getChampionScores()),
                        histogram(CoarseBins.SCORES, all.getShadowScores()));
            }
        }
        return ShadowCounts.NONE;
    }

    private static Histogram histogram(CoarseBins bins, Distribution distribution) {
        long[] counts = new long[bins.binCount()];
        for (Bin bin : distribution.getBinsList()) {
            counts[bins.binOf(middle(bin))] += bin.getCount();
        }
        return bins.of(counts);
    }

    /** The bins at either end are open. */
    private static double middle(Bin bin) {
        double middle = bin.getLow() / 2 + bin.getHigh() / 2;
        return Double.isNaN(middle) ? 0 : middle;
    }
}
