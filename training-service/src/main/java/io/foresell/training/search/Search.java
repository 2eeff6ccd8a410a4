package io.foresell.training.search;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.FitRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Searches the parameters of one algorithm on one training fold. Trials are judged on inner folds of that fold; as many run at
 * once as there are threads, each on one. A round is proposed from all trials before it, so the same request and thread
 * count try the same configurations, unless time runs out. The default configuration is tried first
 * and stays unless another is better by more than the standard error of their differences over the inner folds.
 */
public final class Search {
    private static final double HALVING_FACTOR = 3;
    private static final double LEAST_SHARE = 1.0 / 9;

    private final SearchPlan plan;
    private final Metric metric;
    private final int threadCount;
    private final SearchListener listener;

    /** Ranks trials by this metric. */
    public Search(SearchPlan plan, Metric metric, int threadCount, SearchListener listener) {
        this.plan = plan;
        this.metric = metric;
        this.threadCount = threadCount;
        this.listener = listener;
    }

    /**
     * What a search found.
     *
     * @param algorithm the best configuration
     * @param trials all that were tried, in order; the default one first
     * @param isOutOfTime whether more would have been tried, had there been time
     */
    public record Found(Algorithm algorithm, Trial best, List<Trial> trials, boolean isOutOfTime) {
        public Found {
            trials = List.copyOf(trials);
        }
    }

    /**
     * Searches on the request's fold.
     *
     * @throws ServiceException the default configuration's failure when every trial failed
     */
    public Found run(FitRequest request) {
        ExecutorService workers = Executors.newFixedThreadPool(threadCount, task -> {
            Thread thread = new Thread(task, "training-search");
            thread.setDaemon(true);
            return thread;
        });
        try {
            return plan.method() == SearchPlan.Method.HALVING ? halving(request, workers) : rounds(request, workers);
        } finally {
            workers.shutdownNow();
        }
    }

    private Found rounds(FitRequest request, ExecutorService workers) {
        List<TrainingFold.Parts> folds = folds(request, 1);
        Rounds rounds = new Rounds(plan, metric, listener, request, workers, folds, deadline());
        Sampler sampler = sampler(request.seed());
        rounds.run(List.of(new Rounds.Proposal(List.of())));
        while (rounds.hasTime() && rounds.trials().size() <= plan.trialCount()) {
            List<Rounds.Proposal> proposals = new ArrayList<>();
            int wanted = Math.min(
                    threadCount, plan.trialCount() + 1 - rounds.trials().size());
            for (int i = 0; i < wanted; i++) {
                sampler.next(rounds.trials()).ifPresent(at -> proposals.add(new Rounds.Proposal(boxed(at))));
            }
            if (proposals.isEmpty()) {
                break;
            }
            rounds.run(proposals);
        }
        return found(rounds.trials(), !rounds.hasTime() && rounds.trials().size() <= plan.trialCount());
    }

    /** All start on a ninth of the rows; the better third goes on with three times as many, the default one always. */
    private Found halving(FitRequest request, ExecutorService workers) {
        Sampler sampler = new RandomSampler(plan.dimensions().size(), request.seed());
        List<Rounds.Proposal> survivors = new ArrayList<>(List.of(new Rounds.Proposal(List.of())));
        for (int i = 0; i < plan.trialCount(); i++) {
            sampler.next(List.of()).ifPresent(at -> survivors.add(new Rounds.Proposal(boxed(at))));
        }
        long deadline = deadline();
        boolean isCut = false;
        for (double share = LEAST_SHARE; ; share = Math.min(1, share * HALVING_FACTOR)) {
            List<TrainingFold.Parts> folds = folds(request, share);
            // The last rung must be reached by the default one and by what is left, whatever the time.
            Rounds rung = new Rounds(plan, metric, listener, request, workers, folds, deadline);
            for (int from = 0; from < survivors.size() && (from == 0 || rung.hasTime()); from += threadCount) {
                rung.run(survivors.subList(from, Math.min(survivors.size(), from + threadCount)));
            }
            isCut |= rung.trials().size() < survivors.size();
            if (share >= 1 - 1e-9) {
                return found(rung.trials(), isCut);
            }
            List<Trial> ranked = rung.trials().stream()
                    .filter(trial -> !trial.isDefault() && !Double.isNaN(trial.metric()))
                    .sorted(Trial.bestFirst(metric))
                    .toList();
            survivors.clear();
            survivors.add(new Rounds.Proposal(List.of()));
            int kept = (int) Math.ceil(ranked.size() / HALVING_FACTOR);
            ranked.stream().limit(kept).forEach(trial -> survivors.add(new Rounds.Proposal(trial.coordinates())));
        }
    }

    /** Divides a share of the rows, the same for the same seed. */
    private List<TrainingFold.Parts> folds(FitRequest request, double share) {
        TrainingFold rows = share >= 1
                ? request.fold()
                : request.fold().holdBack(share, request.seed()).heldBack();
        if (rows.rowCount() < 2 * plan.innerFolds()) {
            throw new ServiceException(Failure.precondition(
                    "TOO_FEW_ROWS",
                    "rows to search parameters on: %d (expected: %d or more, two per inner fold)"
                            .formatted(rows.rowCount(), 2 * plan.innerFolds())));
        }
        return rows.innerFolds(plan.innerFolds(), request.seed());
    }

    private long deadline() {
        return System.nanoTime() + (long) (plan.seconds() * 1e9);
    }

    private Sampler sampler(long seed) {
        return switch (plan.method()) {
            case GRID -> new GridSampler(plan.dimensions());
            case RANDOM, HALVING -> new RandomSampler(plan.dimensions().size(), seed);
            case TPE -> new TpeSampler(plan.dimensions(), Trial.bestFirst(metric), seed);
        };
    }

    private static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    /** Only trials that saw every inner fold can win: a mean over fewer is another measure. */
    private Found found(List<Trial> trials, boolean isOutOfTime) {
        if (Double.isNaN(trials.get(0).metric())) {
            throw new ServiceException(Failure.precondition(
                    "METRIC_NOT_MEASURED",
                    "%s of the candidate's own parameters on inner folds: none (expected: a metric that answers to rows tell, and rows of every class in each fold)"
                            .formatted(metric.key())));
        }
        Trial best = trials.stream()
                .filter(trial -> trial.foldCount() == trials.get(0).foldCount() && !Double.isNaN(trial.metric()))
                .min(Trial.bestFirst(metric))
                .filter(trial -> isClearlyBetter(trial, trials.get(0)))
                .orElse(trials.get(0));
        return new Found(plan.configuration().with(best.values()), best, trials, isOutOfTime);
    }

    /** The best of many is best by luck, too: it has to beat the default by more than the standard error of their differences. */
    private boolean isClearlyBetter(Trial trial, Trial usual) {
        int count = usual.foldCount();
        double[] gains = new double[count];
        Arrays.setAll(
                gains, fold -> (metric.isHigherBetter() ? 1 : -1) * (trial.metricOf(fold) - usual.metricOf(fold)));
        double mean = Arrays.stream(gains).average().orElse(0);
        double squares =
                Arrays.stream(gains).map(gain -> (gain - mean) * (gain - mean)).sum();
        return mean > Math.sqrt(squares / (count - 1) / count);
    }
}
