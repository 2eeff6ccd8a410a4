package io.foresell.feature.prediction;

/**
 * What outcomes are kept under: one prediction, or the predictions of one model for one subject.
 *
 * @param predictionId empty for a subject
 * @param model empty for one prediction
 * @param subject empty for one prediction
 */
public record OutcomeTarget(String predictionId, String model, String subject) {
    public static OutcomeTarget prediction(String id) {
        return new OutcomeTarget(id, "", "");
    }

    public static OutcomeTarget subject(String model, String subject) {
        return new OutcomeTarget("", model, subject);
    }

    /** Returns the id of its document; names of models have no '|'. */
    String key() {
        return predictionId.isEmpty() ? "s|" + model + "|" + subject : "p|" + predictionId;
    }
}
