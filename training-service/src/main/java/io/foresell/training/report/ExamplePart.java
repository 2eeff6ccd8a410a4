package io.foresell.training.report;

import static io.foresell.training.report.Html.html;

import io.foresell.model.manifest.Manifest;
import io.foresell.model.reason.Reason;
import io.foresell.training.evaluate.Example;
import io.foresell.training.evaluate.Example.Kind;
import java.util.ArrayList;
import java.util.List;

/** Some rows with their answers and the reasons for them, the right ones beside the wrong ones. */
final class ExamplePart {
    private final Manifest manifest;
    private final List<Example> examples;
    private final List<String> labels;

    /** Takes the labels of the answer, empty when it has none. */
    ExamplePart(Manifest manifest, List<Example> examples) {
        this.manifest = manifest;
        this.examples = examples;
        this.labels = manifest.getAnswer().getLabelsList();
    }

    Html render() {
        List<Html> groups = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            List<Html> cards = examples.stream()
                    .filter(example -> example.kind() == kind)
                    .map(this::card)
                    .toList();
            if (!cards.isEmpty()) {
                groups.add(html(
                        "<div class=\"group\"><h3>{}</h3><div class=\"examples\">{}</div></div>", title(kind), cards));
            }
        }
        boolean isTypical = examples.stream().anyMatch(example -> example.kind() == Kind.TYPICAL);
        return Layout.section(
                "examples",
                "Examples",
                isTypical
                        ? "Real rows in the middle of each segment, with what speaks for it. Whose they are is not kept."
                        : "Real rows that the model was not fitted on, the clearest of their kind. Whose they are is not kept.",
                Html.join(groups));
    }

    private static String title(Kind kind) {
        return switch (kind) {
            case FOUND -> "Right: positive, and scored high";
            case SPARED -> "Right: negative, and scored low";
            case FALSE_ALARM -> "Wrong: negative, but scored high";
            case MISSED -> "Wrong: positive, but scored low";
            case RIGHT -> "Right";
            case WRONG -> "Wrong: sure of another class";
            case TOO_HIGH -> "Wrong: far too high";
            case TOO_LOW -> "Wrong: far too low";
            case TYPICAL -> "In the middle";
        };
    }

    private Html card(Example example) {
        double greatest = example.reasons().stream()
                .mapToDouble(reason -> Math.abs(reason.contribution()))
                .max()
                .orElse(1);
        List<Html> reasons = example.reasons().stream()
                .map(reason -> reason(reason, greatest))
                .toList();
        return html(
                "<div class=\"card example\"><p><b>{}</b> {}</p><ul class=\"reasons\">{}</ul></div>",
                answered(example),
                truth(example),
                reasons);
    }

    private static Html reason(Reason reason, double greatest) {
        return html(
                "<li><span>{}</span>{}</li>",
                Shown.capitalized(reason.sentence()),
                Layout.balance(reason.contribution() / greatest));
    }

    private String answered(Example example) {
        return switch (manifest.getTask()) {
            case "binary" -> Shown.chance(example.answer());
            case "multiclass" -> label(example.target()) + " " + Shown.chance(example.answer());
            case "regression" -> Shown.number(example.answer());
            default -> label(example.target());
        };
    }

    private String truth(Example example) {
        return switch (manifest.getTask()) {
            case "binary" -> example.truth() == 1 ? "predicted, and it was positive" : "predicted, and it was negative";
            case "multiclass" -> (int) example.truth() == example.target()
                    ? "predicted, and so it was"
                    : "predicted, but it was " + label((int) example.truth());
            case "regression" -> "predicted, actually %s (%s)"
                    .formatted(Shown.number(example.truth()), Shown.signed(example.answer() - example.truth()));
            default -> "";
        };
    }

    private String label(int index) {
        return index < labels.size() ? Shown.cut(labels.get(index)) : Integer.toString(index);
    }
}
