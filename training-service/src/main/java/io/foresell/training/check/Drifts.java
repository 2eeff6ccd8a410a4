package io.foresell.training.check;

import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.Binning;
import io.foresell.training.evaluate.Judged.ColumnDrift;
import io.foresell.training.evaluate.Judged.Drift;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.hipparchus.special.Erf;

/**
 * Compares the rows judged with those fitted on, which are earlier: the population stability index of each column, and the base
 * rate. An index above 0.1 counts as moderate and above 0.25 as strong, as is usual in credit scoring, when chance does not explain it.
 */
public final class Drifts {
    private static final int BINS = 10;
    private static final int TEXT_BINS = 20;
    private static final double MODERATE = 0.1;
    private static final double STRONG = 0.25;
    private static final double LEAST_SHARE = 1e-4;
    /** How far above its expectation an index must lie to be no accident. */
    private static final double CHANCE_FACTOR = 3;

    private static final double SIGNIFICANT = 0.01;
    private static final double LEAST_RATIO = 1.25;
    private static final int SHOWN_COLUMNS = 5;

    private Drifts() {}

    /** Returns what changed between the two sides of a split by time. */
    public static Drift of(TrainingSet set, Fold fold) {
        List<ColumnDrift> columns = new ArrayList<>();
        HeldOutRows all = HeldOutRows.all(set);
        int[] fitted = fold.training().rowIndexes();
        int[] judged = fold.heldOut().rowIndexes();
        for (InputField field : set.fields()) {
            columns.add(column(field, all.rows(Signature.of(List.of(field))), fitted, judged));
        }
        columns.sort(Comparator.comparingDouble(ColumnDrift::stabilityIndex).reversed());
        List<String> sentences = new ArrayList<>();
        List<ColumnDrift> moved = columns.stream()
                .filter(column -> column.level().equals("strong"))
                .toList();
        if (!moved.isEmpty()) {
            sentences.add("Later rows differ from those fitted on in %s: answers may be off; judge again soon."
                    .formatted(shown(moved)));
        }
        if (set.task() != Task.BINARY) {
            return new Drift(List.copyOf(columns), null, null, null, List.copyOf(sentences));
        }
        double before = rate(set, fitted);
        double after = rate(set, judged);
        double p = pValue(before, fitted.length, after, judged.length);
        double ratio = Math.max(after, 1e-9) / Math.max(before, 1e-9);
        if (p < SIGNIFICANT && Math.max(ratio, 1 / ratio) >= LEAST_RATIO) {
            sentences.add(
                    0,
                    String.format(
                            Locale.ROOT,
                            "The share of positives went from %.1f %% in the rows fitted on to %.1f %% in the later ones judged: probabilities"
                                    + " are off by that much.",
                            100 * before,
                            100 * after));
        }
        return new Drift(List.copyOf(columns), before, after, p, List.copyOf(sentences));
    }

    private static String shown(List<ColumnDrift> moved) {
        List<String> names = moved.stream()
                .limit(SHOWN_COLUMNS)
                .map(column -> String.format(
                        Locale.ROOT, "%s (stability index %.2f)", column.column(), column.stabilityIndex()))
                .toList();
        int rest = moved.size() - names.size();
        return String.join(", ", names) + (rest > 0 ? " and %d more".formatted(rest) : "");
    }

    private static ColumnDrift column(InputField field, Rows rows, int[] fitted, int[] judged) {
        Binning binning = Binning.of(field, select(rows, fitted), BINS, TEXT_BINS);
        int[] bins = binning.bins(rows);
        double[] before = shares(bins, fitted, binning.count());
        double[] after = shares(bins, judged, binning.count());
        double index = 0;
        int used = 0;
        for (int bin = 0; bin < before.length; bin++) {
            if (before[bin] + after[bin] > 0) {
                double from = Math.max(LEAST_SHARE, before[bin]);
                double to = Math.max(LEAST_SHARE, after[bin]);
                index += (to - from) * Math.log(to / from);
                used++;
            }
        }
        double byChance = (used - 1.0) * (1.0 / fitted.length + 1.0 / judged.length);
        boolean isNoAccident = index > CHANCE_FACTOR * byChance;
        String level =
                isNoAccident && index >= STRONG ? "strong" : isNoAccident && index >= MODERATE ? "moderate" : "none";
        return new ColumnDrift(field.name(), index, level);
    }

    private static Rows select(Rows rows, int[] places) {
        int numbers = rows.numbers().length / rows.rowCount();
        float[] selected = new float[places.length * numbers];
        String[] texts = new String[numbers == 0 ? places.length : 0];
        for (int i = 0; i < places.length; i++) {
            System.arraycopy(rows.numbers(), places[i] * numbers, selected, i * numbers, numbers);
            if (numbers == 0) {
                texts[i] = rows.texts()[places[i]];
            }
        }
        return new Rows(places.length, selected, texts);
    }

    private static double[] shares(int[] bins, int[] places, int count) {
        double[] shares = new double[count];
        for (int place : places) {
            shares[bins[place]] += 1.0 / places.length;
        }
        return shares;
    }

    private static double rate(TrainingSet set, int[] places) {
        return Arrays.stream(places).mapToDouble(set::label).average().orElse(0);
    }

    /** Two proportions, pooled. */
    private static double pValue(double before, int fitted, double after, int judged) {
        double pooled = (before * fitted + after * judged) / (fitted + judged);
        double error = Math.sqrt(pooled * (1 - pooled) * (1.0 / fitted + 1.0 / judged));
        return error == 0 ? 1 : Erf.erfc(Math.abs(after - before) / error / Math.sqrt(2));
    }
}
