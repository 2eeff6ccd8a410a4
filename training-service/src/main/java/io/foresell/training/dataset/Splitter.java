package io.foresell.training.dataset;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
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
        if (plan instanceof SplitPlan.Nested nested) {
            return split(set, nested.outer(), seed);
        }
        if (plan instanceof SplitPlan.KFold folds) {
            return splitter.kFold(folds);
        }
        if (plan instanceof SplitPlan.HoldOut holdOut) {
            return List.of(splitter.drawn(holdOut));
        }
        if (plan instanceof SplitPlan.Time time) {
            return List.of(splitter.byTime(time));
        }
        if (plan instanceof SplitPlan.ByValue byValue) {
            return List.of(splitter.byValue(byValue));
        }
        return List.of(splitter.byEntity((SplitPlan.Entity) plan));
    }

    /**
     * Returns the rows as models may read them: without the feature that a plan divides them by.
     *
     * @throws ServiceException when the rows have no such text feature
     */
    public static TrainingSet readable(TrainingSet set, SplitPlan plan) {
        return plan instanceof SplitPlan.ByValue byValue ? set.settingAside(byValue.feature()) : set;
    }

    private Fold byValue(SplitPlan.ByValue plan) {
        return fold(
                row -> !plan.test().contains(set.textSetAside(row)),
                row -> plan.test().contains(set.textSetAside(row)),
                "values of %s: %s, those that judge: %s"
                        .formatted(plan.feature(), set.shownTextsSetAside(), new TreeSet<>(plan.test())));
    }

    private List<Fold> kFold(SplitPlan.KFold plan) {
        int k = plan.k();
        if (set.rowCount() < k) {
            throw new ServiceException(Failure.precondition(
                    "TOO_FEW_ROWS", "rows: %d (expected: at least %d, one per fold)".formatted(set.rowCount(), k)));
        }
        List<Fold> folds = new ArrayList<>();
        for (int repeat = 0; repeat < plan.repeats(); repeat++) {
            int[] foldOf = foldOfRows(plan, repeat);
            for (int fold = 0; fold < k; fold++) {
                int wanted = fold;
                IntPredicate isHeldOut = row -> foldOf[row] == wanted;
                folds.add(fold(
                        isHeldOut.negate(),
                        isHeldOut,
                        "%s, none of them in fold %d of %d".formatted(counted(plan.by()), fold + 1, k)));
            }
        }
        return folds;
    }

    private String counted(SplitPlan.FoldBy by) {
        return by == SplitPlan.FoldBy.ENTITY
                ? "entities: %d"
                        .formatted(IntStream.range(0, set.rowCount())
                                .mapToObj(set::entityKey)
                                .distinct()
                                .count())
                : "rows: %d".formatted(set.rowCount());
    }

    private int[] foldOfRows(SplitPlan.KFold plan, int repeat) {
        int k = plan.k();
        return switch (plan.by()) {
            case ROW_INDEX -> IntStream.range(0, set.rowCount())
                    .map(row -> row % k)
                    .toArray();
            case ENTITY -> IntStream.range(0, set.rowCount())
                    .map(row -> (int) Long.remainderUnsigned(hash(set.entityKey(row), repeat), k))
                    .toArray();
            case RANDOM -> dealt(k, repeat, row -> 0);
            case STRATIFIED -> dealt(k, repeat, strata());
        };
    }

    /** Deals rows in a drawn order to k folds, one stratum after the other. */
    private int[] dealt(int k, int repeat, IntUnaryOperator stratum) {
        int[] foldOf = new int[set.rowCount()];
        int[] order = drawnOrder(repeat, stratum);
        for (int i = 0; i < order.length; i++) {
            foldOf[order[i]] = i % k;
        }
        return foldOf;
    }

    private int[] drawnOrder(int repeat, IntUnaryOperator stratum) {
        return IntStream.range(0, set.rowCount())
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(stratum::applyAsInt)
                        .thenComparingLong(row -> mixed(row, repeat)))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Returns the class of each row, or the tenth that its value is in. */
    private IntUnaryOperator strata() {
        if (set.task() != Task.REGRESSION) {
            return row -> (int) set.label(row);
        }
        double[] sorted = IntStream.range(0, set.rowCount())
                .mapToDouble(set::label)
                .sorted()
                .toArray();
        double[] tenths = IntStream.range(1, 10)
                .mapToDouble(i -> sorted[(int) ((long) i * sorted.length / 10)])
                .toArray();
        return row -> {
            int place = Arrays.binarySearch(tenths, set.label(row));
            return place >= 0 ? place + 1 : -place - 1;
        };
    }

    private Fold drawn(SplitPlan.HoldOut plan) {
        IntUnaryOperator stratum = plan.isStratified() ? strata() : row -> 0;
        int[] order = drawnOrder(0, stratum);
        boolean[] isHeldOut = new boolean[order.length];
        for (int from = 0; from < order.length; ) {
            int until = from;
            while (until < order.length && stratum.applyAsInt(order[until]) == stratum.applyAsInt(order[from])) {
                until++;
            }
            long count = Math.round(plan.testFraction() * (until - from));
            for (int i = from; i < from + count; i++) {
                isHeldOut[order[i]] = true;
            }
            from = until;
        }
        return fold(row -> !isHeldOut[row], row -> isHeldOut[row], "rows: %d".formatted(order.length));
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
        if (sorted.length > 0 && first == sorted[0]) {
            throw new ServiceException(Failure.precondition(
                    "SPLIT_EMPTY",
                    "different instants in %d rows: 1 (expected: 2 or more, to fit on earlier rows and judge by later ones)"
                            .formatted(sorted.length)));
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
        ordered.sort(Comparator.<String>comparingLong(key -> hash(key, 0)).thenComparing(Comparator.naturalOrder()));
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

    /** FNV-1a over the characters, then a mix with the seed: equal keys, equal side. */
    private long hash(String key, int repeat) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        }
        return mixed(hash, repeat);
    }

    /** The finaliser of splitmix64 with the seed. */
    private long mixed(long value, int repeat) {
        long hash = value + (seed + 0x632be59bd9b4e019L * repeat) * 0x9e3779b97f4a7c15L;
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return hash ^ (hash >>> 31);
    }
}
