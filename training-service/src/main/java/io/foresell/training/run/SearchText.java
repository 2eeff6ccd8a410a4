package io.foresell.training.run;

import io.foresell.training.evaluate.Metric;
import io.foresell.training.search.Search;
import io.foresell.training.search.SearchPlan;
import io.foresell.training.search.Trial;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says in a sentence what a search found. */
final class SearchText {
    private SearchText() {}

    static String of(Search.Found found, SearchPlan plan, Metric metric) {
        return sentence(found, metric)
                + (found.isOutOfTime()
                        ? " The time of the search (%s s) was over before all %d had been tried."
                                .formatted(BigDecimal.valueOf(plan.seconds()).toPlainString(), plan.trialCount() + 1)
                        : "");
    }

    private static String sentence(Search.Found found, Metric metric) {
        Trial first = found.trials().get(0);
        String parameters = found.best().isDefault()
                ? "the candidate's own parameters"
                : new TreeMap<>(found.best().values())
                        .entrySet().stream().map(SearchText::shown).collect(Collectors.joining(", "));
        return "Of %d configurations tried on inner folds, the best is %s: %s %.4f against %.4f of the candidate's own."
                .formatted(
                        found.trials().size(),
                        parameters,
                        metric.key(),
                        found.best().metric(),
                        first.metric());
    }

    private static String shown(Map.Entry<String, Object> parameter) {
        Object value = parameter.getValue();
        return parameter.getKey() + " " + (value instanceof Double number ? "%.4g".formatted(number) : value);
    }
}
