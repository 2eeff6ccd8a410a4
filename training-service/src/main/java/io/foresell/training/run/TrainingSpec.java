package io.foresell.training.run;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Task;
import io.foresell.training.choose.ChoosePlan;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.TrainingSetQuery;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.prepare.Preparation;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to train. Immutable; a spec that exists is sound.
 *
 * @param candidates 1 to 20 with unique names; none when they are chosen
 * @param preparation how raw features become encoded columns
 * @param metric ranks the candidates; null for the usual one of the task
 * @param seed seeds everything random
 * @param description says for people what the model is for
 * @param meaning what a higher score means, as a noun phrase by language code; may be empty
 * @param judge how candidates are judged beyond the metric
 * @param refusal when models of classes refuse to answer; null for never
 * @param choose how candidates are found; null when they are given
 */
public record TrainingSpec(
        String model,
        TrainingSetQuery query,
        List<CandidateSpec> candidates,
        Preparation preparation,
        SplitPlan split,
        @Nullable Metric metric,
        long seed,
        PublishRule publish,
        String description,
        Map<String, String> meaning,
        JudgePlan judge,
        @Nullable RefusalPlan refusal,
        @Nullable ChoosePlan choose) {
    /** Greatest number of candidates. */
    public static final int MAX_CANDIDATES = 20;

    public TrainingSpec {
        candidates = List.copyOf(candidates);
        meaning = Map.copyOf(meaning);
        if (choose != null && !candidates.isEmpty()) {
            throw new ServiceException(Failure.invalid(
                    "CANDIDATES_INVALID", "candidates", candidates.size(), "none with choose: it finds them"));
        }
        if (choose == null && (candidates.isEmpty() || candidates.size() > MAX_CANDIDATES)) {
            throw new ServiceException(
                    Failure.invalid("CANDIDATES_INVALID", "candidates", candidates.size(), "1.." + MAX_CANDIDATES));
        }
        Set<String> names = new HashSet<>();
        for (CandidateSpec candidate : candidates) {
            if (!names.add(candidate.name())) {
                throw new ServiceException(
                        Failure.invalid("CANDIDATES_INVALID", "candidates.name", candidate.name(), "unique names"));
            }
        }
    }

    /** Names the candidates, which never refuse. */
    public TrainingSpec(
            String model,
            TrainingSetQuery query,
            List<CandidateSpec> candidates,
            Preparation preparation,
            SplitPlan split,
            @Nullable Metric metric,
            long seed,
            PublishRule publish,
            String description,
            Map<String, String> meaning,
            JudgePlan judge) {
        this(
                model,
                query,
                candidates,
                preparation,
                split,
                metric,
                seed,
                publish,
                description,
                meaning,
                judge,
                null,
                null);
    }

    /** Says nothing about judging. */
    public TrainingSpec(
            String model,
            TrainingSetQuery query,
            List<CandidateSpec> candidates,
            Preparation preparation,
            SplitPlan split,
            @Nullable Metric metric,
            long seed,
            PublishRule publish,
            String description,
            Map<String, String> meaning) {
        this(
                model,
                query,
                candidates,
                preparation,
                split,
                metric,
                seed,
                publish,
                description,
                meaning,
                JudgePlan.DEFAULT);
    }

    /** Returns this spec with candidates in place of a choice. */
    TrainingSpec with(List<CandidateSpec> proposed, Preparation newPreparation) {
        return new TrainingSpec(
                model,
                query,
                proposed,
                newPreparation,
                split,
                metric,
                seed,
                publish,
                description,
                meaning,
                judge,
                refusal,
                null);
    }

    /** Returns how raw features become encoded columns for a candidate. */
    public Preparation preparationOf(CandidateSpec candidate) {
        Preparation own = candidate.preparation();
        return own == null ? preparation : own;
    }

    /**
     * Returns what ranks the candidates.
     *
     * @throws ServiceException INVALID_ARGUMENT when models of this task do not have the metric
     */
    public Metric metricOf(Task task) {
        if (metric == null) {
            return Metric.usual(task);
        }
        if (!metric.suits(task)) {
            throw new ServiceException(Failure.invalid(
                    "METRIC_UNKNOWN",
                    "metric",
                    metric.key(),
                    "%s for task %s".formatted(Metric.rankingKeys(Set.of(task)), task.key())));
        }
        return metric;
    }
}
