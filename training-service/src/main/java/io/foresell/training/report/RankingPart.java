package io.foresell.training.report;

import static io.foresell.training.report.Html.html;

import io.foresell.training.evaluate.Metric;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How well rows are ordered within the groups that the spec declares, beside a random order. */
final class RankingPart {
    private final Facts judgement;

    RankingPart(Facts judgement) {
        this.judgement = judgement;
    }

    /** Returns whether a metric is one of the order within groups. */
    static boolean isOfLists(String key) {
        return Metric.find(key).map(metric -> metric.ofLists() != null).orElse(false);
    }

    Html render() {
        Facts rankings = judgement.object("rankings");
        Map<Metric, Facts> measured = new TreeMap<>();
        for (Facts facts : judgement.list("metrics")) {
            Optional<Metric> metric = Metric.find(facts.text("metric"));
            if (metric.isPresent() && metric.get().ofLists() != null) {
                measured.put(metric.get(), facts);
            }
        }
        if (rankings.isEmpty() || measured.isEmpty()) {
            return Html.NONE;
        }
        List<Html> rows = measured.entrySet().stream()
                .map(each -> row(MetricText.of(each.getKey().key()), each.getValue()))
                .toList();
        String within = Shown.words(rankings.text("within"));
        return Layout.section(
                "rankings",
                "Order within each " + within,
                rankings.text("sentence"),
                Layout.card(html(
                        "<p class=\"muted\">{}</p>{}",
                        "Each figure is the mean over lists; equal answers stand in every order at once.",
                        Layout.table(
                                Layout.head("metric", ">this model", ">95 % interval", ">random order", ""), rows))));
    }

    private static Html row(MetricText text, Facts facts) {
        return Layout.row(
                text.title(),
                Layout.num(text.shown(facts.number("value"))),
                Layout.num(JudgementPart.interval(facts, text)),
                Layout.num(text.shown(facts.number("baseline"))),
                Layout.sentence(text.meaning()));
    }
}
