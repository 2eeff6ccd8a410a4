package io.foresell.cli.command;

import io.foresell.cli.terminal.Table;
import io.foresell.cli.terminal.Terminal;
import io.foresell.proto.registry.v1.GateStanding;
import io.foresell.proto.registry.v1.PlanRolloutResponse;
import io.foresell.proto.registry.v1.PlannedStage;
import io.foresell.proto.registry.v1.ReplicaStanding;
import io.foresell.proto.registry.v1.Rollout;
import io.foresell.proto.registry.v1.RolloutEvent;
import io.foresell.proto.registry.v1.RolloutFinding;
import io.foresell.proto.registry.v1.RolloutPhase;
import io.foresell.proto.registry.v1.RolloutStep;
import io.foresell.proto.registry.v1.VersionStanding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How plans and rollouts look on a terminal. */
final class RolloutText {
    private final Terminal terminal;

    RolloutText(Terminal terminal) {
        this.terminal = terminal;
    }

    void plan(PlanRolloutResponse review) {
        terminal.line("%s: version %d takes over from %s"
                .formatted(
                        review.getPlan().getModel(),
                        review.getPlan().getCandidate(),
                        review.getChampion() == 0 ? "none" : "version " + review.getChampion()));
        Table stages = new Table("stage", ">weight", ">rows", ">at least", ">at most", ">expected");
        for (PlannedStage stage : review.getStagesList()) {
            stages.row(
                    stage.getName(),
                    stage.getWeight() + " %",
                    stage.getRows() == 0 ? "-" : Shown.count(stage.getRows()),
                    span(stage.getAtLeastSeconds()),
                    stage.getAtMostSeconds() == 0 ? "proof" : span(stage.getAtMostSeconds()),
                    stage.hasExpectedSeconds() ? span(stage.getExpectedSeconds()) : "no traffic");
        }
        stages.print(terminal);
        for (RolloutFinding finding : review.getFindingsList()) {
            String line = "%s: %s".formatted(finding.getCheck(), finding.getSentence());
            terminal.line(finding.getIsBlocking() ? terminal.red("no   ") + line : terminal.yellow("note ") + line);
        }
        terminal.line(review.getIsFeasible() ? terminal.green("can begin") : terminal.red("cannot begin"));
    }

    void rollout(Rollout rollout) {
        terminal.line("%s  %s  version %d over %d%s"
                .formatted(
                        rollout.getId(),
                        bar(rollout),
                        rollout.getPlan().getCandidate(),
                        rollout.getChampion(),
                        rollout.getIsHeld() ? "  " + terminal.yellow("held") : ""));
        terminal.line(coloured(rollout) + ": " + rollout.getWhy());
        if (!rollout.getLookFailure().isEmpty()) {
            terminal.line(terminal.red("the last look failed: ") + rollout.getLookFailure());
        }
        gates(rollout.getGatesList());
        versions(rollout.getVersionsList());
        replicas(rollout.getReplicasList());
    }

    /** Returns the steps in one line, the present one in brackets: {@code shadow > [5%] > 50% > 100%}. */
    private String bar(Rollout rollout) {
        List<String> steps = new ArrayList<>();
        if (rollout.getPlan().hasShadow()) {
            steps.add(step("shadow", rollout.getPhase() == RolloutPhase.ROLLOUT_PHASE_SHADOW));
        }
        for (int i = 0; i < rollout.getPlan().getStepsCount(); i++) {
            RolloutStep step = rollout.getPlan().getSteps(i);
            boolean isHere = rollout.getPhase() == RolloutPhase.ROLLOUT_PHASE_STEP && rollout.getStep() == i;
            steps.add(step(step.getWeight() + "%", isHere));
        }
        steps.add(step(
                "100%",
                rollout.getPhase() == RolloutPhase.ROLLOUT_PHASE_PROMOTING
                        || rollout.getPhase() == RolloutPhase.ROLLOUT_PHASE_PROMOTED));
        return String.join(" > ", steps);
    }

