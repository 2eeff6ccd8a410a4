package io.foresell.gateway.rest;

import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The JSON of the model registry; names and meanings are those of the proto fields. */
final class Models {
    private Models() {}

    /** Is one bar of a lift table. */
    @Schema(description = "Is one bar of a lift table.")
    record LiftRow(
            @Schema(description = "Is the share of rows taken from the top of the scores, 0 to 1.", examples = "0.1")
                    @Nullable
                    Double topFraction,
            @Schema(description = "Is the positive rate in that share over the base rate.", examples = "3.4") @Nullable
                    Double lift,
            @Schema(description = "Is the share of all positives found in it, 0 to 1.", examples = "0.34") @Nullable
                    Double recall) {}

    /** Is one bin of a calibration curve. */
    @Schema(description = "Is one bin of a calibration curve.")
    record CalibrationBin(
            @Schema(description = "Is the mean predicted probability in the bin.", examples = "0.12") @Nullable
                    Double meanPredicted,
            @Schema(description = "Is the observed positive rate in the bin.", examples = "0.11") @Nullable
                    Double observedRate,
            @Schema(description = "Is the number of rows in the bin.", examples = "320") long rowCount) {}

    /** Says how one column mattered. */
    @Schema(description = "Says how one column mattered to the model on held-out rows.")
    record FeatureImportance(
            @Schema(description = "Names the feature.", examples = "days_since_last_order") String feature,
            @Schema(
                            description =
                                    "Is the mean absolute contribution to the answer: to the log-odds of a binary model, to the score of the class, to the value.",
                            examples = "0.61")
                    @Nullable
                    Double meanAbsoluteContribution) {}

    /** Compares with the champion. */
    @Schema(description = "Compares a candidate with the champion, the version that it would replace.")
    record ChampionComparison(
            @Schema(description = "Is the version of the champion.", examples = "3") int version,
            @Schema(
                            description =
                                    "Names how the champion was judged: repeated (its own candidate in the same folds), package (its package scored the same judged rows) or metrics (it was not: the metrics of its own training are all there is).",
                            examples = "repeated")
                    String way,
            @Schema(
                            description = "Says why in this way.",
                            examples = "its package may have been fitted on rows that judge")
                    String reason,
            @Schema(description = "Is the number of rows that both answered; 0 for metrics.", examples = "3200")
                    long rowCount,
            @Schema(
                            description = "Names the metric; empty for metrics, as the next ones are null.",
                            examples = "roc_auc")
                    String metric,
            @Schema(description = "Is the value of this candidate.", examples = "0.871") @Nullable Double value,
            @Schema(description = "Is the value of the champion.", examples = "0.862") @Nullable Double otherValue,
            @Schema(description = "Is value less otherValue.", examples = "0.009") @Nullable Double difference,
            @Schema(description = "Is the low end of the 95 % interval of the difference.", examples = "0.002")
                    @Nullable
                    Double low,
            @Schema(description = "Is the high end of the 95 % interval of the difference.", examples = "0.016")
                    @Nullable
                    Double high,
            @Schema(description = "Is the two-sided p-value of no difference.", examples = "0.012") @Nullable
                    Double pValue,
            @Schema(
                            description = "Says it for people.",
                            examples = "trees is better than churn@3: roc_auc 0.8710 against 0.8620.")
                    String sentence) {}

    /** Is the outcome of one gate. */
    @Schema(description = "Is the outcome of one gate of a training.")
    record GateResult(
            @Schema(description = "Names the gate.", examples = "champion roc_auc") String gate,
            @Schema(description = "Says that it holds.", examples = "true") boolean isHeld,
            @Schema(description = "Is what was measured, in words.", examples = "0.871000") String value,
            @Schema(description = "Is what was asked for, in words.", examples = "at least 0.800000")
                    String expectation) {}

    /** Is the judgement of a version on rows it was not fitted on. */
    @Schema(description = "Is the judgement of a version on rows it was not fitted on.")
    record Evaluation(
            @Schema(
                            description = "Are the metrics by name, each the mean over folds.",
                            examples = "{\"roc_auc\": 0.871, \"log_loss\": 0.342}")
                    Map<String, @Nullable Double> metrics,
            @Schema(
                            description = "Are the metrics of the plain baseline on the same rows.",
                            examples = "{\"roc_auc\": 0.5}")
                    Map<String, @Nullable Double> baselineMetrics,
            @Schema(
                            description = "Are standard deviations over folds; empty with a single split.",
                            examples = "{\"roc_auc\": 0.008}")
                    Map<String, @Nullable Double> metricStandardDeviations,
            @Schema(description = "Says how the rows were split.", examples = "k_fold(k=5, by=ENTITY)") String split,
            @Schema(description = "Is the number of rows used for fitting.", examples = "3200") long trainingRowCount,
            @Schema(description = "Is the number of rows judged.", examples = "3200") long evaluationRowCount,
            @Schema(
                            description =
                                    "Is the share of positive labels among the judged rows; null unless the task is binary.",
                            examples = "0.21")
                    @Nullable
                    Double baseRate,
            @Schema(
                            description =
                                    "Is the lift table, from the smallest share to all rows; empty unless the task is binary.")
                    List<LiftRow> lift,
            @Schema(
                            description =
                                    "Is the calibration curve in ten bins of equal size; empty unless the task is binary.")
                    List<CalibrationBin> calibration,
            @Schema(description = "Are the features from most to least important, at most 50.")
                    List<FeatureImportance> importance,
            @Schema(description = "Are sentences that a reader must know.", examples = "[]") List<String> warnings,
            @Schema(description = "Compares with the champion; null unless a gate asks for it and there is one.")
                    @Nullable
                    ChampionComparison champion) {}

