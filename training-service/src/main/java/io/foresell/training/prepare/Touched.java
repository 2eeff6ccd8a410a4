package io.foresell.training.prepare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a step changed.
 *
 * @param step says what was done to what, e.g. "filled age with the median"
 * @param count how many it touched
 * @param total of how many
 * @param unit what they are, in the plural, e.g. "values"
 */
public record Touched(String step, long count, long total, String unit) {
    /** Returns one sentence per step, the same step of several folds added up. */
    public static List<String> sentences(List<List<Touched>> folds) {
        Map<String, Touched> sums = new LinkedHashMap<>();
        for (List<Touched> fold : folds) {
            for (Touched each : fold) {
                sums.merge(
                        each.step, each, (a, b) -> new Touched(a.step, a.count + b.count, a.total + b.total, a.unit));
            }
        }
        List<String> sentences = new ArrayList<>();
        for (Touched each : sums.values()) {
            sentences.add("Preparation %s: %d of %d %s%s."
                    .formatted(
                            each.step,
                            each.count,
                            each.total,
                            each.unit,
                            folds.size() > 1 ? " in %d folds together".formatted(folds.size()) : ""));
        }
        return sentences;
    }
}
