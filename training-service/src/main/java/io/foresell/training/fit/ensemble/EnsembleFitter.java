package io.foresell.training.fit.ensemble;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Answer;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.fit.FitListener;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Fits the members on the whole fold, one after the other. Stacking first fits each of them on the other inner folds, so that what
 * combines them is fitted on answers to rows they had not seen; an entity is never on both sides.
 */
final class EnsembleFitter implements Fitter {
    private static final long MAX_STACKED_VALUES = 50_000_000;

    private final Ensemble ensemble;
    private final int threadCount;

    EnsembleFitter(Ensemble ensemble, int threadCount) {
        this.ensemble = ensemble;
        this.threadCount = threadCount;
    }

    @Override
    public FittedModel fit(FitRequest request) {
        List<FittedModel> models = new ArrayList<>();
        boolean isFitted = false;
        try {
            OutOfFold unseen = ensemble.method() == Ensemble.Method.STACK ? unseen(request) : null;
            int before = unseen == null ? 0 : fitCount() - ensemble.members().size();
            for (int i = 0; i < ensemble.members().size(); i++) {
                models.add(fit(i, request.heardBy(part(request.listener(), before + i, fitCount()))));
            }
            Answer answer = models.get(0).answer();
            Combination combination = unseen == null
                    ? Combination.average(ensemble, answer)
                    : StackFit.of(ensemble, answer, unseen, request);
            FittedModel fitted = new FittedEnsemble(
                    ensemble, models, combination, request.prepared().signature());
            isFitted = true;
            return fitted;
        } finally {
            if (!isFitted) {
                models.forEach(FittedModel::close);
            }
        }
    }

    private int fitCount() {
        int members = ensemble.members().size();
        return ensemble.method() == Ensemble.Method.STACK ? members * (ensemble.innerFolds() + 1) : members;
    }

    private FittedModel fit(int index, FitRequest request) {
        request.requireWanted();
        Ensemble.Member member = ensemble.members().get(index);
        return MemberFailure.named(
                member, () -> member.algorithm().fitter(threadCount).fit(request));
    }

    /** Returns a listener to one of several fits of about equal length. */
    private static FitListener part(FitListener listener, int index, int count) {
        return (iteration, iterationCount, loss) ->
                listener.progressed(index * iterationCount + iteration, count * iterationCount, loss);
    }

    private OutOfFold unseen(FitRequest request) {
        TrainingFold fold = request.fold();
        int members = ensemble.members().size();
        int width = Math.max(1, fold.classes().size());
        if ((long) fold.rowCount() * width * members > MAX_STACKED_VALUES) {
            throw new ServiceException(Failure.precondition(
                    "STACK_TOO_LARGE",
                    "answers of %d members to %d rows of %d floats (expected: at most %d floats; take an average)"
                            .formatted(members, fold.rowCount(), width, MAX_STACKED_VALUES)));
        }
        Map<Integer, Integer> placeOfRow = new HashMap<>();
        for (int row : fold.rowIndexes()) {
            placeOfRow.put(row, placeOfRow.size());
        }
        OutOfFold unseen = new OutOfFold(members, fold.rowCount(), width);
        List<TrainingFold.Parts> inner = fold.innerFolds(ensemble.innerFolds(), request.seed());
        for (int i = 0; i < inner.size(); i++) {
            // What cleaning replaced in rows held back, serving would not replace.
            TrainingFold heldBack = inner.get(i).heldBack().asStored();
            for (int member = 0; member < members; member++) {
                FitListener listener = part(request.listener(), i * members + member, fitCount());
                try (FittedModel model =
                        fit(member, request.on(inner.get(i).fitted()).heardBy(listener))) {
                    double[] answers = model.predict(heldBack.rows(model.signature()));
                    unseen.put(member, heldBack.rowIndexes(), placeOfRow, answers);
                }
            }
        }
        return unseen;
    }
}
