package io.foresell.training.report;

import static io.foresell.training.report.Html.html;

import io.foresell.model.manifest.Input;
import io.foresell.model.manifest.InputKind;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.manifest.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Where the model came from: enough to train it again. */
final class ProvenancePart {
    private static final int MAX_INPUTS = 200;

    private final Manifest manifest;
    private final Provenance provenance;

    ProvenancePart(Manifest manifest) {
        this.manifest = manifest;
        this.provenance = manifest.getProvenance();
    }

    Html render() {
        return Html.join(
                Layout.section(
                        "provenance",
                        "Where it comes from",
                        "The same data, parameters and seed give the same model.",
                        html("<div class=\"columns\">{}{}</div>", Layout.card(origin()), Layout.card(parameters()))),
                Layout.section("inputs", "Inputs", "", Layout.card(inputs())));
    }

    private Html origin() {
        List<Html> facts = new ArrayList<>();
        fact(facts, "Feature set", Shown.words(manifest.getFeatureSet()));
        fact(facts, "Feature set hash", code(manifest.getFeatureSetHash()));
        fact(facts, "Label view", Shown.words(manifest.getLabelView()));
        fact(facts, "Rows fitted on", Shown.count(provenance.getRowCount()));
        fact(
                facts,
                "Seen from",
                "%s to %s".formatted(Shown.day(provenance.getFromMillis()), Shown.day(provenance.getUntilMillis())));
        fact(facts, "SHA-256 of the rows", code(provenance.getDataDigest()));
        fact(facts, "Seed", Long.toString(provenance.getSeed()));
        fact(facts, "Foresell", provenance.getCodeVersion());
        new TreeMap<>(provenance.getLibraryVersionsMap()).forEach((library, version) -> fact(facts, library, version));
        return list("Data and versions", facts);
    }

    private Html parameters() {
        List<Html> facts = new ArrayList<>();
        fact(facts, "algorithm", Shown.words(manifest.getAlgorithm()));
        fact(facts, "calibration", manifest.getCalibration());
        new TreeMap<>(provenance.getParametersMap())
                .forEach((name, value) -> fact(facts, Shown.words(name), Shown.cut(value)));
        return list("Parameters", facts);
    }

    private static Html code(String text) {
        return text.isEmpty() ? Html.NONE : html("<code>{}</code>", text);
    }

    private static void fact(List<Html> facts, String name, Object value) {
        boolean isKnown = value instanceof Html markup
                ? !markup.isEmpty()
                : !value.toString().isEmpty();
        if (isKnown) {
            facts.add(html("<dt>{}</dt><dd>{}</dd>", name, value));
        }
    }

    private static Html list(String title, List<Html> facts) {
        return html("<h3>{}</h3><dl>{}</dl>", title, facts);
    }

    private Html inputs() {
        List<Html> rows = manifest.getInputsList().stream()
                .limit(MAX_INPUTS)
                .map(ProvenancePart::input)
                .toList();
        int rest = manifest.getInputsCount() - rows.size();
        return Html.join(
                Layout.table(Layout.head("name", "kind", "meaning"), rows),
                rest > 0 ? html("<p class=\"muted\">and {} more</p>", Shown.count(rest)) : Html.NONE);
    }

    private static Html input(Input input) {
        String kind = input.getKind() == InputKind.INPUT_KIND_TEXT
                ? "text"
                : input.getWidth() > 1 ? Shown.count(input.getWidth()) + " numbers, oldest first" : "number";
        return Layout.row(
                html("<code>{}</code>", Shown.cut(input.getName())),
                Layout.cell(kind),
                Layout.cell(Shown.cut(input.getDescription())));
    }
}
