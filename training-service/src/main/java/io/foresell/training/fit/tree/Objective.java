package io.foresell.training.fit.tree;

import io.foresell.model.Task;

/** What boosting minimises, by task, in XGBoost's words. */
enum Objective {
    BINARY("binary:logistic", "logloss"),
    MULTICLASS("multi:softprob", "mlogloss"),
    REGRESSION("reg:squarederror", "rmse");

    private final String objective;
    private final String metric;

    Objective(String objective, String metric) {
        this.objective = objective;
        this.metric = metric;
    }

    static Objective of(Task task) {
        return switch (task) {
            case BINARY -> BINARY;
            case MULTICLASS -> MULTICLASS;
            case REGRESSION -> REGRESSION;
            case CLUSTERS, RANKING -> throw new IllegalStateException("boosted trees for task " + task.key());
        };
    }

    String objective() {
        return objective;
    }

    String metric() {
        return metric;
    }

    /** Returns where boosting starts: the mean label of the weighted rows, as an answer; classes start alike. */
    float start(float[] labels, float[] weights) {
        if (this == MULTICLASS) {
            return 0.5f;
        }
        double sum = 0;
        double weight = 0;
        for (int row = 0; row < labels.length; row++) {
            sum += (double) weights[row] * labels[row];
            weight += weights[row];
        }
        return (float) (sum / weight);
    }
}
