package io.foresell.training.check;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Says whether there are enough rows to fit and judge on and, if not, exactly what is missing and what to use meanwhile. */
public final class Readiness {
    private static final int SHOWN_CLASSES = 5;

    private final TrainingSet set;
    private final List<Fold> folds;
    private final int least;

    private Readiness(TrainingSet set, List<Fold> folds, int least) {
        this.set = set;
        this.folds = folds;
        this.least = least;
    }

    /**
     * Requires enough rows of each class (of a regression: rows) in the training part of every fold.
     *
     * @param leastClassRows in the smallest training part
     * @throws ServiceException FAILED_PRECONDITION NOT_ENOUGH_DATA with the numbers
     */
    public static void require(TrainingSet set, List<Fold> folds, int leastClassRows) {
        Readiness readiness = new Readiness(set, folds, leastClassRows);
        switch (set.task()) {
            case BINARY -> readiness.requireBinary();
            case MULTICLASS -> readiness.requireClasses();
            case REGRESSION -> readiness.requireRows();
            case CLUSTERS, RANKING -> {}
        }
    }

    private long leastInTraining(double label) {
        return folds.stream()
                .mapToLong(fold -> count(fold.training().labels(), label))
                .min()
                .orElse(0);
    }

    private static long count(float[] labels, double label) {
        long count = 0;
        for (float each : labels) {
            count += each == label ? 1 : 0;
        }
        return count;
    }

    private void requireBinary() {
        double baseRate = TrainingFold.all(set).meanLabel();
        double rarer = baseRate <= 0.5 ? 1 : 0;
        String name = rarer == 1 ? "positive" : "negative";
        long present = IntStream.range(0, set.rowCount())
                .filter(row -> set.label(row) == rarer)
                .count();
        long inTraining = leastInTraining(rarer);
        if (inTraining >= least) {
            return;
        }
        long wanted = wanted(present, inTraining);
        double share = present / (double) set.rowCount();
        throw failed(
                String.format(
                        Locale.ROOT,
                        "rows: %d, %d of them %s, %d in the smallest of %d training parts (expected: at least %d there, %d in all: %d more %s"
                                + " rows are missing, about %d rows at the present share of %.1f %%). Until then use the base rate: %.1f %%"
                                + " for everyone",
                        set.rowCount(),
                        present,
                        name,
                        inTraining,
                        folds.size(),
                        least,
                        wanted,
                        wanted - present,
                        name,
                        share == 0 ? 0 : Math.round((wanted - present) / share),
                        100 * share,
                        100 * baseRate),
                wanted - present);
    }

    /** Returns how many rows are needed in all, for the smallest training part to hold enough. */
    private long wanted(long present, long inTraining) {
        double shareInTraining = inTraining == 0 ? (folds.size() - 1.0) / folds.size() : inTraining / (double) present;
        return Math.max(present + 1, (long) Math.ceil(least / (shareInTraining <= 0 ? 0.5 : shareInTraining)));
    }

    private void requireClasses() {
        List<String> missing = new ArrayList<>();
        long rows = 0;
        for (int label = 0; label < set.classes().size(); label++) {
            long inTraining = leastInTraining(label);
            // Of many classes a few rare ones are usual: two rows are the least from which anything is learnt.
            if (inTraining < 2) {
                missing.add("%s (%d)".formatted(set.classes().get(label), inTraining));
                rows += 2 - inTraining;
            }
        }
        if (missing.size() * 2 > set.classes().size()) {
            double[] shares = TrainingFold.all(set).classShares();
            double greatest = Arrays.stream(shares).max().orElse(0);
            throw failed(
                    String.format(
                            Locale.ROOT,
                            "classes with fewer than 2 rows in a training part: %d of %d, e.g. %s (expected: at most half of the classes; %d"
                                    + " more rows are missing). Until then use the most frequent class: right for %.1f %%",
                            missing.size(),
                            shares.length,
                            String.join(", ", missing.subList(0, Math.min(SHOWN_CLASSES, missing.size()))),
                            rows,
                            100 * greatest),
                    rows);
        }
    }

    private void requireRows() {
        long smallest = folds.stream()
                .mapToLong(fold -> fold.training().rowCount())
                .min()
                .orElse(0);
        if (smallest < least) {
            long wanted = wanted(set.rowCount(), smallest);
            throw failed(
                    String.format(
                            Locale.ROOT,
                            "rows: %d, %d in the smallest of %d training parts (expected: at least %d there, %d in all: %d more rows are"
                                    + " missing). Until then use the mean: %.6g for everyone",
                            set.rowCount(),
                            smallest,
                            folds.size(),
                            least,
                            wanted,
                            wanted - set.rowCount(),
                            TrainingFold.all(set).meanLabel()),
                    wanted - set.rowCount());
        }
    }

    private static ServiceException failed(String message, long missing) {
        return new ServiceException(
                Failure.precondition("NOT_ENOUGH_DATA", message).with("missing_rows", Long.toString(missing)));
    }
}
