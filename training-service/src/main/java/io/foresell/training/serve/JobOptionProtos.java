package io.foresell.training.serve;

import io.foresell.model.Task;
import io.foresell.proto.training.v1.ChampionGate;
import io.foresell.proto.training.v1.ChampionRule;
import io.foresell.proto.training.v1.DriftTrigger;
import io.foresell.proto.training.v1.Gates;
import io.foresell.proto.training.v1.JobResources;
import io.foresell.proto.training.v1.MetricGate;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.training.evaluate.Comparisons;
import io.foresell.training.evaluate.Evaluation;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.gate.ChampionGate.Rule;
import io.foresell.training.gate.Gate;
import io.foresell.training.gate.LatencyGate;
import io.foresell.training.gate.NoLeaksGate;
import io.foresell.training.job.JobOptions;
import io.foresell.training.job.JobsConfig;
import io.foresell.training.run.DriftLimit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a spec says about its job: gates, place in the queue, resources, drift. */
final class JobOptionProtos {
    private static final List<String> SLICED = List.of(Metric.ROC_AUC.key(), Metric.ACCURACY.key(), Metric.MAE.key());
    private static final int MAX_PRIORITY = 100;
    private static final int MAX_THREADS = 1024;
    private static final int MAX_MEMORY_MIB = 4 << 20;
    private static final int MAX_METRIC_GATES = 20;
    private static final double MAX_MICROS = 60e6;
    private static final double MAX_SECONDS = 30 * 86_400;
    private static final double TINY = 1e-9; // stands for "above 0"

    private JobOptionProtos() {}

    /**
     * Returns what a spec says about its job.
     *
     * @throws io.foresell.kit.ServiceException INVALID_ARGUMENT with a violation for every field at fault
     */
    static JobOptions toOptions(TrainingSpec message) {
        SpecCheck check = new SpecCheck();
        if (Math.abs(message.getPriority()) > MAX_PRIORITY) {
            check.refuse("priority", message.getPriority(), "-%d..%d".formatted(MAX_PRIORITY, MAX_PRIORITY));
        }
        JobResources resources = message.getResources();
        int threads = check.count("resources.threads", resources.getThreads(), 0, 1, MAX_THREADS);
        int memoryMib = check.count(
                "resources.memory_mib", resources.getMemoryMib(), 0, JobsConfig.MIN_MEMORY_MIB, MAX_MEMORY_MIB);
        double maxSeconds = check.number(
                "resources.max_seconds", resources.getMaxSeconds() != 0, resources.getMaxSeconds(), 0, 1, MAX_SECONDS);
        io.foresell.training.gate.Gates gates = gates(message.getGates(), message, check);
        DriftLimit drift = drift(message.getRetrain().getDrift(), check);
        check.done();
        return new JobOptions(gates, message.getPriority(), threads, memoryMib, maxSeconds, drift);
    }

    /** Returns the limit that a schedule has completed with its reference; null when there is none to check. */
    private static @Nullable DriftLimit drift(DriftTrigger message, SpecCheck check) {
        double maxPsi =
                check.number("retrain.drift.max_psi", message.getMaxPsi() != 0, message.getMaxPsi(), 0.2, TINY, 1e6);
        double maxChange = check.number(
                "retrain.drift.max_base_rate_change",
                message.getMaxBaseRateChange() != 0,
                message.getMaxBaseRateChange(),
                0.05,
                TINY,
                1e6);
        long until = check.time("retrain.drift.reference_until_time", message.getReferenceUntilTime());
        return until == 0 ? null : new DriftLimit(maxPsi, maxChange, until);
    }

