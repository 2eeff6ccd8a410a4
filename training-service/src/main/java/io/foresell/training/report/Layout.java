package io.foresell.training.report;

import static io.foresell.training.report.Html.html;

import java.util.Arrays;
import java.util.List;

/** The pieces that all parts of the page are made of. */
final class Layout {
    private Layout() {}

    /** Returns a part of the page; nothing without content. */
    static Html section(String id, String title, String lead, Html... content) {
        Html all = Html.join(content);
        if (all.text().isBlank()) {
            return Html.NONE;
        }
        Html said = lead.isEmpty() ? Html.NONE : html("<p class=\"lead\">{}</p>", lead);
        return html("<section aria-labelledby=\"{}\"><h2 id=\"{}\">{}</h2>{}{}</section>", id, id, title, said, all);
    }

    /** Returns a drawing or table with its own title and one sentence on how to read it. */
    static Html figure(String title, String reading, Html content) {
        return html(
                "<figure class=\"card\"><figcaption><h3>{}</h3><p class=\"muted\">{}</p></figcaption>{}</figure>",
                title,
                reading,
                content);
    }

    /** Returns figures side by side where there is room. */
    static Html figures(List<Html> figures) {
        return figures.isEmpty() ? Html.NONE : html("<div class=\"figures\">{}</div>", figures);
    }

    static Html card(Html content) {
        return html("<div class=\"card\">{}</div>", content);
    }

    /** Returns a table that scrolls sideways on a small screen. */
    static Html table(Html head, List<Html> rows) {
        return html(
                "<div class=\"scroll\"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>", head, rows);
    }

    /** Returns column titles of our own; one that starts with {@code >} stands over numbers. */
    static Html head(String... titles) {
        StringBuilder cells = new StringBuilder();
        for (String title : titles) {
            boolean isNumber = title.startsWith(">");
            cells.append(html(
                            isNumber ? "<th scope=\"col\" class=\"num\">{}</th>" : "<th scope=\"col\">{}</th>",
                            isNumber ? title.substring(1) : title)
                    .text());
        }
        return new Html(cells.toString());
    }

    /** Returns a table row whose first cell names it. */
    static Html row(Object name, Html... cells) {
        return html("<tr><th scope=\"row\">{}</th>{}</tr>", name, List.of(cells));
    }

    static Html row(Object name, List<Html> cells) {
        return row(name, cells.toArray(new Html[0]));
    }

    /** Returns a row of numbers only. */
    static Html numberRow(String... numbers) {
        return html("<tr>{}</tr>", Arrays.stream(numbers).map(Layout::num).toList());
    }

    /** Returns a cell of text or markup. */
    static Html cell(Object content) {
        return html("<td>{}</td>", content);
    }

    /** Returns a cell with a lying bar. */
    static Html barCell(double share) {
        return html("<td class=\"barred\">{}</td>", bar(share));
    }

    /** Returns a cell for a sentence, which needs room. */
    static Html sentence(String text) {
        return html("<td class=\"sentence\">{}</td>", text);
    }

    /** Returns a cell that stands under other numbers. */
    static Html num(String number) {
        return html("<td class=\"num\">{}</td>", number);
    }

    /** Returns a lying bar; {@code share} in [0, 1]. */
    static Html bar(double share) {
        return html(
                "<svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"rail\" width=\"100\" height=\"8\"/><rect class=\"fill\" width=\"{}\" height=\"8\"/></svg>",
                Shown.length(100 * Math.max(0, Math.min(1, Double.isNaN(share) ? 0 : share))));
    }

    /** Returns a bar to the left or right of its middle; {@code share} in [-1, 1]. */
    static Html balance(double share) {
        double size = 50 * Math.min(1, Math.abs(share));
        return html(
                "<svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"rail\" width=\"100\" height=\"8\"/><rect class=\"{}\" x=\"{}\" width=\"{}\" height=\"8\"/><path class=\"middle\" d=\"M50 0 V8\"/></svg>",
                share > 0 ? "up" : "down",
                Shown.length(share > 0 ? 50 : 50 - size),
                Shown.length(size));
    }
}
