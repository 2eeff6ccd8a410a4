package io.foresell.gateway.rest;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.foresell.proto.inference.v1.NamedRows;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The JSON of scoring. */
final class Scores {
    // Said of the same field of several answers.
    private static final String SCORE =
            "Is the probability of the positive class, 0 to 1; of a regression the value, otherwise the score of the winning label.";
    private static final String BAND =
            "Names the band the score falls in: low, medium or high; empty unless the model is binary.";
    private static final String LABEL =
            "Names the winner: the class, the cluster or the top item; empty for models without labels.";
    private static final String LABELS = "Are the best labels, highest score first; empty for models without labels.";
    private static final String VERSION = "Is the version that scored.";
    private static final String REASONS = "Are the strongest contributions, strongest first.";
    private static final String MISSING = "Names the features that were missing.";
    private static final String STALE = "Names the features older than their view's limit.";
    private static final String REFUSED =
            "Says that the model is too unsure to answer: label and band are empty, the row is like none of the classes.";
    private static final String REFUSE_BELOW =
            "Is the greatest probability of a class below which the model refuses; null when it never does.";
    private static final String HELD_OUT =
            "Says that the subject belongs to the hold-out group of the release, which its baseline version answers.";
    private static final String DEGRADATION =
            "Says that a lower rung of the release's ladder answered, and why; null when the version chosen did.";
    private static final String MODEL = "Names the model.";
    private static final String PREDICTION_ID =
            "Names this answer for good: outcomes are reported and replays asked for under it.";
    private static final String FEATURE_AGE =
            "Is the age of the oldest feature value used, in seconds; null without any value.";

    private Scores() {}

    /** Asks for scores of rows or of entities. */
    @Schema(description = "Asks for scores: of exactly one of rows and entities.")
    record ScoreQuestion(
            @JsonDeserialize(using = RowsReader.class)
                    @Schema(
                            type = SchemaType.ARRAY,
                            implementation = Map.class,
                            description =
                                    "Are 1 to 4096 rows of values by input name: a number, text, boolean, array of numbers, or null for"
                                            + " missing. Absent inputs are missing, unknown ones an error.",
                            examples =
                                    "[{\"tenure\": 12, \"contract\": \"month-to-month\", \"paperless_billing\": true}]")
                    @Nullable
                    NamedRows rows,
            @Schema(
                            description =
                                    "Assign the rows to versions of the release, e.g. the customers' ids: the same subject always gets the"
                                            + " same version. One a row, empty or null for none; absent for none at all. Entities are their own"
                                            + " subjects.",
                            examples = "[\"C-1042\"]")
                    @Nullable
                    List<String> subjects,
            @Schema(
                            description = "Are 1 to 4096 keys of entities whose features are looked up.",
                            examples = "[\"C-1042\", \"C-1043\"]")
                    @Nullable
                    List<String> entities,
            @Schema(description = "Is the version; absent means the released one.", examples = "3") @Nullable
                    Integer version,
            @Schema(description = "Is the number of reasons per row, 0 to 20; absent means 0.", examples = "3")
                    @Nullable
                    Integer reasons,
            @Schema(description = "Is the language of the reasons, en or zh; absent means en.", examples = "en")
                    @Nullable
                    String language,
            @Schema(
                            description =
                                    "Is how many labels a row's answer lists, 0 to 1000; absent or 0 means 5. Models without labels list none.",
                            examples = "5")
                    @Nullable
                    Integer labels,
            @Schema(
                            description = "Names the label that the reasons are about; absent means each row's winner.",
                            examples = "gold")
                    @Nullable
                    String reasonLabel) {}

    /** Is one class, cluster or item with its score. */
    @Schema(description = "Is one class, cluster or item with its score.")
    record LabelScore(
            @Schema(description = "Names the class, cluster or item.", examples = "gold") String label,
            @Schema(
                            description =
                                    "Is the probability of the class, the membership in the cluster or the score of the item.",
                            examples = "0.62")
                    @Nullable
                    Double score) {}

    /** Says how one feature moved a score. */
    @Schema(description = "Says how one feature moved a score.")
    record Reason(
            @Schema(description = "Names the feature.", examples = "days_since_last_order") String feature,
            @Schema(description = "Is the feature's value as text; empty when missing.", examples = "74") String value,
            @Schema(
                            description =
                                    "Is the contribution, above 0 raises the score: to the log-odds of a binary model, the logarithm of a"
                                            + " class's probability or its score before the softmax, otherwise the score itself.",
                            examples = "0.82")
                    @Nullable
                    Double contribution,
            @Schema(description = "Says it in words.", examples = "Last order 74 days ago raises the risk")
                    String sentence) {}

    /** Says what answered instead of the version that the release chose. */
    @Schema(description = "Says what answered instead of the version that the release chose, and why.")
    record Degradation(
            @Schema(
                            description =
                                    "Names what answered: fallback, the release's smaller version, or last_known, the score that the subject got"
                                            + " last, without reasons.",
                            examples = "last_known")
                    String rung,
            @Schema(
                            description =
                                    "Says why: deadline, features_late, features_away, queue_full or scorer_failed.",
                            examples = "features_late")
                    String cause,
            @Schema(description = "Is the version that the release chose.", examples = "3") int chosenVersion,
            @Schema(
                            description = "Is the age of the score given again, in seconds; null for a fallback.",
                            examples = "12.5")
                    @Nullable
                    Double ageSeconds) {}

