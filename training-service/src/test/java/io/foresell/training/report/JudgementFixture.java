package io.foresell.training.report;

/** A judgement.json with every part of docs/judgement.md. */
final class JudgementFixture {
    static final String JSON =
            """
            {"format_version": 1, "candidate": "small_trees", "task": "binary", "metric": "roc_auc",
             "metrics": [{"metric": "roc_auc", "value": 0.845, "low": 0.838, "high": 0.852, "baseline": 0.5},
               {"metric": "mrr", "value": 0.61, "low": 0.55, "high": 0.67, "baseline": 0.33},
               {"metric": "ndcg_10", "value": 0.72, "low": 0.68, "high": 0.76, "baseline": 0.41}],
             "rankings": {"within": "region", "cut_offs": [10], "sentence": "Rows were ranked within each region: 9 of 10 lists were judged."},
             "comparisons": [{"other": "logistic_regression", "metric": "roc_auc", "value": 0.8478, "other_value": 0.8453,
               "difference": 0.0025, "low": 0.0004, "high": 0.0046, "p_value": 0.021, "test": "delong",
               "sentence": "Better by 0.0025 (95 %: 0.0004 to 0.0046)."}],
             "calibration": {"method": "none", "error": 0.012, "sentence": "No worse than chance would make it.",
               "bins": [{"mean_predicted": 0.05, "observed_rate": 0.06, "low": 0.04, "high": 0.08, "row_count": 700},
                        {"mean_predicted": 0.6, "observed_rate": 0.58, "low": 0.53, "high": 0.63, "row_count": 700}]},
             "decision": {"threshold": 0.35, "rule": "costs", "sentence": "It acts on 27 % of the rows and finds 68 % of the positives."},
             "slices": {"metric": "roc_auc", "overall": 0.845, "tested_count": 3,
               "all": [{"column": "Contract", "value": "Month-to-month", "row_count": 3875, "metric_value": 0.77, "low": 0.755,
                        "high": 0.785, "mean_answer": 0.43, "mean_label": 0.427},
                       {"column": "tenure", "value": "12 to 40", "row_count": 1400, "mean_answer": 0.2, "mean_label": 0.21}],
               "worst": [{"column": "Contract", "value": "Month-to-month", "row_count": 3875, "metric_value": 0.77,
                          "sentence": "ROC-AUC 0.770 against 0.845 over all rows."}]},
             "importance": [{"input": "tenure", "mean_absolute_contribution": 0.61, "direction": 0.93, "permutation_drop": 0.051,
                             "permutation_deviation": 0.004, "values": []}],
             "partial_dependence": [
               {"input": "tenure", "target": "", "points": [{"value": "1", "mean_answer": 0.44}, {"value": "30", "mean_answer": 0.21},
                                                            {"value": "72", "mean_answer": 0.1}]},
               {"input": "plan_name", "points": [{"value": "basic", "mean_answer": 0.3}, {"value": "", "mean_answer": 0.2}]}],
             "learning_curve": {"metric": "roc_auc", "points": [{"row_count": 500, "value": 0.81}, {"row_count": 1000, "value": 0.83},
               {"row_count": 2000, "value": 0.845}], "double_row_count": 4000, "double_value": 0.85,
               "sentence": "With twice the rows about 0.850 could be expected."},
             "leaks": [{"kind": "single_column", "column": "duration", "severity": "suspicion", "is_accepted": false,
                        "sentence": "duration alone nearly decides the label."}],
             "drift": {"columns": [{"column": "tenure", "stability_index": 0.31, "level": "strong"},
                                   {"column": "plan_name", "stability_index": 0.01, "level": "none"}],
                       "sentences": ["The share of positives rose from 6.7 % to 31.6 %."]}}
            """;

    private JudgementFixture() {}
}
