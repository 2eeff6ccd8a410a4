package io.foresell.training.fit.ensemble;

import io.foresell.model.Answer;
import io.foresell.model.Task;
import io.foresell.training.fit.FitRequest;
import java.util.Arrays;

/**
 * Finds the weights of stacked members. They are 0 or more: answers of good members resemble each other, and without the bound one is
 * subtracted from another, which other rows do not repay (Breiman, "Stacked Regressions", 1996). A ridge draws them towards an equal
 * share each, as strongly as one row, so that members which answer alike share alike.
 */
final class StackFit {
    private static final double RIDGE = 1;
    /** With more classes, intercepts would outnumber what rows can tell. */
    private static final int MOST_INTERCEPTS = 20;

    private StackFit() {}

    /** Fits on answers to rows of the request's fold, in their order. */
    static Combination of(Ensemble ensemble, Answer answer, OutOfFold unseen, FitRequest request) {
        return answer.task() == Task.REGRESSION
                ? values(ensemble, unseen, request)
                : classes(ensemble, answer, unseen, request);
    }

    /** Squared error in units of the label's standard deviation; centred, so that the intercept drops out. */
    private static Combination values(Ensemble ensemble, OutOfFold unseen, FitRequest request) {
        float[] labels = request.fold().labels();
        int members = unseen.memberCount();
        double[] means = new double[members + 1];
        for (int row = 0; row < labels.length; row++) {
            for (int i = 0; i <= members; i++) {
                means[i] += (i == members ? labels[row] : unseen.at(i, row, 0)) / labels.length;
            }
        }
        double[][] products = new double[members + 1][members + 1];
        double[] centred = new double[members + 1];
        for (int row = 0; row < labels.length; row++) {
            for (int i = 0; i <= members; i++) {
                centred[i] = (i == members ? labels[row] : unseen.at(i, row, 0)) - means[i];
            }
            for (int i = 0; i <= members; i++) {
                for (int j = 0; j <= members; j++) {
                    products[i][j] += centred[i] * centred[j];
                }
            }
        }
        double unit = Math.max(products[members][members] / labels.length, Double.MIN_NORMAL);
        double[][] curvature = new double[members][members];
        double[] slope = new double[members];
        for (int i = 0; i < members; i++) {
            for (int j = 0; j < members; j++) {
                curvature[i][j] = products[i][j] / unit + (i == j ? RIDGE : 0);
            }
            slope[i] = -products[i][members] / unit - RIDGE / members;
        }
        double[] weights = BoundedNewton.step(new double[members], slope, curvature, members);
        double intercept = means[members];
        for (int i = 0; i < members; i++) {
            intercept -= weights[i] * means[i];
        }
        return new Combination(Combination.names(ensemble), weights, new double[] {intercept}, true);
    }

    private static Combination classes(Ensemble ensemble, Answer answer, OutOfFold unseen, FitRequest request) {
        int members = unseen.memberCount();
        ClassLoss loss = new ClassLoss(
                unseen, answer.task(), request.fold().labels(), request.weights(), RIDGE, interceptCount(answer));
        double[] start = new double[members + interceptCount(answer)];
        Arrays.fill(start, 0, members, 1.0 / members);
        double[] found = BoundedNewton.minimize(loss, start, members, request.isCancelled());
        double[] intercepts = new double[answer.width()];
        // The first of several classes has none: only differences count.
        int first = answer.width() == 1 ? 0 : 1;
        System.arraycopy(found, members, intercepts, first, found.length - members);
        return new Combination(Combination.names(ensemble), Arrays.copyOf(found, members), intercepts, true);
    }

    private static int interceptCount(Answer answer) {
        if (answer.width() == 1) {
            return 1;
        }
        return answer.width() > MOST_INTERCEPTS ? 0 : answer.width() - 1;
    }
}
