package io.foresell.training.search;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Runs trials on the same inner folds, as many at once as there are workers. Used by one thread. */
final class Rounds {
    private final SearchPlan plan;
    private final Metric metric;
    private final SearchListener listener;
    private final FitRequest request;
    private final ExecutorService workers;
    private final List<TrainingFold.Parts> folds;
    private final long deadlineNanos;
    private final List<Trial> trials = new ArrayList<>();
    private final Map<Integer, List<Double>> metricsByFold = new HashMap<>();

    Rounds(
            SearchPlan plan,
            Metric metric,
            SearchListener listener,
            FitRequest request,
            ExecutorService workers,
            List<TrainingFold.Parts> folds,
            long deadlineNanos) {
        this.plan = plan;
        this.metric = metric;
        this.listener = listener;
        this.request = request;
        this.workers = workers;
        this.folds = folds;
        this.deadlineNanos = deadlineNanos;
    }

    /** What is to be tried, in [0, 1] by dimension; empty for the default configuration. */
    record Proposal(List<Double> coordinates) {}

    private record Tried(Trial trial, List<Double> means) {}

    /** Returns what was tried so far, in order. */
    List<Trial> trials() {
        return trials;
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
                metricsByFold.computeIfAbsent(fold, absent -> new ArrayList<>()).add(tried.means.get(fold));
            }
            double best = trials.stream()
                    .min(Trial.bestFirst(metric))
                    .map(Trial::metric)
                    .orElse(Double.NaN);
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
            return Judgement.measure(heldBack.task(), metric, known, answers, heldBack.groups());
        }
    }
}
