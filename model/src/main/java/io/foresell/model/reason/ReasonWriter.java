package io.foresell.model.reason;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.manifest.Input;
import io.foresell.model.manifest.Manifest;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Turns contributions into sentences, with the descriptions of the inputs as wording. Immutable. */
public final class ReasonWriter {
    private static final int LATEST_STEPS = 6;
    private static final int MAX_TEXT_LENGTH = 80;

    private final Signature signature;
    private final List<String> labels = new ArrayList<>();

    /** Takes the descriptions from the manifest; an input without one is called by its name. */
    public ReasonWriter(Signature signature, Manifest manifest) {
        this.signature = signature;
        Map<String, String> descriptions = new HashMap<>();
        for (Input input : manifest.getInputsList()) {
            descriptions.put(input.getName(), input.getDescription());
        }
        for (InputField field : signature.inputs()) {
            labels.add(label(field.name(), descriptions.getOrDefault(field.name(), "")));
        }
    }

    private static String label(String name, String description) {
        String label = description.strip().replaceAll("[.。]+$", "");
        return label.isEmpty() ? name : label;
    }

    /** Returns the strongest reasons of a row, strongest first, contributions of 0 left out. */
    public List<Reason> strongest(Rows rows, int row, double[] contributions, int count, Language language) {
        List<Reason> reasons = new ArrayList<>();
        IntStream.range(0, contributions.length)
                .filter(input -> contributions[input] != 0)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer input) -> -Math.abs(contributions[input])))
                .limit(count)
                .forEach(input -> reasons.add(reason(rows, row, input, contributions[input], language)));
        return reasons;
    }

    private Reason reason(Rows rows, int row, int input, double contribution, Language language) {
        InputField field = signature.inputs().get(input);
        String value = value(rows, row, input);
        String sentence = language == Language.CHINESE
                ? chinese(labels.get(input), value, field.width(), contribution > 0)
                : english(labels.get(input), value, field.width(), contribution > 0);
        return new Reason(field.name(), value, contribution, sentence);
    }

    private static String english(String label, String value, int width, boolean isRaised) {
        String effect = isRaised ? "raises the risk" : "lowers the risk";
        if (value.isEmpty()) {
            return "%s is missing: %s".formatted(label, effect);
        }
        return width > 1
                ? "%s, latest values %s: %s".formatted(label, value, effect)
                : "%s is %s: %s".formatted(label, value, effect);
    }

    private static String chinese(String label, String value, int width, boolean isRaised) {
        String effect = isRaised ? "提高风险" : "降低风险";
        String subject = endsInLatin(label) ? label + " " : label;
        if (value.isEmpty()) {
            return "%s缺失：%s".formatted(subject, effect);
        }
        return width > 1
                ? "%s最近的值为 %s：%s".formatted(subject, value, effect)
                : "%s为 %s：%s".formatted(subject, value, effect);
    }

    /** Chinese print sets a space between Latin letters or digits and a Chinese character. */
    private static boolean endsInLatin(String label) {
        return !label.isEmpty() && label.charAt(label.length() - 1) < 0x80;
    }

    /** Returns the value as text: of a sequence the latest steps, oldest first; empty when all is missing. */
    private String value(Rows rows, int row, int input) {
        InputField field = signature.inputs().get(input);
        int place = signature.offset(input);
        if (field.kind() == InputKind.TEXT) {
            String text = rows.texts()[row * signature.textWidth() + place];
            return text.length() > MAX_TEXT_LENGTH ? text.substring(0, MAX_TEXT_LENGTH) + "…" : text;
        }
        int from = row * signature.numberWidth() + place;
        List<String> steps = new ArrayList<>();
        boolean isMissing = true;
        for (int i = from + Math.max(0, field.width() - LATEST_STEPS); i < from + field.width(); i++) {
            float number = rows.numbers()[i];
            isMissing &= Float.isNaN(number);
            steps.add(Float.isNaN(number) ? "?" : number(number));
        }
        return isMissing ? "" : String.join(", ", steps);
    }

    private static String number(float number) {
        if (!Float.isFinite(number)) {
            return Float.toString(number);
        }
        // Through the shortest decimal of the float, so that 70.35 does not become 70.3499985.
        BigDecimal decimal = new BigDecimal(Float.toString(number));
        boolean isWhole = decimal.stripTrailingZeros().scale() <= 0;
        return (isWhole ? decimal : decimal.round(new MathContext(4)))
                .stripTrailingZeros()
                .toPlainString();
    }
}
