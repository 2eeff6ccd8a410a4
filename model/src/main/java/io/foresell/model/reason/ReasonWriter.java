package io.foresell.model.reason;

import io.foresell.model.Answer;
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

/**
 * Turns contributions into sentences, with the descriptions of the inputs and the manifest's meaning of the answer as wording.
 * Immutable.
 */
public final class ReasonWriter {
    private static final int LATEST_STEPS = 6;
    private static final int MAX_TEXT_LENGTH = 80;

    private final Signature signature;
    private final Answer answer;
    private final Map<String, String> meanings;
    private final List<String> labels = new ArrayList<>();

    /**
     * Takes descriptions and meaning from the manifest; an input without a description is called by its name, an answer without a
     * meaning is a score, a forecast, a class, a segment.
     */
    public ReasonWriter(Signature signature, Answer answer, Manifest manifest) {
        this.signature = signature;
        this.answer = answer;
        this.meanings = Map.copyOf(manifest.getMeaningMap());
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

    /** Returns the strongest reasons for the first float of an answer, strongest first, contributions of 0 left out. */
    public List<Reason> strongest(Rows rows, int row, double[] contributions, int count, Language language) {
        return strongest(rows, row, contributions, 0, count, language);
    }

    /**
     * Returns the strongest reasons for one float of an answer, strongest first, contributions of 0 left out.
     *
     * @param target index of the label; 0 when there are none
     */
    public List<Reason> strongest(
            Rows rows, int row, double[] contributions, int target, int count, Language language) {
        Wording wording = Wording.of(language, answer, target, meanings.getOrDefault(language.code(), ""));
        List<Reason> reasons = new ArrayList<>();
        IntStream.range(0, contributions.length)
                .filter(input -> contributions[input] != 0)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer input) -> -Math.abs(contributions[input])))
                .limit(count)
                .forEach(input -> reasons.add(reason(rows, row, input, contributions[input], wording)));
        return reasons;
    }

    private Reason reason(Rows rows, int row, int input, double contribution, Wording wording) {
        InputField field = signature.inputs().get(input);
        String value = value(rows, row, input);
        return new Reason(
                field.name(),
                value,
                contribution,
                wording.sentence(labels.get(input), value, field.width() > 1, contribution));
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
