package io.foresell.model.reason;

import io.foresell.model.Answer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * How a language says that an input moved an answer. A subject ("tenure is 1") and an effect ("raises the risk of leaving") make a
 * sentence.
 */
interface Wording {
    /**
     * Returns the sentence.
     *
     * @param label how people call the input
     * @param value its value as text; empty when missing
     * @param isSequence whether the value is the latest ones of several
     * @param contribution on the scale of the scorer's contributions, not 0
     */
    String sentence(String label, String value, boolean isSequence, double contribution);

    /**
     * Returns the wording of one answer.
     *
     * @param target index of the label that is explained
     * @param meaning what a higher answer means, as a noun phrase of that language; empty when unknown
     */
    static Wording of(Language language, Answer answer, int target, String meaning) {
        String label = answer.labels().isEmpty() ? "" : answer.labels().get(target);
        return switch (language) {
            case ENGLISH -> new English(answer.task(), label, meaning);
            case CHINESE -> new Chinese(answer.task(), label, meaning);
        };
    }

    /** Returns an amount without sign to three digits, whole from 1000 on. */
    static String amount(double contribution) {
        double size = Math.abs(contribution);
        if (Double.isNaN(size) || Double.isInfinite(size)) {
            return Double.toString(size);
        }
        BigDecimal decimal = BigDecimal.valueOf(size);
        return (size >= 1000
                        ? decimal.setScale(0, RoundingMode.HALF_EVEN)
                        : decimal.round(new MathContext(3)).stripTrailingZeros())
                .toPlainString();
    }
}
