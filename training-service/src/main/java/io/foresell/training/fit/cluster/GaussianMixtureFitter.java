package io.foresell.training.fit.cluster;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.RowChunks;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Fits mixtures of normal distributions: each restart begins at a k-means of its own; the likeliest end counts. */
final class GaussianMixtureFitter implements Fitter {
    private static final int SEED_PASSES = 20;
    private static final int MAX_MATRIX_COLUMNS = 500;
    private static final double PARITY_TOLERANCE = 1e-4;
    private static final int PROOF_ROWS = 20_000;

    private final GaussianMixture parameters;
    private final int threadCount;

    GaussianMixtureFitter(GaussianMixture parameters, int threadCount) {
        this.parameters = parameters;
        this.threadCount = threadCount;
    }

    @Override
    public FittedModel fit(FitRequest request) {
        request.weights(); // refuses weights of classes, which clusters do not have
        Encodings encodings = request.encodings();
        Preprocessing preprocessing = encodings.standardizedFlat();
        EncodedRows rows = EncodedRows.of(preprocessing, encodings.rows());
        requireNarrow(rows.width());
        List<String> notes = new ArrayList<>();
        for (double regularization = parameters.regularization(); ; regularization *= 10) {
            FittedModel fitted = fitted(preprocessing, rows, regularization, request, notes);
            if (isServable(fitted, encodings.rows())) {
                return fitted;
            }
            if (regularization >= 1) {
                throw new ServiceException(Failure.precondition(
                        "MIXTURE_TOO_NARROW",
                        "answers in single precision: off by more than %s with regularization %s (expected: less; leave out"
                                        .formatted(PARITY_TOLERANCE, regularization)
                                + " columns with values far from all others)"));
            }
            notes = new ArrayList<>(List.of(String.format(
                    Locale.ROOT,
                    "Regularization raised to %s: answers of narrower distributions would be lost in single precision.",
                    regularization * 10)));
        }
    }

    private void requireNarrow(int width) {
        if (parameters.covariance().isMatrix() && width > MAX_MATRIX_COLUMNS) {
            throw new ServiceException(Failure.precondition(
                    "TOO_MANY_COLUMNS",
                    "encoded columns: %d (expected: at most %d for covariance %s; or covariance diagonal)"
                            .formatted(width, MAX_MATRIX_COLUMNS, parameters.covariance())));
        }
    }

    private FittedModel fitted(
            Preprocessing preprocessing,
            EncodedRows rows,
            double regularization,
            FitRequest request,
            List<String> notes) {
        int[] tried = parameters.count().tried(rows);
        MixturePasses passes = new MixturePasses(rows, parameters.covariance(), regularization, request);
        List<MixturePasses.End> ends = new ArrayList<>();
        double[] criteria = new double[tried.length];
        int best = 0;
        int fits = tried.length * parameters.restarts();
        for (int i = 0; i < tried.length; i++) {
            ends.add(best(rows, tried[i], passes, request, i * parameters.restarts(), fits));
            criteria[i] = ends.get(i).bic(parameters.covariance(), rows);
            best = criteria[i] < criteria[best] ? i : best;
        }
        if (parameters.count().isChosen()) {
            notes.add(Choice.sentence(tried, criteria, best, "least Bayesian information criterion"));
        }
        return fitted(preprocessing, rows, ends.get(best), criteria[best], tried[best], notes);
    }

    private MixturePasses.End best(
            EncodedRows rows, int k, MixturePasses passes, FitRequest request, int fitsBefore, int fits) {
        List<MixturePasses.End> ends = new Parallel(threadCount, request)
                .map(
                        parameters.restarts(),
                        restart -> {
                            double[][] seeds =
                                    new CentreSeeds(rows, request, Choice.seed(request.seed(), k, restart)).draw(k);
                            Partition first = new CentrePasses(rows, seeds, request).run(SEED_PASSES);
                            return passes.run(first, parameters.maxPasses());
                        },
                        done -> request.listener().progressed(fitsBefore + done, fits, Double.NaN));
        MixturePasses.End best = ends.get(0);
        for (MixturePasses.End end : ends) {
            best = end.logLikelihood() > best.logLikelihood() ? end : best;
        }
        return best;
    }

    private FittedModel fitted(
            Preprocessing preprocessing,
            EncodedRows rows,
            MixturePasses.End end,
            double bic,
            int asked,
            List<String> notes) {
        int[] order = ClusterLabels.largestFirst(
                end.mixture().clusters(rows), end.mixture().k());
        Mixture mixture = end.mixture().ordered(order);
        notes.add(String.format(
                Locale.ROOT,
                "Log-likelihood %.2f over %d rows, Bayesian information criterion %.1f, the likeliest of %d restarts.",
                end.logLikelihood(),
                rows.rowCount(),
                bic,
                parameters.restarts()));
        if (mixture.k() < asked) {
            notes.add("%d of %d clusters held no rows and were given up.".formatted(asked - mixture.k(), asked));
        }
        return new FittedClusters(
                preprocessing,
                mixture.model(),
                Head.clustersOfLogits(),
                parameters.count().labels(mixture.k()),
                notes,
                PARITY_TOLERANCE,
                (row, answers) -> {
                    double logSum = mixture.densities().write(row, 0, answers);
                    for (int k = 0; k < answers.length; k++) {
                        answers[k] = Math.exp(answers[k] - logSum);
                    }
                });
    }

    /** Computes the posteriors of training rows as they will be served, with half of the tolerance to spare. */
    private static boolean isServable(FittedModel fitted, Rows training) {
        Rows proof = RowChunks.slice(training, 0, Math.min(PROOF_ROWS, training.rowCount()));
        Scorer scorer = ScorerCompiler.compile(
                fitted.onnx(), fitted.signature(), fitted.answer(), Background.missing(fitted.signature()));
        float[] served = new float[proof.rowCount() * fitted.answer().width()];
        scorer.score(proof, served);
        double[] exact = fitted.predict(proof);
        for (int i = 0; i < served.length; i++) {
            if (!(Math.abs(served[i] - exact[i]) <= PARITY_TOLERANCE / 2)) {
                return false;
            }
        }
        return true;
    }
}
