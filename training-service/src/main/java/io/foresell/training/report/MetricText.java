package io.foresell.training.report;

import io.foresell.training.evaluate.ListMeasure;
import io.foresell.training.evaluate.Metric;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a metric is called, explained and written.
 *
 * @param title for people
 * @param meaning one short sentence
 * @param isCompared whether beating the baseline in it means anything
 */
record MetricText(String title, String meaning, Format format, boolean isHigherBetter, boolean isCompared) {
    /** How a value is written. */
    enum Format {
        DECIMAL,
        PERCENT,
        PER_HUNDRED,
        TIMES,
        NUMBER
    }

    /** Returns the wording of a metric; of one that is not ours, its name. */
    static MetricText of(String key) {
        Optional<Metric> known = Metric.find(key);
        if (known.isPresent() && known.get().ofLists() != null) {
            return ofLists(known.get().ofLists(), known.get().cutOff());
        }
        boolean isHigherBetter = known.map(Metric::isHigherBetter).orElse(true);
        String name = Shown.capitalized(Shown.words(key));
        return switch (key) {
            case "roc_auc" -> higher("ROC-AUC", "how often a positive row scores above a negative one", Format.DECIMAL);
            case "pr_auc" -> higher("PR-AUC", "precision averaged over all depths of the list", Format.DECIMAL);
            case "log_loss" -> lower("Log loss", "surprise at the truth; 0 is perfect", Format.DECIMAL);
            case "brier" -> lower("Brier score", "squared distance of chance and truth", Format.DECIMAL);
            case "expected_calibration_error" -> new MetricText(
                    "Calibration error", "how far predicted chances lie from what came", Format.PERCENT, false, false);
            case "f1" -> higher("F1", "precision and recall in one, from 50 % on", Format.DECIMAL);
            case "precision" -> higher("Precision", "positives among the rows from 50 % on", Format.PERCENT);
            case "recall" -> higher("Recall", "share of the positives from 50 % on", Format.PERCENT);
            case "weighted_f1" -> higher("Weighted F1", "F1 averaged over classes by their rows", Format.DECIMAL);
            case "matthews" -> higher("Matthews", "correlation of truth and answer", Format.DECIMAL);
            case "cohen_kappa" -> higher("Cohen's kappa", "agreement beyond chance", Format.DECIMAL);
            case "kolmogorov_smirnov" -> higher(
                    "KS distance", "how far scores of positives and negatives lie apart", Format.DECIMAL);
            case "mape" -> lower("MAPE", "error against the value, rows of value 0 aside", Format.PERCENT);
            case "spearman" -> higher("Rank correlation", "whether the order is right; 1 is perfect", Format.DECIMAL);
            case "macro_f1" -> higher("Macro F1", "F1 averaged over classes", Format.DECIMAL);
            case "accuracy" -> higher("Accuracy", "share of right answers", Format.PERCENT);
            case "refused_share" -> new MetricText(
                    "Refused", "share of rows the model does not answer", Format.PERCENT, false, false);
            case "answered_accuracy" -> new MetricText(
                    "Accuracy of answers", "right answers among the rows not refused", Format.PERCENT, true, false);
            case "unknown_refused_share" -> new MetricText(
                    "Unknown refused", "share of rows of no class that are refused", Format.PERCENT, true, false);
            case "balanced_accuracy" -> higher(
                    "Balanced accuracy", "right answers, every class counting alike", Format.PERCENT);
            case "top_3_accuracy" -> higher("Top 3", "truth among the three likeliest", Format.PERCENT);
            case "lift_10" -> higher("Lift, top 10 %", "positives in the top tenth, against chance", Format.TIMES);
            case "rmse" -> lower("RMSE", "typical error, large ones counting more", Format.NUMBER);
            case "mae" -> lower("Mean error", "absolute error on average", Format.NUMBER);
            case "median_ae" -> lower("Median error", "half of the errors are smaller", Format.NUMBER);
            case "r2" -> higher("R²", "share of the variation explained", Format.DECIMAL);
            case "wape" -> lower("WAPE", "errors against the sum of the values", Format.PERCENT);
            case "smape" -> lower("sMAPE", "symmetric error in per cent", Format.PER_HUNDRED);
            case "mean_squared_distance" -> lower("Squared distance", "to the nearest centre, scaled", Format.NUMBER);
            case "simplified_silhouette" -> higher(
                    "Silhouette", "how clearly clusters part; 1 is perfect", Format.DECIMAL);
            case "largest_cluster" -> new MetricText(
                    "Largest cluster", "share of all rows", Format.PERCENT, false, false);
            case "worst_slice_roc_auc", "worst_slice_accuracy", "worst_slice_mae" -> new MetricText(
                    "Worst part",
                    of(key.replace("worst_slice_", "")).title + " of the rows where it is worst",
                    of(key.replace("worst_slice_", "")).format,
                    isHigherBetter,
                    false);
            default -> new MetricText(name, "", Format.NUMBER, isHigherBetter, known.isPresent());
        };
    }

    private static MetricText ofLists(@Nullable ListMeasure measure, int cutOff) {
        String top = "top " + cutOff;
        return switch (Objects.requireNonNull(measure)) {
            case NDCG -> higher("NDCG, " + top, "how close the order is to the best one; 1 is perfect", Format.DECIMAL);
            case MAP -> higher("Mean average precision, " + top, "precision at every relevant row", Format.DECIMAL);
            case PRECISION -> higher("Precision, " + top, "share of the first rows that is relevant", Format.PERCENT);
            case RECALL -> higher("Recall, " + top, "share of the relevant rows among the first", Format.PERCENT);
            case HIT_RATE -> higher("Hit rate, " + top, "lists with a relevant row among the first", Format.PERCENT);
            case MRR -> higher("Mean reciprocal rank", "one over the place of the first relevant row", Format.DECIMAL);
        };
    }

    private static MetricText higher(String title, String meaning, Format format) {
        return new MetricText(title, meaning, format, true, true);
    }

    private static MetricText lower(String title, String meaning, Format format) {
        return new MetricText(title, meaning, format, false, true);
    }

    String shown(double value) {
        return switch (format) {
            case DECIMAL -> Shown.decimal(value, 3);
            case PERCENT -> Shown.percent(value, 1);
            case PER_HUNDRED -> Shown.decimal(value, 1) + Shown.GAP + "%";
            case TIMES -> Double.isNaN(value) ? Shown.NOTHING : Shown.decimal(value, 2) + "×";
            case NUMBER -> Shown.number(value);
        };
    }

    boolean isBetter(double value, double than) {
        return isHigherBetter ? value > than : value < than;
    }
}
