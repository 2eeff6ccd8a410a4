package io.foresell.training.rollout.gate;

import io.foresell.training.rollout.observe.ReplicaReport;
import io.foresell.training.rollout.plan.Stage;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Passes when every replica proves that it serves the candidate's very package under the release of the stage, fails when one could not load
 * it or serves other bytes, and waits for all that are not heard from.
 *
 * @param revision the release of the stage
 * @param digest of the candidate's package, as the registry knows it
 */
public record ReplicaGate(Stage stage, int revision, int candidate, String digest) {
    private static final String NAME = "replicas";

    /** Returns how each replica stands. */
    public List<ReplicaStanding> standings(List<ReplicaReport> reports) {
        return reports.stream().map(this::standing).toList();
    }

    private ReplicaStanding standing(ReplicaReport report) {
        ReplicaReport.Served served = report.served().get(candidate);
        String remark = remark(report, served);
        return new ReplicaStanding(
                report.address(),
                report.instance(),
                report.isReached(),
                report.releaseRevision(),
                served == null ? "" : served.digest(),
                remark.isEmpty(),
                remark);
    }

    private String remark(ReplicaReport report, ReplicaReport.@Nullable Served served) {
        if (!report.isReached()) {
            return "not reached: " + report.failure();
        }
        if (!report.isRegistryConnected()) {
            return "does not hear the registry";
        }
        if (report.releaseRevision() != revision) {
            String failure = report.pendingFailures().getOrDefault(candidate, "");
            return failure.isEmpty()
                    ? "serves release %d (expected: %d)".formatted(report.releaseRevision(), revision)
                    : "could not load version %d: %s".formatted(candidate, failure);
        }
        if (served == null || !served.digest().equals(digest)) {
            return "serves version %d as %s (expected: %s)"
                    .formatted(candidate, served == null ? "nothing" : shortened(served.digest()), shortened(digest));
        }
        boolean isInPlace =
                stage.kind() == Stage.Kind.SHADOW ? served.shadowPercent() > 0 : served.weight() == stage.weight();
        return isInPlace ? "" : "serves version %d with weight %d".formatted(candidate, served.weight());
    }

    /** Judges what was heard. */
    public GateStanding judge(List<ReplicaReport> reports) {
        List<ReplicaStanding> standings = standings(reports);
        long serving = standings.stream().filter(ReplicaStanding::isServing).count();
        List<ReplicaReport> refusing = reports.stream().filter(this::isRefusing).toList();
        Map<String, Double> numbers = Map.of("serving", (double) serving, "replicas", (double) reports.size());
        if (!refusing.isEmpty()) {
            return new GateStanding(NAME, Verdict.FAIL, words(standings(refusing)), numbers);
        }
        if (serving < reports.size() || reports.isEmpty()) {
            List<ReplicaStanding> others =
                    standings.stream().filter(each -> !each.isServing()).toList();
            return new GateStanding(
                    NAME,
                    Verdict.WAIT,
                    "%d of %d serve release %d; %s".formatted(serving, reports.size(), revision, words(others)),
                    numbers);
        }
        return new GateStanding(
                NAME,
                Verdict.PASS,
                "all %d serve %s under release %d".formatted(reports.size(), shortened(digest), revision),
                numbers);
    }

    private boolean isRefusing(ReplicaReport report) {
        boolean hasFailed =
                report.releaseRevision() < revision && report.pendingFailures().containsKey(candidate);
        ReplicaReport.Served served = report.served().get(candidate);
        return hasFailed || (served != null && !served.digest().equals(digest));
    }

    private static String words(List<ReplicaStanding> standings) {
        return standings.isEmpty()
                ? "no replica is known"
                : standings.stream()
                        .limit(5)
                        .map(each -> each.address() + " " + each.remark())
                        .collect(Collectors.joining("; "));
    }

    private static String shortened(String digest) {
        return digest.length() <= 12 ? digest : digest.substring(0, 12);
    }
}
