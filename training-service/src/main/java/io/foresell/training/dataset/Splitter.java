package io.foresell.training.dataset;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.training.dataset.SplitPlan.FoldBy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Divides rows into fitted and judged ones; the same plan and seed always give the same folds. */
public final class Splitter {
    private static final double MILLIS_PER_DAY = 86_400_000d;

    private final TrainingSet set;
    private final long seed;

    private Splitter(TrainingSet set, long seed) {
        this.set = set;
        this.seed = seed;
    }

    /**
     * Returns the folds of a plan.
     *
     * @throws ServiceException when a side of a fold would be empty
     */
    public static List<Fold> split(TrainingSet set, SplitPlan plan, long seed) {
        Splitter splitter = new Splitter(set, seed);
        if (plan instanceof SplitPlan.KFold folds) {
            return splitter.kFold(folds);
        }
        if (plan instanceof SplitPlan.Time time) {
            return List.of(splitter.byTime(time));
        }
        return List.of(splitter.byEntity((SplitPlan.Entity) plan));
    }

    private List<Fold> kFold(SplitPlan.KFold plan) {
        int k = plan.k();
        if (set.rowCount() < k) {
            throw new ServiceException(Failure.precondition(
                    "TOO_FEW_ROWS", "rows: %d (expected: at least %d, one per fold)".formatted(set.rowCount(), k)));
        }
        List<Fold> folds = new ArrayList<>();
        for (int fold = 0; fold < k; fold++) {
            int wanted = fold;
            IntPredicate isHeldOut = plan.by() == FoldBy.ROW_INDEX
                    ? row -> row % k == wanted
                    : row -> Long.remainderUnsigned(hash(set.entityKey(row)), k) == wanted;
            folds.add(fold(isHeldOut.negate(), isHeldOut, "entities in fold %d of %d: 0".formatted(fold + 1, k)));
        }
        return folds;
    }

    private Fold byTime(SplitPlan.Time plan) {
        long[] sorted = IntStream.range(0, set.rowCount())
                .mapToLong(set::timeMillis)
                .sorted()
                .toArray();
        int heldOutCount = (int) Math.ceil(plan.testFraction() * sorted.length - 1e-9);
        long first = sorted.length == 0 ? 0 : sorted[sorted.length - Math.max(1, heldOutCount)];
        if (sorted.length > 0 && first == sorted[0]) {
            // All rows would judge: the earliest instant must be left to fit on.
            first = Arrays.stream(sorted)
                    .filter(time -> time > sorted[0])
                    .findFirst()
                    .orElse(first);
        }
        long firstHeldOut = first;
        double gapMillis = plan.gapDays() * MILLIS_PER_DAY;
        return fold(
                row -> set.timeMillis(row) < firstHeldOut && firstHeldOut - set.timeMillis(row) >= gapMillis,
                row -> set.timeMillis(row) >= firstHeldOut,
                "rows before the first judged instant less the gap of %s days: 0".formatted(plan.gapDays()));
    }

    private Fold byEntity(SplitPlan.Entity plan) {
        Set<String> distinct = new HashSet<>();
        for (int row = 0; row < set.rowCount(); row++) {
            distinct.add(set.entityKey(row));
        }
        List<String> ordered = new ArrayList<>(distinct);
        ordered.sort(Comparator.comparingLong(this::hash).thenComparing(Comparator.naturalOrder()));
        int count = (int) Math.max(1, Math.round(plan.testFraction() * ordered.size()));
        Set<String> heldOut = new HashSet<>(ordered.subList(0, Math.min(count, ordered.size())));
        return fold(
                row -> !heldOut.contains(set.entityKey(row)),
                row -> heldOut.contains(set.entityKey(row)),
                "entities: %d".formatted(ordered.size()));
    }

    private Fold fold(IntPredicate isFitted, IntPredicate isHeldOut, String found) {
        int[] fitted = IntStream.range(0, set.rowCount()).filter(isFitted).toArray();
        int[] heldOut = IntStream.range(0, set.rowCount()).filter(isHeldOut).toArray();
        if (fitted.length == 0 || heldOut.length == 0) {
            throw new ServiceException(Failure.precondition(
                    "SPLIT_EMPTY",
                    "%s; rows to fit: %d, rows to judge: %d (expected: at least 1 of each)"
                            .formatted(found, fitted.length, heldOut.length)));
        }
        return new Fold(new TrainingFold(set, fitted), new HeldOutRows(set, heldOut));
    }

    /** FNV-1a over the characters, then the finaliser of splitmix64 with the seed: equal keys, equal side. */
    private long hash(String key) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        }
        hash += seed * 0x9e3779b97f4a7c15L;
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return hash ^ (hash >>> 31);
    }
}
