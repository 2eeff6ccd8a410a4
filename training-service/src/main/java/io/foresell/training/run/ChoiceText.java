package io.foresell.training.run;

import io.foresell.model.Task;
import io.foresell.training.evaluate.Interval;
import io.foresell.training.evaluate.Judged.Comparison;
import io.foresell.training.evaluate.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Explains in sentences why candidates are ranked as they are. */
final class ChoiceText {
    private static final double SIGNIFICANT = 0.05;
    private static final double LEAST_SHOWN = 0.001;

    private final Metric metric;
    private final List<JudgedCandidate> ranked;

    /** Takes candidates, best first. */
    ChoiceText(Metric metric, List<JudgedCandidate> ranked) {
        this.metric = metric;
        this.ranked = List.copyOf(ranked);
    }

    /**
     * Returns the sentences, the most important one first.
     *
     * @param remarks on what was left out
     */
    List<String> sentences(List<String> remarks, double usedSeconds, double budgetSeconds) {
        List<String> sentences = new ArrayList<>();
        JudgedCandidate best = ranked.get(0);
        sentences.add("Best of %d tried: %s, %s %s%s."
                .formatted(ranked.size(), name(best), metric.key(), value(best), interval(best)));
        sentences.add(besideBaseline(best));
        if (!best.isBaseline()) {
            simplest(best).ifPresent(sentences::add);
        }
        for (int i = 1; i < ranked.size(); i++) {
            sentences.add(place(i));
        }
        for (JudgedCandidate one : ranked) {
            gain(one).ifPresent(sentences::add);
        }
        sentences.addAll(remarks);
        sentences.add(String.format(
                Locale.ROOT,
                "%.0f s of a budget of %.0f s were used to compare. Many were compared, so the best one's figure is a little"
                        + " flattered.",
                usedSeconds,
                budgetSeconds));
        return sentences;
    }

    private String besideBaseline(JudgedCandidate best) {
        if (best.isBaseline()) {
            return "Nothing beats the plain baseline, which answers the same to every row: nothing is published. The features"
                    + " say little about the label, or there are too few rows.";
        }
        Optional<JudgedCandidate> baseline =
                ranked.stream().filter(JudgedCandidate::isBaseline).findFirst();
        if (baseline.isEmpty()) {
            return metric.equals(Metric.SILHOUETTE)
                    ? "Clusters have no plain baseline; a silhouette of 0 means that there are no groups, 1 that they stand"
                            + " far apart."
                    : "Clusters have no plain baseline.";
        }
        Comparison comparison = best.comparedTo(baseline.get(), metric);
        return "The plain baseline, the same answer to every row, reaches %s: %s is %s better%s."
                .formatted(value(baseline.get()), name(best), difference(comparison), chance(comparison, best));
    }

    /** Names the best simple candidate that chance does not set apart from a best one that is not simple. */
    private Optional<String> simplest(JudgedCandidate best) {
        if (isClusters(best) || best.candidate().algorithm().isSimple()) {
            return Optional.empty();
        }
        return ranked.subList(1, ranked.size()).stream()
                .filter(one -> !one.isBaseline() && one.candidate().algorithm().isSimple())
                .filter(one -> isByChance(best.comparedTo(one, metric)))
                .findFirst()
                .map(one -> "%s is simpler and cannot be told apart from it: prefer it where a model must be explained."
                        .formatted(name(one)));
    }

    private String place(int index) {
        JudgedCandidate one = ranked.get(index);
        String start = "%d. %s: %s".formatted(index + 1, name(one), value(one));
        if (Double.isNaN(one.evaluation().metric(metric))) {
            return start + ", not measured on these rows.";
        }
        Comparison comparison = ranked.get(0).comparedTo(one, metric);
        return "%s, %s behind%s.".formatted(start, difference(comparison), chance(comparison, one));
    }

    /** Says what the search of a family's parameters brought. */
    private Optional<String> gain(JudgedCandidate tuned) {
        String name = tuned.candidate().name();
        if (tuned.candidate().search() == null) {
            return Optional.empty();
        }
        String family = name.substring(0, name.length() - ChoosingRun.TUNED.length());
        return ranked.stream()
                .filter(one -> one.candidate().name().equals(family))
                .findFirst()
                .map(one -> {
                    Comparison comparison = tuned.comparedTo(one, metric);
                    boolean isBetter = metric.isBetter(comparison.value(), comparison.otherValue());
                    return "Searching the parameters of %s %s %s%s."
                            .formatted(
                                    family,
                                    isBetter ? "gained" : "gained nothing: its defaults are better by",
                                    difference(comparison),
                                    chance(comparison, tuned));
                });
    }

    private static boolean isClusters(JudgedCandidate one) {
        return one.candidate().algorithm().tasks().contains(Task.CLUSTERS);
    }

    /** Clusters have no test: what a row contributes to their figures depends on all others. */
    private static String chance(Comparison comparison, JudgedCandidate one) {
        if (isClusters(one)) {
            return "";
        }
        String p = comparison.pValue() < LEAST_SHOWN
                ? "p < 0.001"
                : String.format(Locale.ROOT, "p = %.3f", comparison.pValue());
        return isByChance(comparison)
                ? " (chance alone could give that, %s)".formatted(p)
                : " (more than chance would give, %s)".formatted(p);
    }

    private static boolean isByChance(Comparison comparison) {
        return !(comparison.pValue() < SIGNIFICANT);
    }

    private static String name(JudgedCandidate one) {
        return one.candidate().name();
    }

    private String value(JudgedCandidate one) {
        return number(one.evaluation().metric(metric));
    }

    private String interval(JudgedCandidate one) {
        Interval interval = one.evaluation().metricIntervals().get(metric.key());
        return interval == null || Double.isNaN(interval.low())
                ? ""
                : " (95 %%: %s to %s)".formatted(number(interval.low()), number(interval.high()));
    }

    private static String difference(Comparison comparison) {
        return number(Math.abs(comparison.difference()));
    }

    private static String number(double value) {
        return Double.isNaN(value)
                ? "none"
                : String.format(Locale.ROOT, Math.abs(value) >= 1000 ? "%,.1f" : "%.4f", value);
    }
}
