package io.foresell.training.fit.ensemble;

import io.foresell.model.Task;

/**
 * Log-loss of stacked members, with a ridge on their weights towards equal shares. Parameters: a weight per member, then the intercepts of
 * all classes but the first. Two classes are the case in which the scores of a row are 0 and the log-odds.
 */
final class ClassLoss implements BoundedNewton.Function {
    private final OutOfFold unseen;
    private final Task task;
    private final float[] labels;
    private final float[] rowWeights;
    private final double ridge;
    private final int interceptCount;
    private final int classCount;

    ClassLoss(OutOfFold unseen, Task task, float[] labels, float[] rowWeights, double ridge, int interceptCount) {
        this.unseen = unseen;
        this.task = task;
        this.labels = labels;
        this.rowWeights = rowWeights;
        this.ridge = ridge;
        this.interceptCount = interceptCount;
        this.classCount = Math.max(2, unseen.width());
    }

    /** Returns what a member says for a class of a row. */
    private double score(int member, int row, int label) {
        if (unseen.width() == 1) {
            return label == 0 ? 0 : Combination.score(task, unseen.at(member, row, 0));
        }
        return Combination.score(task, unseen.at(member, row, label));
    }

    /** Fills in the scores of the members for each class and the probabilities; returns the log-loss of the row. */
    private double row(int row, double[] at, double[][] scores, double[] shares) {
        int members = unseen.memberCount();
        double greatest = Double.NEGATIVE_INFINITY;
        for (int label = 0; label < classCount; label++) {
            double sum = label > 0 && interceptCount > 0 ? at[members + label - 1] : 0;
            for (int member = 0; member < members; member++) {
                scores[member][label] = score(member, row, label);
                sum += at[member] * scores[member][label];
            }
            shares[label] = sum;
            greatest = Math.max(greatest, sum);
        }
        double total = 0;
        double own = shares[(int) labels[row]];
        for (int label = 0; label < classCount; label++) {
            shares[label] = Math.exp(shares[label] - greatest);
            total += shares[label];
        }
        for (int label = 0; label < classCount; label++) {
            shares[label] /= total;
        }
        return greatest + Math.log(total) - own;
    }

    private double penalty(double[] at) {
        double sum = 0;
        int members = unseen.memberCount();
        for (int member = 0; member < members; member++) {
            double off = at[member] - 1.0 / members;
            sum += ridge * off * off / 2;
        }
        return sum;
    }

    @Override
    public double value(double[] at) {
        double[][] scores = new double[unseen.memberCount()][classCount];
        double[] shares = new double[classCount];
        double sum = penalty(at);
        for (int row = 0; row < labels.length; row++) {
            sum += rowWeights[row] * row(row, at, scores, shares);
        }
        return sum;
    }

    @Override
    public void derive(double[] at, double[] slope, double[][] curvature) {
        int members = unseen.memberCount();
        for (int member = 0; member < members; member++) {
            slope[member] = ridge * (at[member] - 1.0 / members);
            curvature[member][member] = ridge;
        }
        for (int i = members; i < at.length; i++) {
            curvature[i][i] = 1e-9 * labels.length; // a class without rows
        }
        double[][] scores = new double[members][classCount];
        double[] shares = new double[classCount];
        double[] means = new double[members];
        for (int row = 0; row < labels.length; row++) {
            row(row, at, scores, shares);
            for (int member = 0; member < members; member++) {
                means[member] = 0;
                for (int label = 0; label < classCount; label++) {
                    means[member] += shares[label] * scores[member][label];
                }
            }
            addRow(row, scores, shares, means, slope, curvature);
        }
    }

    private void addRow(
            int row, double[][] scores, double[] shares, double[] means, double[] slope, double[][] curvature) {
        int members = scores.length;
        double weight = rowWeights[row];
        int own = (int) labels[row];
        for (int i = 0; i < members; i++) {
            slope[i] += weight * (means[i] - scores[i][own]);
            for (int j = 0; j <= i; j++) {
                double product = 0;
                for (int label = 0; label < classCount; label++) {
                    product += shares[label] * (scores[i][label] - means[i]) * (scores[j][label] - means[j]);
                }
                add(curvature, i, j, weight * product);
            }
        }
        for (int k = 0; k < interceptCount; k++) {
            double share = shares[k + 1];
            slope[members + k] += weight * (share - (own == k + 1 ? 1 : 0));
            for (int i = 0; i < members; i++) {
                add(curvature, members + k, i, weight * share * (scores[i][k + 1] - means[i]));
            }
            for (int other = 0; other <= k; other++) {
                double product = share * ((other == k ? 1 : 0) - shares[other + 1]);
                add(curvature, members + k, members + other, weight * product);
            }
        }
    }

    private static void add(double[][] curvature, int i, int j, double value) {
        curvature[i][j] += value;
        if (i != j) {
            curvature[j][i] += value;
        }
    }
}
