package io.foresell.training.serve;

import io.foresell.model.Task;
import io.foresell.proto.training.v1.Candidate;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.evaluate.RankingPlan;
import io.foresell.training.fit.Algorithm;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a spec can be about before any row has been read: a metric of no such task is refused now, not after hours. */
final class SpecTasks {
    private SpecTasks() {}

    /** Returns the task that is named, else those that every candidate answers; all of them where candidates are at fault otherwise. */
    static Set<Task> of(TrainingSpec spec) {
        Set<Task> tasks = EnumSet.allOf(Task.class);
        switch (spec.getTask()) {
            case TASK_BINARY -> tasks = EnumSet.of(Task.BINARY);
            case TASK_MULTICLASS -> tasks = EnumSet.of(Task.MULTICLASS);
            case TASK_REGRESSION -> tasks = EnumSet.of(Task.REGRESSION);
            case TASK_CLUSTERS -> tasks = EnumSet.of(Task.CLUSTERS);
            case TASK_UNSPECIFIED, UNRECOGNIZED -> {
                for (Candidate candidate : spec.getCandidatesList()) {
                    Algorithm algorithm = AlgorithmProtos.toAlgorithm("", candidate, new SpecCheck());
                    if (algorithm != null) {
                        tasks.retainAll(algorithm.tasks());
                    }
                }
            }
        }
        return tasks.isEmpty() ? EnumSet.allOf(Task.class) : tasks;
    }

    /** Refuses a metric that models of these tasks do not have, or that is measured in lists which nobody declared. */
    static void require(String field, Metric metric, boolean ranks, TrainingSpec spec, SpecCheck check) {
        Set<Task> tasks = of(spec);
        if (tasks.stream().noneMatch(metric::suits)) {
            check.refuse(
                    field,
                    metric.key(),
                    "%s for task %s".formatted(ranks ? Metric.rankingKeys(tasks) : Metric.keys(tasks), names(tasks)));
        } else if (metric.ofLists() != null) {
            requireDeclared(field, metric, spec, check);
        }
    }

    private static void requireDeclared(String field, Metric metric, TrainingSpec spec, SpecCheck check) {
        if (!spec.getJudge().hasRankings()) {
            check.refuse(field, metric.key(), "judge.rankings too, which says what a list is");
            return;
        }
        // A fault of its own is refused where it is read.
        @Nullable RankingPlan plan = JudgeProtos.rankings(spec.getJudge().getRankings(), new SpecCheck());
        if (plan != null && !plan.metrics().contains(metric)) {
            check.refuse(
                    field,
                    metric.key(),
                    "%d among judge.rankings.cut_offs, which are %s".formatted(metric.cutOff(), plan.cutOffs()));
        }
    }

    /** Refuses groups to rank within where no candidate's answers have an order. */
    static void requireRankable(TrainingSpec spec, SpecCheck check) {
        Set<Task> tasks = of(spec);
        if (spec.getJudge().hasRankings() && !tasks.contains(Task.BINARY) && !tasks.contains(Task.REGRESSION)) {
            check.refuse("judge.rankings", "for task " + names(tasks), "task binary or regression");
        }
    }

    private static String names(Set<Task> tasks) {
        return tasks.stream().sorted().map(Task::key).collect(Collectors.joining(" or "));
    }
}
