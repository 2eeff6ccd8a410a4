package io.foresell.training.fit.svm;

import io.foresell.model.Task;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.fit.FitRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What the machines of a fold learn: one class against the rest each, or values with mean 0 and deviation 1. Immutable. */
final class SvmTargets {
    /** Parts of the rows that are left out in turn to calibrate. */
    static final int FOLDS = 5;

    private final Task task;
    private final int classCount;
    private final float[] labels;
    private final float[] weights;
    private final int[] folds;
    final double mean;
    final double deviation;

    private SvmTargets(FitRequest request, double mean, double deviation) {
        TrainingFold fold = request.fold();
        this.task = fold.task();
        this.classCount = fold.classes().size();
        this.labels = fold.labels();
        this.weights = request.weights();
        this.folds = isRegression() ? new int[0] : folds(labels, request.seed());
        this.mean = mean;
        this.deviation = deviation;
    }

    static SvmTargets of(FitRequest request) {
        if (request.fold().task() != Task.REGRESSION) {
            return new SvmTargets(request, 0, 1);
        }
        double mean = request.fold().meanLabel();
        double squares = 0;
        for (float label : request.fold().labels()) {
            squares += (label - mean) * (label - mean);
        }
        double deviation = Math.sqrt(squares / request.fold().rowCount());
        return new SvmTargets(request, mean, deviation > 0 ? deviation : 1);
    }

    /** Deals the rows of each class out to the folds, in random order. */
    private static int[] folds(float[] labels, long seed) {
        Random random = new Random(seed);
        Integer[] order = new Integer[labels.length];
        Arrays.setAll(order, i -> i);
        java.util.Collections.shuffle(Arrays.asList(order), random);
        Arrays.sort(order, (a, b) -> Float.compare(labels[a], labels[b]));
        int[] folds = new int[labels.length];
        for (int i = 0; i < order.length; i++) {
            folds[order[i]] = i % FOLDS;
        }
        return folds;
    }

    Task task() {
        return task;
    }

    boolean isRegression() {
        return task == Task.REGRESSION;
    }

    int machineCount() {
        return task == Task.MULTICLASS ? classCount : 1;
    }

    /** Returns what a machine learns without one fold; -1 for with all. */
    Problem problem(int machine, int withoutFold, Svm parameters) {
        double[] targets = new double[labels.length];
        double[] costs = new double[labels.length];
        int positive = task == Task.MULTICLASS ? machine : 1;
        for (int row = 0; row < targets.length; row++) {
            targets[row] = isRegression() ? (labels[row] - mean) / deviation : labels[row] == positive ? 1 : -1;
            boolean isLeftOut = withoutFold >= 0 && folds[row] == withoutFold;
            costs[row] = isLeftOut ? 0 : parameters.cost() * weights[row];
        }
        return new Problem(isRegression(), targets, costs, parameters.epsilon());
    }

    /** Returns each row's decision by the machine without its fold; machine 0 is with all. */
    double[] heldBack(List<Solution> solutions) {
        double[] decisions = new double[labels.length];
        Arrays.setAll(decisions, row -> solutions.get(1 + folds[row]).decisions()[row]);
        return decisions;
    }
}
