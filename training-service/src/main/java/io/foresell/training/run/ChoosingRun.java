package io.foresell.training.run;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.training.calibrate.CalibrationPlan;
import io.foresell.training.choose.ChoosePlan;
import io.foresell.training.choose.Families;
import io.foresell.training.choose.Proposal;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.search.SearchPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tries proposed families while a budget lasts: first each with its defaults, none of them with more than half of the time left, then
 * those whose parameters can be searched in an equal share of the rest. Used by the thread of the run only.
 */
final class ChoosingRun {
    /** Added to the name of a family whose parameters were searched. */
    static final String TUNED = "_tuned";

    private static final double MOST_SHARE = 0.5;
    private static final int INNER_FOLDS = 3;
    private static final int TRIALS_PER_DIMENSION = 10;
    /** The defaults and two rounds of others, each about as long as two folds: three fits on two thirds of the rows. */
    private static final double LEAST_SEARCH_FOLDS = 6;
    /** What a search may overrun its time by is kept back. */
    private static final double SEARCH_SHARE = 0.8;

    /** Makes what judges one candidate within a limit. */
    @FunctionalInterface
    interface Judges {
        CandidateJudge within(TimeLimit limit);
    }

    private final Families families;
    private final ChoosePlan plan;
    private final TrainingSpec spec;
    private final Metric metric;
    private final String rows;
    private final Judges judges;
    private final ProgressListener listener;
    private final BooleanSupplier isCancelled;
    private final LongSupplier nanoTime;
    private final long startNanos;

    private final List<JudgedCandidate> judged = new ArrayList<>();
    private final Map<String, Double> secondsPerFold = new HashMap<>();
    private final List<String> remarks;
    private @Nullable ServiceException firstFailure;

    /**
     * Starts the time.
     *
     * @param spec with the proposals as its candidates
     * @param rows how many rows there are, for messages
     */
    ChoosingRun(
            Families families,
            ChoosePlan plan,
            TrainingSpec spec,
            Metric metric,
            String rows,
            Judges judges,
            ProgressListener listener,
            BooleanSupplier isCancelled,
            LongSupplier nanoTime) {
        this.families = families;
        this.plan = plan;
        this.spec = spec;
        this.metric = metric;
        this.rows = rows;
        this.judges = judges;
        this.listener = listener;
        this.isCancelled = isCancelled;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
        this.remarks = new ArrayList<>(families.remarks());
    }

    /**
     * What was found.
     *
     * @param ranked best first
     * @param sentences what explains the ranking
     */
    record Choice(List<JudgedCandidate> ranked, List<String> sentences) {}

    /** Returns the candidates to propose, each with its defaults. */
    static List<CandidateSpec> candidates(Families families) {
        return families.proposals().stream()
                .map(proposal -> candidate(proposal, proposal.name(), null))
                .toList();
    }

    private static CandidateSpec candidate(Proposal proposal, String name, @Nullable SearchPlan search) {
        return new CandidateSpec(
                name, proposal.algorithm(), ClassWeights.EQUAL, CalibrationPlan.NONE, proposal.preparation(), search);
    }

    /**
     * Returns the candidate that a choice has named so, to be fitted once more beside others; empty when another family has the name. A
     * search takes at most what half of the time allows for each: the other half is for defaults.
     */
    static Optional<CandidateSpec> repeated(Proposal proposal, String name, SplitPlan split, ChoosePlan plan) {
        if (name.equals(proposal.name())) {
            return Optional.of(candidate(proposal, name, null));
        }
        if (!name.equals(proposal.name() + TUNED)) {
            return Optional.empty();
        }
        double seconds = (1 - MOST_SHARE) * SEARCH_SHARE * plan.seconds() / split.fitCount();
        return Optional.of(candidate(proposal, name, search(proposal, seconds)));
    }

    private static SearchPlan search(Proposal proposal, double seconds) {
        return new SearchPlan(
                SearchPlan.Method.TPE,
                TRIALS_PER_DIMENSION * proposal.dimensions().size(),
                seconds,
                INNER_FOLDS,
                proposal.dimensions(),
                proposal.configuration());
    }

    Choice run() {
        for (int i = 0; i < families.proposals().size(); i++) {
            tryDefaults(families.proposals().get(i), i == families.proposals().size() - 1);
        }
        if (judged.stream().allMatch(JudgedCandidate::isBaseline)) {
            throw firstFailure != null ? firstFailure : tooSmall("", 0);
        }
        if (!plan.isDefaultsOnly()) {
            search();
        }
        judged.sort(bestFirst());
        List<JudgedCandidate> ranked = JudgedCandidate.comparedToFirst(metric, judged);
        double seconds = (nanoTime.getAsLong() - startNanos) / 1e9;
        return new Choice(ranked, new ChoiceText(metric, ranked).sentences(remarks, seconds, plan.seconds()));
    }

    private Comparator<JudgedCandidate> bestFirst() {
        return (one, other) -> {
            double first = one.evaluation().metric(metric);
            double second = other.evaluation().metric(metric);
            return metric.isBetter(first, second) ? -1 : metric.isBetter(second, first) ? 1 : 0;
        };
    }

    private double left() {
        return plan.seconds() - (nanoTime.getAsLong() - startNanos) / 1e9;
    }

    /** Returns the time left before the best one must be fitted on all rows and packed. */
    private double free() {
        double longest =
                secondsPerFold.values().stream().mapToDouble(each -> each).max().orElse(0);
        return left() - (spec.publish() == PublishRule.NONE ? 0 : longest);
    }

