package io.foresell.training.report;

import static io.foresell.training.report.Html.html;

import io.foresell.training.evaluate.ClusterProfile;
import io.foresell.training.evaluate.ClusterProfile.Trait;
import java.util.ArrayList;
import java.util.List;

/** Segments: how large they are and what their rows are like. */
final class ClusterPart {
    private static final int MAX_CLUSTERS = 24;

    private final ClusterProfile profile;
    private final Names names;

    ClusterPart(ClusterProfile profile, Names names) {
        this.profile = profile;
        this.names = names;
    }

    Html render() {
        return Html.join(
                Layout.section("sizes", "Sizes", "Of the rows that the model was fitted on.", Layout.card(sizes())),
                Layout.section(
                        "profiles",
                        "What they are like",
                        "Mean of each number and share of each text, what sets segments apart most first. Shaded: how far from all rows.",
                        Layout.card(profiles())));
    }

    private Html sizes() {
        long all = profile.sizes().stream().mapToLong(Long::longValue).sum();
        double greatest =
                profile.sizes().stream().mapToLong(Long::longValue).max().orElse(1);
        List<Html> rows = new ArrayList<>();
        for (int i = 0; i < profile.labels().size(); i++) {
            long size = profile.sizes().get(i);
            rows.add(Layout.row(
                    Shown.cut(profile.labels().get(i)),
                    Layout.num(Shown.count(size)),
                    Layout.num(Shown.percent(size / (double) all, 1)),
                    Layout.barCell(size / greatest)));
        }
        return Layout.table(Layout.head("segment", ">rows", ">of all", ""), rows);
    }

    private Html profiles() {
        int shown = Math.min(MAX_CLUSTERS, profile.labels().size());
        List<Html> heads = new ArrayList<>(List.of(Layout.head("", ">all rows")));
        for (int i = 0; i < shown; i++) {
            heads.add(html(
                    "<th scope=\"col\" class=\"num\">{}</th>",
                    Shown.cut(profile.labels().get(i))));
        }
        List<Html> rows = new ArrayList<>();
        for (Trait trait : profile.traits()) {
            List<Html> cells = new ArrayList<>(List.of(Layout.num(value(trait, trait.overall()))));
            for (int i = 0; i < shown; i++) {
                cells.add(html(
                        "<td class=\"num {}\">{}</td>",
                        shade(trait.shift(i)),
                        value(trait, trait.byCluster().get(i))));
            }
            rows.add(Layout.row(name(trait), cells));
        }
        return html("<div class=\"matrix\">{}</div>", Layout.table(Html.join(heads), rows));
    }

    private Object name(Trait trait) {
        if (!trait.isShare()) {
            return names.of(trait.input());
        }
        return html(
                "{} <small>is {}</small>",
                names.of(trait.input()),
                trait.text().isEmpty() ? "missing" : Shown.cut(trait.text()));
    }

    private static String value(Trait trait, double value) {
        if (Double.isNaN(value)) {
            return Shown.NOTHING;
        }
        return trait.isShare() ? Shown.percent(value, 0) : Shown.number(value);
    }

    /** Above all rows in one colour, below in the other; two standard deviations are the darkest. */
    private static String shade(double shift) {
        int steps = (int) Math.min(4, Math.floor(Math.abs(shift) * 2));
        return steps == 0 ? "" : (shift > 0 ? "above" : "below") + steps;
    }
}
