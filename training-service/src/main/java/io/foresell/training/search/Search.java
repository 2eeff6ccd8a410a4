package io.foresell.training.search;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.evaluate.Judgement;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.FitListener;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

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
        Rounds rounds = new Rounds(request, workers, folds, deadline());
        Sampler sampler = sampler(request.seed());
        rounds.run(List.of(new Proposal(List.of())));
        while (rounds.hasTime() && rounds.trials.size() <= plan.trialCount()) {
            List<Proposal> proposals = new ArrayList<>();
            int wanted = Math.min(threadCount, plan.trialCount() + 1 - rounds.trials.size());
            for (int i = 0; i < wanted; i++) {
                sampler.next(rounds.trials).ifPresent(at -> proposals.add(new Proposal(boxed(at))));
            }
            if (proposals.isEmpty()) {
                break;
            }
            rounds.run(proposals);
        }
        return found(rounds.trials, !rounds.hasTime() && rounds.trials.size() <= plan.trialCount());
    }

    /** All start on a ninth of the rows; the better third goes on with three times as many, the default one always. */
    private Found halving(FitRequest request, ExecutorService workers) {
        Sampler sampler = new RandomSampler(plan.dimensions().size(), request.seed());
        List<Proposal> survivors = new ArrayList<>(List.of(new Proposal(List.of())));
        for (int i = 0; i < plan.trialCount(); i++) {
            sampler.next(List.of()).ifPresent(at -> survivors.add(new Proposal(boxed(at))));
        }
        long deadline = deadline();
        boolean isCut = false;
        for (double share = LEAST_SHARE; ; share = Math.min(1, share * HALVING_FACTOR)) {
            List<TrainingFold.Parts> folds = folds(request, share);
            // The last rung must be reached by the default one and by what is left, whatever the time.
            Rounds rung = new Rounds(request, workers, folds, deadline);
            for (int from = 0; from < survivors.size() && (from == 0 || rung.hasTime()); from += threadCount) {
                rung.run(survivors.subList(from, Math.min(survivors.size(), from + threadCount)));
            }
            isCut |= rung.trials.size() < survivors.size();
            if (share >= 1 - 1e-9) {
                return found(rung.trials, isCut);
            }
            List<Trial> ranked = rung.trials.stream()
                    .filter(trial -> !trial.isDefault() && !Double.isNaN(trial.metric()))
                    .sorted(bestFirst())
                    .toList();
            survivors.clear();
            survivors.add(new Proposal(List.of()));
            int kept = (int) Math.ceil(ranked.size() / HALVING_FACTOR);
            ranked.stream().limit(kept).forEach(trial -> survivors.add(new Proposal(trial.coordinates())));
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
            case TPE -> new TpeSampler(plan.dimensions(), bestFirst(), seed);
        };
    }

    /** Better metrics first, failures last; of equals the earlier. */
    private Comparator<Trial> bestFirst() {
        return (one, other) -> metric.isBetter(one.metric(), other.metric())
                ? -1
                : metric.isBetter(other.metric(), one.metric()) ? 1 : 0;
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
                .min(bestFirst())
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

    private record Proposal(List<Double> coordinates) {}

    /** Runs trials on the same inner folds. */
    private final class Rounds {
        private final FitRequest request;
        private final ExecutorService workers;
        private final List<TrainingFold.Parts> folds;
        private final long deadlineNanos;
        private final List<Trial> trials = new ArrayList<>();
        private final Map<Integer, List<Double>> metricsByFold = new HashMap<>();

        Rounds(FitRequest request, ExecutorService workers, List<TrainingFold.Parts> folds, long deadlineNanos) {
            this.request = request;
            this.workers = workers;
            this.folds = folds;
            this.deadlineNanos = deadlineNanos;
        }

        boolean hasTime() {
            return System.nanoTime() < deadlineNanos;
        }

        /** Runs some at once; what each is compared with is what was known before any of them. */
        void run(List<Proposal> proposals) {
            Map<Integer, Double> medians = medians();
            List<Future<Tried>> running = new ArrayList<>();
            for (Proposal proposal : proposals) {
                running.add(workers.submit(() -> tried(proposal, medians)));
            }
            for (Future<Tried> each : running) {
                Tried tried = result(each);
                trials.add(tried.trial);
                for (int fold = 0; fold < tried.means.size(); fold++) {
                    metricsByFold
                            .computeIfAbsent(fold, absent -> new ArrayList<>())
                            .add(tried.means.get(fold));
                }
                double best =
                        trials.stream().min(bestFirst()).map(Trial::metric).orElse(Double.NaN);
                listener.tried(trials.size(), plan.trialCount() + 1, best);
            }
        }

        private Map<Integer, Double> medians() {
            Map<Integer, Double> medians = new HashMap<>();
            metricsByFold.forEach((fold, values) -> medians.put(
                    fold,
                    values.stream().sorted().skip(values.size() / 2).findFirst().orElse(Double.NaN)));
            return medians;
        }

        private Tried result(Future<Tried> running) {
            try {
                return running.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while searching");
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                if (e.getCause() instanceof Error cause) {
                    throw cause;
                }
                throw new IllegalStateException(e.getCause());
            }
        }

        /** A configuration that cannot be fitted loses; only the default one's failure ends the search. */
        private Tried tried(Proposal proposal, Map<Integer, Double> medians) {
            long start = System.nanoTime();
            Map<String, Object> values = new HashMap<>();
            for (int i = 0; i < proposal.coordinates.size(); i++) {
                Dimension dimension = plan.dimensions().get(i);
                values.put(dimension.name(), dimension.at(proposal.coordinates.get(i)));
            }
            List<Double> means = new ArrayList<>();
            Optional<String> failure = Optional.empty();
            try {
                measure(plan.configuration().with(values), proposal, medians, means);
            } catch (ServiceException e) {
                if (proposal.coordinates.isEmpty()) {
                    throw e;
                }
                failure = Optional.of(String.valueOf(e.getMessage()));
            }
            double mean = failure.isPresent() || means.isEmpty() ? Double.NaN : means.get(means.size() - 1);
            Trial trial = new Trial(
                    proposal.coordinates, values, mean, means, (System.nanoTime() - start) / 1e9, failure.orElse(""));
            return new Tried(trial, means);
        }

        /** Adds the mean after each fold; stops when it is worse than the median of the trials before at that fold. */
        private void measure(Algorithm algorithm, Proposal proposal, Map<Integer, Double> medians, List<Double> means) {
            double sum = 0;
            for (int i = 0; i < folds.size(); i++) {
                sum += measured(algorithm, folds.get(i));
                double mean = sum / (i + 1);
                means.add(mean);
                double median = medians.getOrDefault(i, Double.NaN);
                boolean isHopeless = !Double.isNaN(median) && metric.isBetter(median, mean);
                if (isHopeless && !proposal.coordinates.isEmpty()) {
                    return;
                }
            }
        }

        /** Rows held back are read as stored: what cleaning replaced in them, serving would not replace. */
        private double measured(Algorithm algorithm, TrainingFold.Parts fold) {
            FitRequest inner = request.on(fold.fitted()).heardBy(FitListener.NONE);
            inner.requireWanted();
            TrainingFold heldBack = fold.heldBack().asStored();
            float[] labels = heldBack.labels();
            double[] known = new double[labels.length];
            Arrays.setAll(known, i -> labels[i]);
            try (FittedModel model = algorithm.fitter(1).fit(inner)) {
                double[] answers = model.predict(heldBack.rows(model.signature()));
                return Judgement.measure(heldBack.task(), metric, known, answers);
            }
        }
    }

    private record Tried(Trial trial, List<Double> means) {}
}
