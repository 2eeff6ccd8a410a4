package io.foresell.training.report;

import static io.foresell.training.report.Html.html;

import io.foresell.model.manifest.InputImportance;
import io.foresell.model.manifest.Manifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the model looks at. */
final class ImportancePart {
    private static final int SHOWN = 25;

    private final Manifest manifest;
    private final Names names;
    private final Map<String, Facts> more = new HashMap<>();

    /** Takes permutation and direction from the judgement, where there are some. */
    ImportancePart(Manifest manifest, Names names, Facts judgement) {
        this.manifest = manifest;
        judgement.list("importance").forEach(each -> more.put(each.text("input"), each));
        this.names = names;
    }

    Html render() {
        List<InputImportance> all = manifest.getEvaluation().getImportanceList();
        if (all.isEmpty()) {
            return Html.NONE;
        }
        double greatest = all.get(0).getMeanAbsoluteContribution();
        boolean isShuffled = more.values().stream().anyMatch(each -> each.has("permutation_drop"));
        List<Html> rows = all.stream()
                .limit(SHOWN)
                .map(input -> row(input, greatest, isShuffled))
                .toList();
        Html head = isShuffled
                ? Layout.head("input", "", ">" + unit(), ">loss when shuffled", "higher values")
                : Layout.head("input", "", ">" + unit());
        Html rest = all.size() > SHOWN
                ? html("<p class=\"muted\">and {} that matter less</p>", Shown.count(all.size() - SHOWN, "input"))
                : Html.NONE;
        return Layout.section(
                "importance",
                "What the model looks at",
                "How much each input moves an answer on average, on judged rows.",
                Layout.card(Html.join(Layout.table(head, rows), rest)));
    }

    private Html row(InputImportance input, double greatest, boolean isShuffled) {
        Facts facts = more.getOrDefault(input.getInput(), Facts.NONE);
        double drop = facts.number("permutation_drop");
        List<Html> cells = new ArrayList<>(List.of(
                Layout.barCell(greatest == 0 ? 0 : input.getMeanAbsoluteContribution() / greatest),
                Layout.num(Shown.decimal(input.getMeanAbsoluteContribution(), Shown.digitsFor(greatest)))));
        if (isShuffled) {
            cells.add(Layout.num(Double.isNaN(drop) ? Shown.NOTHING : Shown.number(drop)));
            cells.add(Layout.cell(direction(facts.number("direction"))));
        }
        return Layout.row(names.of(input.getInput()), cells);
    }

    /** A rank correlation below a third is no direction. */
    private static String direction(double correlation) {
        if (Double.isNaN(correlation)) {
            return "";
        }
        return Math.abs(correlation) < 1 / 3.0 ? "go both ways" : correlation > 0 ? "raise it" : "lower it";
    }

    private String unit() {
        return switch (manifest.getTask()) {
            case "binary" -> "mean |log-odds|";
            case "multiclass" -> "mean |score of the class|";
            case "regression" -> "mean |change of the value|";
            default -> "mean |change of the answer|";
        };
    }
}