    private static String step(String name, boolean isHere) {
        return isHere ? "[" + name + "]" : name;
    }

    static String phase(Rollout rollout) {
        return rollout.getPhase()
                .name()
                .substring("ROLLOUT_PHASE_".length())
                .toLowerCase(Locale.ROOT)
                .replace('_', ' ');
    }

    private String coloured(Rollout rollout) {
        return switch (rollout.getPhase()) {
            case ROLLOUT_PHASE_PROMOTED -> terminal.green(phase(rollout));
            case ROLLOUT_PHASE_ROLLED_BACK -> terminal.red(phase(rollout));
            default -> phase(rollout);
        };
    }

    private void gates(List<GateStanding> gates) {
        for (GateStanding gate : gates) {
            terminal.line("  %s  %-11s  %s".formatted(verdict(gate), gate.getGate(), gate.getSentence()));
        }
    }

    private String verdict(GateStanding gate) {
        return switch (gate.getVerdict()) {
            case GATE_VERDICT_PASS -> terminal.green("pass");
            case GATE_VERDICT_FAIL -> terminal.red("fail");
            case GATE_VERDICT_WAIT, GATE_VERDICT_UNSPECIFIED, UNRECOGNIZED -> terminal.yellow("wait");
        };
    }

    private void versions(List<VersionStanding> versions) {
        if (versions.isEmpty()) {
            return;
        }
        Table table =
                new Table("version", ">weight", ">rows", ">failed", ">p50", ">p95", ">subjects", ">outcomes", ">mean");
        for (VersionStanding version : versions) {
            table.row(
                    Integer.toString(version.getVersion()),
                    version.getIsShadow() ? "shadow" : version.getWeight() + " %",
                    Shown.count(version.getRowCount()),
                    Shown.count(version.getErrorCount()),
                    version.hasMedianMillis() ? millis(version.getMedianMillis()) : "-",
                    version.hasP95Millis() ? millis(version.getP95Millis()) : "-",
                    version.hasSubjectCount() ? Shown.count(version.getSubjectCount()) : "-",
                    Shown.count(version.getOutcomeCount()),
                    version.hasOutcomeMean() ? Shown.metric(version.getOutcomeMean()) : "-");
        }
        table.print(terminal);
    }

    private void replicas(List<ReplicaStanding> replicas) {
        if (replicas.isEmpty()) {
            return;
        }
        Table table = new Table("replica", ">release", "candidate", "remark");
        for (ReplicaStanding replica : replicas) {
            table.row(
                    replica.getAddress(),
                    Integer.toString(replica.getReleaseRevision()),
                    replica.getCandidateDigest().isEmpty() ? "-" : Shown.shortDigest(replica.getCandidateDigest()),
                    replica.getIsServing() ? terminal.green("serving") : replica.getRemark());
        }
        table.print(terminal);
    }

    void events(List<RolloutEvent> events) {
        Table table = new Table("rollout", "what", ">revision", "when", "who", "why");
        for (RolloutEvent event : events) {
            table.row(
                    event.getRolloutId(),
                    event.getAction(),
                    event.getReleaseRevision() == 0 ? "-" : Integer.toString(event.getReleaseRevision()),
                    Shown.time(event.getAtMillis()),
                    event.getActor(),
                    event.getReason());
        }
        table.print(terminal);
        events.stream()
                .filter(event -> event.getAction().equals("promoted"))
                .findFirst()
                .ifPresent(event -> {
                    terminal.line("proof of %s:".formatted(event.getRolloutId()));
                    replicas(event.getReplicasList());
                });
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, "%.2f ms", millis);
    }

    private static String span(double seconds) {
        if (seconds >= 172_800) {
            return String.format(Locale.ROOT, "%.1f d", seconds / 86_400);
        }
        if (seconds >= 7_200) {
            return String.format(Locale.ROOT, "%.1f h", seconds / 3_600);
        }
        return seconds >= 120
                ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
                : String.format(Locale.ROOT, "%.0f s", seconds);
    }
}