    private static io.foresell.training.gate.Gates gates(Gates message, TrainingSpec spec, SpecCheck check) {
        List<Gate> gates = new ArrayList<>();
        if (message.hasChampion()) {
            gates.add(champion(message.getChampion(), spec, check));
        }
        if (message.getMetricsCount() > MAX_METRIC_GATES) {
            check.refuse("gates.metrics", message.getMetricsCount() + " limits", "0.." + MAX_METRIC_GATES);
        }
        for (int i = 0; i < message.getMetricsCount(); i++) {
            add(gates, metric("gates.metrics[%d]".formatted(i), "", message.getMetrics(i), spec, check));
        }
        if (message.hasMaxCalibrationError()) {
            double limit = check.number("gates.max_calibration_error", true, message.getMaxCalibrationError(), 1, 0, 1);
            SpecTasks.require("gates.max_calibration_error", Metric.EXPECTED_CALIBRATION_ERROR, false, spec, check);
            gates.add(new io.foresell.training.gate.MetricGate("", Metric.EXPECTED_CALIBRATION_ERROR, limit));
        }
        if (message.getNoLeaks()) {
            gates.add(new NoLeaksGate());
        }
        if (message.hasWorstSlice()) {
            String prefix = Evaluation.WORST_SLICE;
            String key = message.getWorstSlice().getMetric();
            Gate gate = metric("gates.worst_slice", prefix, message.getWorstSlice(), spec, check);
            if (gate != null && !SLICED.contains(key)) {
                check.refuse(
                        "gates.worst_slice.metric", key, "what slices are judged by: " + String.join(", ", SLICED));
            }
            add(gates, gate);
        }
        if (message.getMaxP99Micros() != 0) {
            gates.add(new LatencyGate(
                    check.number("gates.max_p99_micros", true, message.getMaxP99Micros(), 1, TINY, MAX_MICROS)));
        }
        return new io.foresell.training.gate.Gates(gates);
    }

    private static void add(List<Gate> gates, @Nullable Gate gate) {
        if (gate != null) {
            gates.add(gate);
        }
    }

    private static Gate champion(ChampionGate message, TrainingSpec spec, SpecCheck check) {
        @Nullable
        Metric metric = message.getMetric().isEmpty()
                ? null
                : metric("gates.champion.metric", message.getMetric(), spec, check);
        requirePaired(
                message.getMetric().isEmpty() ? spec.getMetric() : message.getMetric(), SpecTasks.of(spec), check);
        boolean isNonInferiority = message.getRule() == ChampionRule.CHAMPION_RULE_NON_INFERIORITY;
        if (message.getRule() == ChampionRule.UNRECOGNIZED) {
            check.refuse("gates.champion.rule", message.getRuleValue(), "SUPERIORITY or NON_INFERIORITY");
        }
        double margin = check.number("gates.champion.margin", true, message.getMargin(), 0, 0, 1e9);
        if (isNonInferiority && margin == 0) {
            check.refuse(
                    "gates.champion.margin",
                    0,
                    "above 0 with rule NON_INFERIORITY: how much worse is good enough, in the unit of the metric");
        }
        return new io.foresell.training.gate.ChampionGate(
                message.getVersion(),
                metric,
                isNonInferiority ? Rule.NON_INFERIORITY : Rule.SUPERIORITY,
                margin,
                check.number("gates.champion.standard_errors", true, message.getStandardErrors(), 0, 0, 100));
    }

    /** Refuses what no paired test compares, as far as can be said before labels are read; no key is the usual metric of the task. */
    private static void requirePaired(String key, Set<Task> tasks, SpecCheck check) {
        List<Metric> paired = tasks.stream()
                .sorted()
                .flatMap(task -> Comparisons.metrics(task).stream())
                .distinct()
                .toList();
        if (paired.isEmpty()) {
            check.refuse(
                    "gates.champion",
                    "task clusters",
                    "task binary, multiclass or regression: clusters have no labels to compare by");
        } else if (Metric.find(key)
                .filter(metric -> metric.ofLists() == null && !paired.contains(metric))
                .isPresent()) {
            check.refuse(
                    "gates.champion.metric",
                    key,
                    "one with a paired test: "
                            + paired.stream().map(Metric::key).collect(Collectors.joining(", ")));
        }
    }

    private static @Nullable Gate metric(
            String field, String prefix, MetricGate message, TrainingSpec spec, SpecCheck check) {
        Metric metric = metric(field + ".metric", message.getMetric(), spec, check);
        double limit = check.number(field + ".limit", true, message.getLimit(), 0, -1e12, 1e12);
        return metric == null ? null : new io.foresell.training.gate.MetricGate(prefix, metric, limit);
    }

    private static @Nullable Metric metric(String field, String key, TrainingSpec spec, SpecCheck check) {
        Optional<Metric> metric = Metric.find(key);
        if (metric.isPresent()) {
            SpecTasks.require(field, metric.get(), false, spec, check);
        } else {
            check.refuse(field, key, Metric.keys(EnumSet.allOf(Task.class)));
        }
        return metric.orElse(null);
    }
}
