package io.foresell.training.report;

import static io.foresell.training.report.Html.html;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The model itself where it can be read: its coefficients, or its tree. */
final class ModelPart {
    private static final int MAX_COEFFICIENTS = 120;
    private static final int MAX_DRAWING_BYTES = 512 << 10;
    private static final int MAX_TREE_LINES = 300;
    private static final int LINES_OPEN = 40;
    private static final byte[] NOTHING = {};

    private final Map<String, byte[]> source;
    private final Names names;

    ModelPart(Map<String, byte[]> source, Names names) {
        this.source = source;
        this.names = names;
    }

    Html render() {
        return Html.join(coefficients(), tree());
    }

    private Html coefficients() {
        Facts table = Facts.of(source.get("coefficients.json"));
        List<Facts> all = table.list("coefficients");
        if (all.isEmpty()) {
            return Html.NONE;
        }
        boolean hasLabels = all.stream().anyMatch(each -> each.has("label"));
        boolean hasErrors = all.stream().anyMatch(each -> each.has("standard_error"));
        List<Html> rows = all.stream()
                .limit(MAX_COEFFICIENTS)
                .map(each -> coefficient(each, hasLabels, hasErrors))
                .toList();
        long more = all.size() - rows.size() + table.count("omitted_count");
        Html head = Html.join(
                Layout.head("input"),
                hasLabels ? Layout.head("class") : Html.NONE,
                Layout.head(">estimate"),
                hasErrors ? Layout.head(">standard error", ">statistic", ">p") : Html.NONE);
        return Layout.section(
                "coefficients",
                "Coefficients",
                Shown.capitalized(table.text("method")),
                Layout.card(Html.join(
                        table.text("standard_errors").isEmpty()
                                ? Html.NONE
                                : html("<p class=\"muted\">{}</p>", table.text("standard_errors")),
                        Layout.table(head, rows),
                        more > 0 ? html("<p class=\"muted\">and {} more</p>", Shown.count(more)) : Html.NONE)));
    }

    private Html coefficient(Facts each, boolean hasLabels, boolean hasErrors) {
        Html label = hasLabels ? Layout.cell(Shown.cut(each.text("label"))) : Html.NONE;
        Html errors = hasErrors
                ? Html.join(
                        Layout.num(Shown.number(each.number("standard_error"))),
                        Layout.num(Shown.decimal(each.number("statistic"), 2)),
                        Layout.num(JudgementPart.probability(each.number("p_value"))))
                : Html.NONE;
        String left = each.isTrue("is_left_out") ? "left out" : Shown.signed(each.number("estimate"));
        return Layout.row(names.of(each.text("name")), label, Layout.num(left), errors);
    }

    private Html tree() {
        byte[] text = source.getOrDefault("tree.txt", NOTHING);
        byte[] drawing = source.getOrDefault("tree.svg", NOTHING);
        if (text.length == 0 && drawing.length == 0) {
            return Html.NONE;
        }
        return Layout.section(
                "tree",
                "The tree",
                "Every row goes from the root to one leaf, whose rows answer for it.",
                drawing.length == 0 || drawing.length > MAX_DRAWING_BYTES ? Html.NONE : drawing(drawing),
                text.length == 0 ? Html.NONE : Layout.card(rules(text)));
    }

    /** As a picture: whatever is in it, it can do nothing. */
    private static Html drawing(byte[] svg) {
        return html(
                "<div class=\"card drawing\"><div class=\"scroll\"><img alt=\"Drawing of the tree; the rules below say the same\" src=\"data:image/svg+xml;base64,{}\"/></div></div>",
                Base64.getEncoder().encodeToString(svg));
    }

    private static Html rules(byte[] text) {
        List<String> lines = new String(text, StandardCharsets.UTF_8).lines().toList();
        String shown = lines.stream().limit(MAX_TREE_LINES).collect(Collectors.joining("\n"));
        int more = lines.size() - MAX_TREE_LINES;
        return html(
                "<details{}><summary>Rules</summary><pre>{}</pre>{}</details>",
                lines.size() <= LINES_OPEN ? new Html(" open=\"open\"") : Html.NONE,
                shown,
                more > 0 ? html("<p class=\"muted\">and {} more</p>", Shown.count(more, "line")) : Html.NONE);
    }
}