    /** Is the answer for one row. */
    @Schema(description = "Is the answer for one row.")
    record ScoredRow(
            @Schema(description = "Is the entity's key; empty for rows.", examples = "C-1042") String entity,
            @Schema(description = SCORE, examples = "0.731") @Nullable Double score,
            @Schema(description = BAND, examples = "high") String band,
            @Schema(description = LABEL, examples = "") String label,
            @Schema(description = LABELS) List<LabelScore> labels,
            @Schema(description = VERSION, examples = "3") int version,
            @Schema(
                            description =
                                    "Is the age of the oldest feature value used, in seconds; null when none was looked up.",
                            examples = "5400")
                    @Nullable
                    Double featureAgeSeconds,
            @Schema(description = REASONS) List<Reason> reasons,
            @Schema(description = MISSING, examples = "[\"support_tone\"]") List<String> missingFeatures,
            @Schema(description = STALE, examples = "[]") List<String> staleFeatures,
            @Schema(description = REFUSED, examples = "false") boolean refused,
            @Schema(description = REFUSE_BELOW, examples = "0.35") @Nullable Double refuseBelow,
            @Schema(description = HELD_OUT, examples = "false") boolean heldOut,
            @Schema(description = DEGRADATION) @Nullable Degradation degradation,
            @Schema(description = PREDICTION_ID, examples = "01JD8Z6X0V00000000000000XY") String predictionId) {}

    /** Answers a question in request order. */
    @Schema(description = "Answers in request order.")
    record ScoreAnswer(
            @Schema(description = MODEL, examples = "churn") String model,
            @Schema(
                            description =
                                    "Is the revision of the release that routed the rows; 0 when a version was named.",
                            examples = "2")
                    int release,
            @Schema(description = "Are the answers.") List<ScoredRow> rows) {}

    /** Is the score of one entity. */
    @Schema(description = "Is the score of one entity by the released version of a model.")
    record EntityScore(
            @Schema(description = "Is the entity's key.", examples = "C-1042") String entity,
            @Schema(description = SCORE, examples = "0.731") @Nullable Double score,
            @Schema(description = BAND, examples = "high") String band,
            @Schema(description = LABEL, examples = "") String label,
            @Schema(description = LABELS) List<LabelScore> labels,
            @Schema(description = MODEL, examples = "churn") String model,
            @Schema(description = VERSION, examples = "3") int version,
            @Schema(
                            description =
                                    "Is the revision of the release that chose the version; 0 when one was named.",
                            examples = "2")
                    int release,
            @Schema(description = FEATURE_AGE, examples = "5400") @Nullable Double featureAgeSeconds,
            @Schema(description = REASONS) List<Reason> reasons,
            @Schema(description = MISSING, examples = "[\"support_tone\"]") List<String> missingFeatures,
            @Schema(description = STALE, examples = "[]") List<String> staleFeatures,
            @Schema(description = REFUSED, examples = "false") boolean refused,
            @Schema(description = REFUSE_BELOW, examples = "0.35") @Nullable Double refuseBelow,
            @Schema(description = HELD_OUT, examples = "false") boolean heldOut,
            @Schema(description = DEGRADATION) @Nullable Degradation degradation,
            @Schema(description = PREDICTION_ID, examples = "01JD8Z6X0V00000000000000XY") String predictionId) {}

    /** Says how likely a customer is to leave. */
    @Schema(description = "Says how likely a customer is to leave, and why.")
    record CustomerChurn(
            @Schema(description = "Is the customer's key.", examples = "C-1042") String customer,
            @Schema(description = "Is the probability that the customer leaves, 0 to 1.", examples = "0.731") @Nullable
                    Double score,
            @Schema(description = "Names the band the score falls in: low, medium or high.", examples = "high")
                    String band,
            @Schema(description = MODEL, examples = "churn") String model,
            @Schema(description = VERSION, examples = "3") int version,
            @Schema(description = "Is the revision of the release that chose the version.", examples = "2") int release,
            @Schema(description = FEATURE_AGE, examples = "5400") @Nullable Double featureAgeSeconds,
            @Schema(description = REASONS) List<Reason> reasons,
            @Schema(description = MISSING, examples = "[\"support_tone\"]") List<String> missingFeatures,
            @Schema(description = STALE, examples = "[]") List<String> staleFeatures,
            @Schema(description = REFUSED, examples = "false") boolean refused,
            @Schema(description = REFUSE_BELOW, examples = "0.35") @Nullable Double refuseBelow,
            @Schema(description = HELD_OUT, examples = "false") boolean heldOut,
            @Schema(description = DEGRADATION) @Nullable Degradation degradation,
            @Schema(description = PREDICTION_ID, examples = "01JD8Z6X0V00000000000000XY") String predictionId) {}
}
