package io.foresell.training.fit.tree;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import java.util.HashMap;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Fits boosted trees with XGBoost on raw numbers, NaN as missing, and one-hot texts. */
final class BoostedTreesFitter implements Fitter {
    // Below, one thread is fastest: threads wait for each other after every level of every tree.
    private static final long CELLS_PER_THREAD = 1_000_000;
    private static final int MAX_TREES = 20_000;

    private final BoostedTrees parameters;
    private final int threadCount;

    BoostedTreesFitter(BoostedTrees parameters, int threadCount) {
        this.parameters = parameters;
        this.threadCount = threadCount;
    }

    @Override
    public FittedModel fit(FitRequest request) {
        TrainingFold fold = request.fold();
        requireFewTrees(fold.classes().size());
        Encodings encodings = request.encodings();
        Preprocessing preprocessing = encodings.rawFlat();
        Objective objective = Objective.of(fold.task());
        try {
            int rounds = parameters.treeCount();
            int before = 0;
            if (parameters.heldBackShare() > 0) {
                rounds = rounds(preprocessing, objective, request);
                before = parameters.treeCount();
            }
            try (XgboostRows rows = rows(preprocessing, encodings.rows(), request)) {
                Map<String, Object> settings = settings(objective, request, rows.cellCount);
                Booster booster = new Boosting(settings, request, before, before + rounds).run(rows, rounds);
                return new FittedBooster(preprocessing, objective, fold.classes(), booster);
            }
        } catch (XGBoostError e) {
            throw new IllegalStateException("xgboost failed on %d rows".formatted(fold.rowCount()), e);
        }
    }

    private void requireFewTrees(int classCount) {
        long trees = (long) parameters.treeCount() * Math.max(1, classCount);
        if (trees > MAX_TREES) {
            throw new ServiceException(Failure.precondition(
                    "TOO_MANY_TREES",
                    "tree_count times classes: %d times %d (expected: at most %d)"
                            .formatted(parameters.treeCount(), classCount, MAX_TREES)));
        }
    }

    /** Returns how many rounds are best for rows that were held back. */
    private int rounds(Preprocessing preprocessing, Objective objective, FitRequest request) throws XGBoostError {
        TrainingFold.Parts parts = request.fold().holdBack(parameters.heldBackShare(), request.seed());
        if (parts.fitted().rowCount() == 0 || parts.heldBack().rowCount() == 0) {
            return parameters.treeCount();
        }
        FitRequest fittedPart = partOf(request, parts.fitted());
        FitRequest heldBackPart = partOf(request, parts.heldBack());
        try (XgboostRows fitted = rows(preprocessing, parts.fitted().rows(preprocessing.signature()), fittedPart);
                XgboostRows heldBack =
                        rows(preprocessing, parts.heldBack().rows(preprocessing.signature()), heldBackPart)) {
            Map<String, Object> settings = settings(objective, fittedPart, fitted.cellCount);
            return new Boosting(settings, request, 0, 2 * parameters.treeCount())
                    .bestRounds(fitted, heldBack, parameters.treeCount(), parameters.patience());
        }
    }

    private static FitRequest partOf(FitRequest request, TrainingFold part) {
        return new FitRequest(
                part,
                request.preparation(),
                request.classWeights(),
                request.seed(),
                request.listener(),
                request.isCancelled());
    }

    private static XgboostRows rows(Preprocessing preprocessing, Rows raw, FitRequest request) throws XGBoostError {
        XgboostRows rows = XgboostRows.of(preprocessing, raw);
        rows.matrix.setLabel(request.fold().labels());
        if (!request.classWeights().equals(ClassWeights.EQUAL)) {
            rows.matrix.setWeight(request.weights());
        }
        return rows;
    }

    private Map<String, Object> settings(Objective objective, FitRequest request, long cells) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("objective", objective.objective());
        settings.put("eval_metric", objective.metric());
        if (objective == Objective.MULTICLASS) {
            settings.put("num_class", request.fold().classes().size());
        }
        settings.put("tree_method", "hist");
        settings.put("base_score", objective.start(request.fold().labels(), request.weights()));
        settings.put("eta", parameters.learningRate());
        settings.put("max_depth", parameters.maxDepth());
        settings.put("max_leaves", parameters.maxLeaves());
        settings.put("grow_policy", parameters.maxLeaves() > 0 ? "lossguide" : "depthwise");
        settings.put("min_child_weight", parameters.minChildWeight());
        settings.put("subsample", parameters.rowSample());
        settings.put("colsample_bytree", parameters.columnSample());
        settings.put("lambda", parameters.l2Penalty());
        settings.put("seed", (int) (request.seed() ^ (request.seed() >>> 32)) & Integer.MAX_VALUE);
        settings.put("nthread", (int) Math.min(threadCount, 1 + cells / CELLS_PER_THREAD));
        settings.put("verbosity", 0);
        return settings;
    }
}
