package io.foresell.training.report;

import static io.foresell.training.report.Html.html;

import io.foresell.model.manifest.Evaluation;
import io.foresell.model.manifest.Manifest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the model is for, what one must know first, and the figures beside the plain baseline. */
final class HeadPart {
    private static final Pattern FOLDS = Pattern.compile("k_fold\\(k=(\\d+), by=(\\w+)\\)");
    private static final Pattern TIME = Pattern.compile("time\\(test_fraction=([\\d.]+), gap_days=([\\d.]+)\\)");
    private static final Pattern ENTITY = Pattern.compile("entity\\(test_fraction=([\\d.]+)\\)");

    private final Manifest manifest;
    private final Evaluation evaluation;
    private final Map<String, Facts> measured = new HashMap<>();
    private final String deciding;

    /** Takes the intervals of metrics from the judgement, where there are some. */
    HeadPart(Manifest manifest, Facts judgement) {
        this.manifest = manifest;
        this.deciding = judgement.text("metric");
        judgement.list("metrics").forEach(metric -> measured.put(metric.text("metric"), metric));
        this.evaluation = manifest.getEvaluation();
    }

    Html render() {
        return Html.join(title(), limits());
    }

    private Html title() {
        String candidate = manifest.getProvenance().getParametersOrDefault("candidate", "");
        String algorithm = Shown.words(manifest.getAlgorithm());
        boolean isNamed = !candidate.isEmpty() && !candidate.equals(manifest.getAlgorithm());
        String description = manifest.getDescription();
        return html(
                "<header class=\"hero\"><p class=\"kind\">{}</p><h1>{}</h1>{}<p class=\"muted\">{}{}. {}</p></header>",
                Shown.capitalized(task()) + " · report of a trained model",
                Shown.words(manifest.getModel()),
                description.isEmpty() ? Html.NONE : html("<p class=\"lead\">{}</p>", description),
                Shown.capitalized(algorithm),
                isNamed ? html(" (<q>{}</q>)", Shown.words(candidate)) : Html.NONE,
                answers());
    }

    private String task() {
        return switch (manifest.getTask()) {
            case "binary" -> "yes or no";
            case "multiclass" -> "one of several classes";
            case "regression" -> "a value";
            case "clusters" -> "segments";
            case "ranking" -> "ranking";
            default -> Shown.words(manifest.getTask());
        };
    }

    private String answers() {
        String meaning = manifest.getMeaningOrDefault("en", "");
        int labels = manifest.getAnswer().getLabelsCount();
        String entity = manifest.getEntity().isEmpty() ? "row" : Shown.words(manifest.getEntity());
        return switch (manifest.getTask()) {
            case "binary" -> "Answers for one %s with a chance from 0 to 100 %%%s."
                    .formatted(entity, meaning.isEmpty() ? "" : ": the " + meaning);
            case "multiclass" -> "Answers for one %s with a chance for each of %d classes.".formatted(entity, labels);
            case "regression" -> "Answers for one %s with a number%s."
                    .formatted(entity, meaning.isEmpty() ? "" : ": the " + meaning);
            case "clusters" -> "Says which of %d segments one %s is like.".formatted(labels, entity);
            default -> "";
        };
    }

    /** Warnings first: they change how everything below is read. */
    private Html limits() {
        List<Html> warnings = evaluation.getWarningsList().stream()
                .map(warning -> html("<li>{}</li>", warning))
                .toList();
        List<Html> limits = manifest.getLimitsList().stream()
                .map(limit -> html("<li>{}</li>", limit))
                .toList();
        return Html.join(
                warnings.isEmpty()
                        ? Html.NONE
                        : html(
                                "<section class=\"notice\" aria-labelledby=\"warnings\"><h2 id=\"warnings\">Know before use</h2><ul>{}</ul></section>",
                                warnings),
                limits.isEmpty()
                        ? Html.NONE
                        : html(
                                "<section class=\"card\" aria-labelledby=\"limits\"><h2 id=\"limits\">Limits</h2><ul>{}</ul></section>",
                                limits));
    }

    /** Returns the figures beside the plain baseline. */
    Html figures() {
        List<Html> tiles = evaluation.getMetricsMap().keySet().stream()
                .filter(key -> key.equals(deciding) || !RankingPart.isOfLists(key)) // those have a table
                .sorted(MetricOrder.COMPARATOR)
                .map(this::tile)
                .toList();
        return tiles.isEmpty()
                ? Html.NONE
                : Layout.section("figures", "How good it is", judged(), html("<div class=\"metrics\">{}</div>", tiles));
    }

    private Html tile(String key) {
        MetricText text = MetricText.of(key);
        double value = evaluation.getMetricsOrThrow(key);
        double baseline = evaluation.getBaselineMetricsOrDefault(key, Double.NaN);
        double spread = evaluation.getMetricStandardDeviationsOrDefault(key, Double.NaN);
        Html verdict = Html.NONE;
        if (!Double.isNaN(baseline)) {
            verdict = html("{} baseline {}", verdict(text, value, baseline), text.shown(baseline));
        }
        String interval = JudgementPart.interval(measured.getOrDefault(key, Facts.NONE), text);
        return html(
                "<div class=\"metric\"><h3>{}</h3><b>{}</b>{}{}<small>{}</small><small class=\"meaning\">{}</small></div>",
                text.title(),
                text.shown(value),
                Double.isNaN(spread) ? Html.NONE : html("<small>± {} over folds</small>", text.shown(spread)),
                interval.isEmpty() ? Html.NONE : html("<small>95 %: {}</small>", interval),
                verdict,
                text.meaning());
    }

    private static Html verdict(MetricText text, double value, double baseline) {
        if (!text.isCompared()) {
            return Html.NONE;
        }
        boolean isBetter = text.isBetter(value, baseline);
        String word = isBetter ? "beats" : value == baseline ? "equals" : "loses to";
        return html("<span class=\"{}\">{}</span>", isBetter ? "better" : "worse", word);
    }

    private String judged() {
        String rows = Shown.count(evaluation.getEvaluationRowCount(), "row");
        String positive = manifest.getTask().equals("binary")
                ? ", %s of them positive".formatted(Shown.percent(evaluation.getBaseRate(), 1))
                : "";
        return "Judged on %s that it was not fitted on%s. %s".formatted(rows, positive, split(evaluation.getSplit()));
    }

    static String split(String described) {
        Matcher folds = FOLDS.matcher(described);
        if (folds.matches()) {
            String by = folds.group(2).equals("ENTITY") ? "no entity is on both sides" : "rows are dealt out in turn";
            return "%s folds, each judged by a model fitted on the others; %s. The model in use was then fitted on all rows."
                    .formatted(folds.group(1), by);
        }
        Matcher time = TIME.matcher(described);
        if (time.matches()) {
            double gap = Double.parseDouble(time.group(2));
            return "Judged on the newest %s of the time%s."
                    .formatted(
                            Shown.percent(Double.parseDouble(time.group(1)), 0),
                            gap > 0 ? ", %s days after the last row learnt from".formatted(Shown.number(gap)) : "");
        }
        Matcher entity = ENTITY.matcher(described);
        if (entity.matches()) {
            return "Judged on %s of the entities, none of which it has seen."
                    .formatted(Shown.percent(Double.parseDouble(entity.group(1)), 0));
        }
        return described.isEmpty() ? "" : "Split: " + described + ".";
    }
}