    /** Is an immutable version of a model. */
    @Schema(description = "Is an immutable version of a model.")
    record ModelVersion(
            @Schema(description = "Names the model.", examples = "churn") String model,
            @Schema(description = "Counts the versions of the model from 1.", examples = "3") int version,
            @Schema(description = "Is the SHA-256 of the package file.", examples = "9f2c0d...") String digest,
            @Schema(description = "Is the size of the package file.", examples = "48211") long packageBytes,
            @Schema(
                            description = "Is the instant of publication, milliseconds since the epoch.",
                            examples = "1767225600000")
                    long createdAtMillis,
            @Schema(description = "Names the algorithm.", examples = "boosted_trees") String algorithm,
            @Schema(description = "Names the task.", examples = "binary") String task,
            @Schema(
                            description = "Names the feature set; empty for a model that only scores rows.",
                            examples = "churn_features")
                    String featureSet,
            @Schema(description = "Names the label view.", examples = "churn_labels") String labelView,
            @Schema(description = "Names the entity that the features describe.", examples = "customer") String entity,
            @Schema(description = "Is the training job; empty for an imported package.", examples = "job-7")
                    String jobId,
            @Schema(description = "Is the judgement on held-out rows; null when there is none.") @Nullable
                    Evaluation evaluation,
            @Schema(description = "Are the training parameters by name.", examples = "{\"tree_count\": \"150\"}")
                    Map<String, String> parameters,
            @Schema(description = "Is the SHA-256 of the training rows.", examples = "51ab77...") String dataDigest,
            @Schema(
                            description =
                                    "Names what ran it when it was published: compiled or onnxruntime; empty for an old version.",
                            examples = "compiled")
                    String engine,
            @Schema(
                            description =
                                    "Says why the graph does not compile: the operator and what about it; empty when it does.",
                            examples = "")
                    String fallbackReason,
            @Schema(
                            description =
                                    "Says that all gates of its training hold; a version without gates is eligible for release.",
                            examples = "true")
                    boolean isEligible,
            @Schema(description = "Are the outcomes of the gates of its training; empty when it had none.")
                    List<GateResult> gates) {}

    /** Is a share of a release's traffic. */
    @Schema(description = "Is a share of a release's traffic.")
    record Route(
            @Schema(description = "Is the version.", examples = "3") int version,
            @Schema(description = "Is the share of the subjects that are not held out, 0 to 100.", examples = "90")
                    int weight,
            @Schema(
                            description =
                                    "Is the share of subjects whose rows it scores on a copy, 0 to 100; above 0 it is a shadow, which never"
                                            + " answers.",
                            examples = "0")
                    int shadowPercent) {}

    /** Is a group of subjects that one version answers. */
    @Schema(description = "Is a group of subjects that one version answers whatever the weights are.")
    record HoldOut(
            @Schema(description = "Is the share of all subjects, 1 to 99.", examples = "5") int percent,
            @Schema(description = "Is the version that answers the group.", examples = "2") int version) {}

    /** Says where a score counts as medium or high. */
    @Schema(description = "Says where a score counts as medium or high.")
    record Bands(
            @Schema(description = "Is the least score of the band medium.", examples = "0.3") double mediumFrom,
            @Schema(description = "Is the least score of the band high.", examples = "0.7") double highFrom) {}

    /** Says what answers when the version chosen cannot in the time left. */
    @Schema(description = "Says what answers when the version chosen cannot in the time left; a refusal comes last.")
    record Ladder(
            @Schema(description = "Is the version that answers instead; null for none.", examples = "1") @Nullable
                    Integer fallbackVersion,
            @Schema(
                            description =
                                    "Is how old a score may be that is given again, in seconds; null when none is.",
                            examples = "600")
                    @Nullable
                    Double lastKnownMaxAgeSeconds) {}

    /** Says which versions of a model serve. */
    @Schema(description = "Says which versions of a model serve.")
    record Release(
            @Schema(description = "Names the model.", examples = "churn") String model,
            @Schema(description = "Counts the releases of the model from 1.", examples = "2") int revision,
            @Schema(description = "Are the routes; their weights sum to 100.") List<Route> routes,
            @Schema(description = "Is the hold-out group; null without one.") @Nullable HoldOut holdOut,
            @Schema(description = "Replace the bands of the packages; null when those hold.") @Nullable Bands bands,
            @Schema(description = "Says what answers when the version chosen cannot in time; null when nothing does.")
                    @Nullable
                    Ladder ladder,
            @Schema(description = "Says who released.", examples = "mei") String actor,
            @Schema(description = "Says why.", examples = "better calibrated than version 2") String reason,
            @Schema(
                            description = "Is the instant of release, milliseconds since the epoch.",
                            examples = "1767225600000")
                    long createdAtMillis) {}

    /** Sums up one model. */
    @Schema(description = "Sums up one model.")
    record Model(
            @Schema(description = "Names the model.", examples = "churn") String name,
            @Schema(description = "Is the newest version.") @Nullable ModelVersion latestVersion,
            @Schema(description = "Is the current release; null when nothing is released.") @Nullable Release release,
            @Schema(description = "Are the aliases and the versions they point to.", examples = "{\"champion\": 3}")
                    Map<String, Integer> aliases,
            @Schema(description = "Is the number of versions.", examples = "3") int versionCount) {}

    /** Lists models. */
    @Schema(description = "Lists models by name.")
    record ModelList(@Schema(description = "Are the models.") List<Model> models) {}

    /** Lists versions. */
    @Schema(description = "Lists versions, newest first.")
    record VersionList(@Schema(description = "Are the versions.") List<ModelVersion> versions) {}

    /** Lists releases. */
    @Schema(description = "Lists releases, newest first.")
    record ReleaseList(@Schema(description = "Are the releases.") List<Release> releases) {}
}
