package io.foresell.benchmarks.training;

import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.tree.BoostedTrees;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains boosted trees as the training service does and as XGBoost alone does, in turn, and prints the ratios. */
@Command(
        name = "training",
        description = "Times boosted trees, from rows to model, beside XGBoost's own training of the same matrix.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class TrainingCommand implements Callable<Integer> {
    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "How often each is run, in turn, after one round unmeasured.")
    private int roundCount;

    @Option(names = "--threads", defaultValue = "1", description = "Threads of both.")
    private int threadCount;

    @Option(names = "--trees", defaultValue = "200", description = "Trees of both.")
    private int treeCount;

    @Option(names = "--csv", description = "Rows to train on; without it, rows are drawn.")
    private @Nullable Path csv;

    @Option(names = "--label", defaultValue = "y", description = "Column of the label in --csv.")
    private String label = "";

    @Option(names = "--positive", defaultValue = "yes", description = "Label that counts as positive.")
    private String positive = "";

    @Option(names = "--ignore", split = ",", description = "Columns of --csv to leave out.")
    private @Nullable Set<String> ignored;

    @Option(names = "--drawn-rows", defaultValue = "45000", description = "Rows drawn without --csv.")
    private int drawnRowCount;

    /** What one round measured of each. */
    private record Round(Run whole, Run library, Run libraryWithMatrix) {}

    @Override
    public Integer call() throws Exception {
        TrainingSet set = csv == null
                ? LabelledRows.drawn(drawnRowCount, 1)
                : LabelledRows.read(
                        csv, label, positive, Optional.ofNullable(ignored).orElse(Set.of()));
        TrainingFold fold = TrainingFold.all(set);
        Map<String, BoostedTrees> questions = new LinkedHashMap<>();
        questions.put("31 leaves", new BoostedTrees(treeCount, 0.1, 16, 31, 1, 1, 1, 1));
        questions.put("depth 6", new BoostedTrees(treeCount, 0.1, 6, 0, 1, 1, 1, 1));
        System.out.printf(
                "%,d rows, %d trees, %d thread(s), %d rounds%n", fold.rowCount(), treeCount, threadCount, roundCount);
        for (Map.Entry<String, BoostedTrees> question : questions.entrySet()) {
            measure(question.getKey(), fold, question.getValue());
        }
        System.out.printf("greatest resident memory of the process: %d MiB%n", Run.peakMemoryMib());
        return 0;
    }

    private void measure(String name, TrainingFold fold, BoostedTrees trees) throws Exception {
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i <= roundCount; i++) {
            LibraryTraining library = LibraryTraining.of(fold, trees, threadCount);
            Round round = new Round(
                    Run.of(() -> library.whole(fold)),
                    Run.of(library::trainPrepared),
                    Run.of(library::trainWithMatrix));
            library.close();
            if (i > 0) {
                rounds.add(round);
            }
        }
        System.out.printf("%n%s: seconds and ratios, median (least..greatest)%n", name);
        show("Foresell, rows to model, cpu s", rounds, round -> round.whole().cpuSeconds());
        show("XGBoost, matrix to model, cpu s", rounds, round -> round.library().cpuSeconds());
        show(
                "ratio by cpu",
                rounds,
                round -> round.whole().cpuSeconds() / round.library().cpuSeconds());
        show(
                "ratio by clock",
                rounds,
                round -> round.whole().seconds() / round.library().seconds());
        show(
                "ratio by cpu, XGBoost's matrix included",
                rounds,
                round -> round.whole().cpuSeconds() / round.libraryWithMatrix().cpuSeconds());
    }

    private static void show(String what, List<Round> rounds, ToDoubleFunction<Round> value) {
        double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
        System.out.printf(
                "  %-42s %.2f (%.2f..%.2f)%n", what, sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }
}
