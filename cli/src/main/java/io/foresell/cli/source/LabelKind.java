package io.foresell.cli.source;

/** What a model of a label answers. */
enum LabelKind {
    TWO_CLASSES("roc_auc", "or pr_auc, log_loss, brier"),
    CLASSES("log_loss", "or accuracy, macro_f1, balanced_accuracy"),
    VALUES("rmse", "or mae, r2, wape");

    private final String metric;
    private final String otherMetrics;

    LabelKind(String metric, String otherMetrics) {
        this.metric = metric;
        this.otherMetrics = otherMetrics;
    }

    /** Returns the metric that ranks candidates. */
    String metric() {
        return metric;
    }

    /** Returns a remark that names others. */
    String otherMetrics() {
        return otherMetrics;
    }
}
