package io.foresell.training.rollout;

import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.model.manifest.Manifest;
import io.foresell.training.registry.GateResult;
import io.foresell.training.registry.ModelRegistry;
import io.foresell.training.registry.ModelVersion;
import io.foresell.training.registry.OpenPackage;
import io.foresell.training.registry.Release;
import io.foresell.training.registry.Route;
import io.foresell.training.rollout.observe.Outcomes;
import io.foresell.training.rollout.observe.ReplicaReport;
import io.foresell.training.rollout.observe.Replicas;
import io.foresell.training.rollout.plan.RolloutPlan;
import io.foresell.training.rollout.plan.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks whether a plan can begin, without doing anything. */
final class Feasibility {
    private static final Set<String> LABELLED = Set.of("multiclass", "clusters", "ranking");

    private final ModelRegistry registry;
    private final RolloutStore store;
    private final Replicas replicas;
    private final Outcomes outcomes;

    Feasibility(ModelRegistry registry, RolloutStore store, Replicas replicas, Outcomes outcomes) {
        this.registry = registry;
        this.store = store;
        this.replicas = replicas;
        this.outcomes = outcomes;
    }

    PlanReview review(RolloutPlan plan, Instant now) {
        List<Finding> findings = new ArrayList<>();
        List<String> models =
                registry.models().stream().map(each -> each.name()).toList();
        if (!models.contains(plan.model())) {
            block(
                    findings,
                    "model",
                    "'%s' is not published; nearest: %s".formatted(plan.model(), Names.nearest(plan.model(), models)));
            return review(plan, null, null, findings, List.of());
        }
        List<ModelVersion> versions = registry.versions(plan.model());
        @Nullable ModelVersion candidate = version(versions, plan.candidate());
        if (candidate == null) {
            block(
                    findings,
                    "candidate",
                    "version %d does not exist (expected: 1..%d)"
                            .formatted(plan.candidate(), versions.get(0).version()));
        }
        Optional<Release> release = registry.releases().current(plan.model());
        if (release.isEmpty()) {
            block(
                    findings,
                    "release",
                    "nothing of %s is released: release a version, then roll out the next".formatted(plan.model()));
        } else {
            compare(plan, candidate, champion(release.get(), versions, findings), findings);
            lookAtLadder(plan, candidate, release.get(), versions, findings);
        }
        Rollout rollout = store.read(plan.model()).rollout();
        if (rollout != null && rollout.isUnderWay()) {
            block(findings, "rollout", "%s is under way: %s".formatted(rollout.id(), rollout.why()));
        }
        List<ReplicaReport> reports = reports(plan, release.orElse(null));
        lookAtReplicas(reports, release.orElse(null), findings);
        if (plan.limits().needOutcomes() && release.isPresent()) {
            lookAtOutcomes(plan, release.get(), now, findings);
        }
        return review(
                plan, candidate, release.orElse(null), findings, forecasts(plan, reports, release.orElse(null), now));
    }

    private static PlanReview review(
            RolloutPlan plan,
            @Nullable ModelVersion candidate,
            @Nullable Release release,
            List<Finding> findings,
            List<PlanReview.StageForecast> forecasts) {
        findings.sort(Comparator.comparing(finding -> !finding.isBlocking()));
        return new PlanReview(
                plan,
                release == null ? 0 : championOf(release),
                candidate == null ? "" : candidate.digest(),
                release == null ? 0 : release.revision(),
                findings,
                forecasts);
    }

    private static void block(List<Finding> findings, String check, String sentence) {
        findings.add(new Finding(true, check, sentence));
    }

    private static void remark(List<Finding> findings, String check, String sentence) {
        findings.add(new Finding(false, check, sentence));
    }

    private static @Nullable ModelVersion version(List<ModelVersion> versions, int number) {
        return versions.stream()
                .filter(each -> each.version() == number)
                .findFirst()
                .orElse(null);
    }

    private static int championOf(Release release) {
        return release.routes().stream()
                .max(Comparator.comparingInt(Route::weight))
                .map(Route::version)
                .orElse(0);
    }

    private static @Nullable ModelVersion champion(
            Release release, List<ModelVersion> versions, List<Finding> findings) {
        int champion = championOf(release);
        boolean isAlone =
                release.routes().stream().anyMatch(route -> route.version() == champion && route.weight() == 100);
        if (!isAlone) {
            block(
                    findings,
                    "release",
                    "release %d divides the subjects: %s (expected: one version has all)"
                            .formatted(
                                    release.revision(),
                                    release.routes().stream()
                                            .map(route -> "%d:%d%%".formatted(route.version(), route.weight()))
                                            .collect(Collectors.joining(" "))));
        }
        return version(versions, champion);
    }

    /** The ladder stays as it is over all stages, so that it must fit the last one, too. */
    private void lookAtLadder(
            RolloutPlan plan,
            @Nullable ModelVersion candidate,
            Release release,
            List<ModelVersion> versions,
            List<Finding> findings) {
        ModelVersion fallback = version(versions, release.unit().fallback());
        if (candidate == null || fallback == null) {
            return;
        }
        if (fallback.version() == plan.candidate()) {
            block(
                    findings,
                    "ladder",
                    "version %d is the fallback of release %d and cannot stand in for itself (expected: another candidate, or a release with another fallback first)"
                            .formatted(fallback.version(), release.revision()));
            return;
        }
        try {
            registry.releases().requireFallback(fallback, candidate);
        } catch (ServiceException e) {
            block(findings, "ladder", e.failure().message());
        }
    }

