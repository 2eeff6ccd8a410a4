package io.foresell.training.serve;

import io.foresell.model.Task;
import io.foresell.proto.training.v1.Candidate;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.Algorithm;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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

    /** Refuses a metric that models of these tasks do not have. */
    static void require(String field, Metric metric, boolean ranks, Set<Task> tasks, SpecCheck check) {
        if (tasks.stream().anyMatch(metric::suits)) {
            return;
        }
        Predicate<Metric> suits = each -> tasks.stream().anyMatch(each::suits);
        List<String> keys =
                Arrays.stream(Metric.values()).filter(suits).map(Metric::key).toList();
        check.refuse(
                field,
                metric.key(),
                "%s for task %s"
                        .formatted(
                                ranks ? Metric.rankingKeys(tasks) : String.join(", ", keys),
                                tasks.stream().sorted().map(Task::key).collect(Collectors.joining(" or "))));
    }
}
