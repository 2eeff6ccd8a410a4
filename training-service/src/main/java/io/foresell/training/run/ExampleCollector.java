package io.foresell.training.run;

import io.foresell.model.Rows;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.pack.PackageContent;
import io.foresell.model.reason.Language;
import io.foresell.model.reason.ReasonWriter;
import io.foresell.training.evaluate.Example;
import io.foresell.training.evaluate.Example.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Keeps the most telling rows with the reasons for their answers: the surest right ones and the worst mistakes among held-out
 * rows; of clusters, their middles. Whose rows they are is not kept. One owner, not thread-safe.
 */
final class ExampleCollector {
    private static final int PER_KIND = 3;
    private static final int MAX_CLUSTERS = 12;
    private static final int REASONS = 4;

    private final Map<String, String> descriptions;
    private final Map<String, String> meaning;
    private final Map<Kind, Shortlist<Example>> best = new EnumMap<>(Kind.class);

    /** Words reasons with the descriptions of inputs and the meaning of a higher answer. */
    ExampleCollector(Map<String, String> descriptions, Map<String, String> meaning) {
        this.descriptions = descriptions;
        this.meaning = meaning;
    }

    /** Looks through the held-out rows of one fold, {@code answers} being those of the parts' scorer. */
    void add(FittedParts parts, Rows rows, double[] labels, float[] answers, BooleanSupplier isCancelled) {
        Map<Kind, Shortlist<Integer>> places = places(parts, labels, answers);
        if (places.isEmpty()) {
            return;
        }
        Explainer explainer = new Explainer(parts, rows, answers);
        places.forEach((kind, shortlist) -> {
            Shortlist<Example> kept = best.computeIfAbsent(kind, any -> new Shortlist<>(PER_KIND));
            for (int i = 0; i < shortlist.items().size(); i++) {
                double rank = shortlist.ranks().get(i);
                int row = shortlist.items().get(i);
                if (kept.wants(rank)) {
                    requireWanted(isCancelled);
                    kept.add(rank, explainer.example(kind, row, labels[row]));
                }
            }
        });
    }

    private static Map<Kind, Shortlist<Integer>> places(FittedParts parts, double[] labels, float[] answers) {
        Map<Kind, Shortlist<Integer>> places = new EnumMap<>(Kind.class);
        int width = parts.answer().width();
        for (int row = 0; row < labels.length; row++) {
            int highest = FoldJudge.highest(answers, row, width);
            double answer = answers[row * width + highest];
            boolean isPositive = labels[row] == 1;
            switch (parts.answer().task()) {
                case BINARY -> {
                    offer(places, isPositive ? Kind.FOUND : Kind.FALSE_ALARM, answer, row);
                    offer(places, isPositive ? Kind.MISSED : Kind.SPARED, -answer, row);
                }
                case MULTICLASS -> {
                    boolean isRight = highest == (int) labels[row];
                    double ofTruth = answers[row * width + (int) labels[row]];
                    offer(places, isRight ? Kind.RIGHT : Kind.WRONG, isRight ? answer : answer - ofTruth, row);
                }
                case REGRESSION -> {
                    double error = answer - labels[row];
                    offer(places, Kind.RIGHT, -Math.abs(error), row);
                    offer(places, error > 0 ? Kind.TOO_HIGH : Kind.TOO_LOW, Math.abs(error), row);
                }
                case CLUSTERS, RANKING -> {
                    // Nothing is right or wrong without labels.
                }
            }
        }
        return places;
    }

    private static void offer(Map<Kind, Shortlist<Integer>> places, Kind kind, double rank, int row) {
        Shortlist<Integer> shortlist = places.computeIfAbsent(kind, any -> new Shortlist<>(PER_KIND));
        if (shortlist.wants(rank)) {
            shortlist.add(rank, row);
        }
    }

    /** Looks through rows without labels for the middle of each cluster. */
    void addTypical(FittedParts parts, Rows rows, float[] answers, BooleanSupplier isCancelled) {
        int width = parts.answer().width();
        Explainer explainer = new Explainer(parts, rows, answers);
        List<Shortlist<Integer>> middles = new ArrayList<>();
        for (int cluster = 0; cluster < width; cluster++) {
            middles.add(new Shortlist<>(1));
        }
        for (int row = 0; row < rows.rowCount(); row++) {
            int cluster = FoldJudge.highest(answers, row, width);
            double rank = answers[row * width + cluster];
            if (middles.get(cluster).wants(rank)) {
                middles.get(cluster).add(rank, row);
            }
        }
        Shortlist<Example> kept = new Shortlist<>(MAX_CLUSTERS);
        for (int cluster = 0; cluster < Math.min(MAX_CLUSTERS, width); cluster++) {
            for (int row : middles.get(cluster).items()) {
                requireWanted(isCancelled);
                kept.add(-cluster, explainer.example(Kind.TYPICAL, row, 0));
            }
        }
        best.put(Kind.TYPICAL, kept);
    }

    /** Returns the examples, kind by kind. */
    List<Example> examples() {
        return best.values().stream().flatMap(kept -> kept.items().stream()).toList();
    }

    private static void requireWanted(BooleanSupplier isCancelled) {
        if (isCancelled.getAsBoolean()) {
            throw new CancellationException("cancelled while collecting examples");
        }
    }

    /** Puts the answers to some rows into words. */
    private final class Explainer {
        private final FittedParts parts;
        private final Rows rows;
        private final float[] answers;
        private final ReasonWriter writer;
        private final double[] contributions;

        Explainer(FittedParts parts, Rows rows, float[] answers) {
            this.parts = parts;
            this.rows = rows;
            this.answers = answers;
            Manifest wording = Manifest.newBuilder()
                    .addAllInputs(PackageContent.inputsOf(parts.signature(), descriptions))
                    .putAllMeaning(meaning)
                    .build();
            this.writer = new ReasonWriter(parts.signature(), parts.answer(), wording);
            this.contributions = new double[parts.signature().inputs().size()];
        }

        Example example(Kind kind, int row, double truth) {
            int width = parts.answer().width();
            int target = FoldJudge.highest(answers, row, width);
            parts.scorer().contributions(rows, row, target, contributions);
            return new Example(
                    kind,
                    truth,
                    target,
                    answers[row * width + target],
                    writer.strongest(rows, row, contributions, target, REASONS, Language.ENGLISH));
        }
    }
}