    private void compare(
            RolloutPlan plan,
            @Nullable ModelVersion candidate,
            @Nullable ModelVersion champion,
            List<Finding> findings) {
        if (candidate == null || champion == null) {
            return;
        }
        if (candidate.version() == champion.version()) {
            block(findings, "candidate", "version %d serves already".formatted(candidate.version()));
        }
        if (!candidate.isEligible()) {
            block(
                    findings,
                    "candidate",
                    "gates of its training failed: "
                            + candidate.gates().stream()
                                    .filter(gate -> !gate.isHeld())
                                    .map(GateResult::sentence)
                                    .collect(Collectors.joining("; ")));
        }
        Manifest ours = candidate.manifest();
        Manifest theirs = champion.manifest();
        same("task", ours.getTask(), theirs.getTask(), findings);
        if (LABELLED.contains(ours.getTask()) && ours.getTask().equals(theirs.getTask())) {
            compareLabels(candidate, champion, findings);
        }
        same("entity", ours.getEntity(), theirs.getEntity(), findings);
        same("feature_set", ours.getFeatureSet(), theirs.getFeatureSet(), findings);
        same("feature_set_hash", ours.getFeatureSetHash(), theirs.getFeatureSetHash(), findings);
        if (!ours.getLabelView().isEmpty() && !theirs.getLabelView().isEmpty()) { // models trained elsewhere have none
            same("label_view", ours.getLabelView(), theirs.getLabelView(), findings);
        }
        if (plan.limits().calibration() != null && !ours.getTask().equals("binary")) {
            block(findings, "gates.calibration", "the task is %s (expected: binary)".formatted(ours.getTask()));
        }
        if (!candidate.engine().equals(champion.engine())) {
            remark(
                    findings,
                    "engine",
                    "candidate runs by %s, champion by %s"
                            .formatted(shown(candidate.engine()), shown(champion.engine())));
        }
    }

    /** The registry keeps manifests without labels, of which there may be very many: the packages say. */
    private void compareLabels(ModelVersion candidate, ModelVersion champion, List<Finding> findings) {
        try {
            Set<String> ours = labels(candidate);
            Set<String> theirs = labels(champion);
            if (!ours.equals(theirs)) {
                Set<String> added = new TreeSet<>(ours);
                added.removeAll(theirs);
                Set<String> gone = new TreeSet<>(theirs);
                gone.removeAll(ours);
                block(
                        findings,
                        "labels",
                        "candidate adds %s and lacks %s (expected: the champion's labels)"
                                .formatted(some(added), some(gone)));
            }
        } catch (ServiceException e) {
            block(findings, "labels", e.failure().message());
        }
    }

    private Set<String> labels(ModelVersion version) {
        try (OpenPackage open = registry.openVersion(version.model(), version.version())) {
            return new TreeSet<>(open.modelPackage().answer().labels());
        }
    }

    private static String some(Set<String> labels) {
        return labels.isEmpty()
                ? "none"
                : labels.stream().limit(5).collect(Collectors.joining(", ")) + (labels.size() > 5 ? ", ..." : "");
    }

    private static void same(String check, Object candidate, Object champion, List<Finding> findings) {
        if (!candidate.equals(champion)) {
            block(
                    findings,
                    check,
                    "candidate has %s, champion %s (expected: the same)"
                            .formatted(shown(candidate.toString()), shown(champion.toString())));
        }
    }

    private static String shown(String text) {
        return text.isEmpty() ? "none" : text;
    }

    private List<ReplicaReport> reports(RolloutPlan plan, @Nullable Release release) {
        return release == null
                ? List.of()
                : replicas.ask(plan.model(), championOf(release), plan.candidate(), release.revision());
    }

    private static void lookAtReplicas(List<ReplicaReport> reports, @Nullable Release release, List<Finding> findings) {
        for (ReplicaReport report : reports) {
            if (!report.isReached()) {
                remark(
                        findings,
                        "replicas",
                        "%s not reached, no step is taken until it is: %s"
                                .formatted(report.address(), report.failure()));
            } else if (release != null && report.releaseRevision() != release.revision()) {
                remark(
                        findings,
                        "replicas",
                        "%s serves release %d (expected: %d)"
                                .formatted(report.address(), report.releaseRevision(), release.revision()));
            }
        }
    }

    private void lookAtOutcomes(RolloutPlan plan, Release release, Instant now, List<Finding> findings) {
        var limit = plan.limits().outcome();
        Outcomes.Answer answer = outcomes.since(
                plan.model(),
                championOf(release),
                plan.candidate(),
                limit == null ? "" : limit.name(),
                now.minus(Duration.ofDays(7)));
        if (!answer.failure().isEmpty()) {
            remark(findings, "outcomes", answer.failure());
        } else if (answer.champion().count() == 0) {
            remark(findings, "outcomes", "none of the champion was reported in the last 7 days: the gates would wait");
        }
    }

    private static List<PlanReview.StageForecast> forecasts(
            RolloutPlan plan, List<ReplicaReport> reports, @Nullable Release release, Instant now) {
        double rows = reports.stream()
                .flatMap(report -> report.window().stream())
                .mapToLong(window -> window.champion().rowCount())
                .sum();
        double seconds = release == null
                ? 0
                : Math.max(1, Duration.between(release.createdAt(), now).toSeconds());
        double rowsPerSecond = rows / seconds;
        List<PlanReview.StageForecast> forecasts = new ArrayList<>();
        for (Stage stage : plan.stages()) {
            double share =
                    stage.kind() == Stage.Kind.STEP ? stage.weight() / 100.0 * (100 - plan.holdOut()) / 100.0 : 1;
            double expected = stage.rows() == 0
                    ? 0
                    : rowsPerSecond > 0
                            ? Math.max((double) stage.atLeast().toSeconds(), stage.rows() / (rowsPerSecond * share))
                            : Double.NaN;
            forecasts.add(new PlanReview.StageForecast(stage.title(), expected));
        }
        return forecasts;
    }
}