    private void tryDefaults(Proposal proposal, boolean isLast) {
        double free = proposal.isPlain() ? left() : free();
        if (free <= 0 && !proposal.isPlain()) {
            remarks.add(
                    "%s was left out: the budget of %s was over.".formatted(proposal.name(), shown(plan.seconds())));
            return;
        }
        double allowed = proposal.isPlain() ? Double.POSITIVE_INFINITY : isLast ? free : MOST_SHARE * free;
        TimeLimit limit = new TimeLimit(nanoTime, isCancelled, free, allowed);
        if (attempt(candidate(proposal, proposal.name(), null), limit)) {
            secondsPerFold.put(proposal.name(), limit.seconds() / spec.split().fitCount());
        } else if (limit.getAsBoolean() || limit.expectedSeconds() > allowed) {
            if (proposal.isPlain()) {
                throw tooSmall(proposal.name(), limit.expectedSeconds());
            }
            remarks.add(
                    limit.expectedSeconds() > 0
                            ? "%s was left out: its defaults would take about %s, and %s were allowed for them."
                                    .formatted(
                                            proposal.name(),
                                            shown(limit.expectedSeconds()),
                                            shown(Math.min(allowed, free)))
                            : "%s was left out: its defaults were not judged in the %s that were left."
                                    .formatted(proposal.name(), shown(free)));
        }
    }

    /** Returns whether the candidate was judged; false when it failed, or ran out of time. */
    private boolean attempt(CandidateSpec candidate, TimeLimit limit) {
        try {
            JudgedCandidate one = judges.within(limit).judge(candidate);
            judged.add(one);
            listener.judged(one.outcome(Optional.empty(), false));
            return true;
        } catch (CancellationException e) {
            if (isCancelled.getAsBoolean()) {
                throw e;
            }
            return false;
        } catch (ServiceException e) {
            firstFailure = firstFailure == null ? e : firstFailure;
            remarks.add("%s was left out: %s."
                    .formatted(candidate.name(), e.failure().message()));
            return false;
        }
    }

    private ServiceException tooSmall(String name, double expectedSeconds) {
        double spent = plan.seconds() - left();
        String needed = expectedSeconds > 0
                ? "about %s or more".formatted(shown(1.5 * (spent + expectedSeconds)))
                : "more: not one of %d folds of %s was judged"
                        .formatted(spec.split().fitCount(), name.isEmpty() ? "a family" : name);
        return new ServiceException(Failure.precondition(
                "BUDGET_TOO_SMALL",
                "budget.seconds: %s for %s (expected: %s; the plain baseline and a linear model are the least to compare)"
                        .formatted(shown(plan.seconds()), rows, needed)));
    }

    private static String shown(double seconds) {
        return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
    }

    /** Gives an equal share of the time to every family that can use it. */
    private void search() {
        List<Proposal> wanted = affordable();
        wanted.sort(Comparator.comparingDouble(proposal -> least(proposal)));
        for (int i = 0; i < wanted.size(); i++) {
            Proposal proposal = wanted.get(i);
            double share = free() / (wanted.size() - i);
            double perFold = secondsPerFold.getOrDefault(proposal.name(), 0.0);
            double seconds = SEARCH_SHARE * share / searchCount() - perFold;
            if (seconds <= 0) {
                remarks.add(notSearched(proposal, share));
                continue;
            }
            TimeLimit limit = new TimeLimit(nanoTime, isCancelled, free(), free());
            CandidateSpec tuned = candidate(proposal, proposal.name() + TUNED, search(proposal, seconds));
            boolean isJudged = attempt(tuned, limit);
            if (!isJudged && limit.getAsBoolean()) {
                remarks.add("The search of the parameters of %s was given up: the budget was over."
                        .formatted(proposal.name()));
            }
        }
    }

    /** Drops families, the worst first, until an equal share of the time is enough for each that is left. */
    private List<Proposal> affordable() {
        List<Proposal> wanted = new ArrayList<>();
        judged.stream().sorted(bestFirst()).forEach(one -> families.proposals().stream()
                .filter(proposal -> proposal.name().equals(one.candidate().name()))
                .filter(proposal -> !proposal.dimensions().isEmpty())
                .forEach(wanted::add));
        while (!wanted.isEmpty()) {
            double share = free() / wanted.size();
            int last = wanted.size() - 1;
            while (last >= 0 && least(wanted.get(last)) <= share) {
                last--;
            }
            if (last < 0) {
                break;
            }
            remarks.add(notSearched(wanted.remove(last), share));
        }
        return wanted;
    }

    private String notSearched(Proposal proposal, double share) {
        return "The parameters of %s were not searched: that takes %s or more, and %s were left for it."
                .formatted(proposal.name(), shown(least(proposal)), shown(Math.max(0, share)));
    }

    /** Returns how many searches a family needs: one in every fold, and one on all rows for the package. */
    private int searchCount() {
        boolean isRefitted = spec.split().isRefitted() && spec.publish() != PublishRule.NONE;
        return spec.split().fitCount() + (isRefitted ? 1 : 0);
    }

    private double least(Proposal proposal) {
        double perFold = secondsPerFold.getOrDefault(proposal.name(), 0.0);
        return searchCount() * (LEAST_SEARCH_FOLDS + 1) * perFold;
    }
}
