package io.foresell.training.dataset;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.Set;
import java.util.TreeSet;

/** Says how rows are divided into fitted and judged ones. */
public sealed interface SplitPlan {
    /** Is what a spec without a split means. */
    SplitPlan DEFAULT = new KFold(5, FoldBy.ROW_INDEX);

    /** Returns the plan for people, e.g. {@code k_fold(k=5, by=ROW_INDEX)}. */
    String describe();

    /** Returns whether the published model is fitted once more, on all rows. */
    boolean isRefitted();

    /** Returns how many times each candidate is fitted to be judged. */
    int fitCount();

    /** Returns whether single rows are drawn, whatever their entity and time. */
    boolean drawsRows();

    /** Returns how many folds whatever is chosen inside a training fold uses, e.g. parameters. */
    int innerFoldCount();

    /** Says how rows are assigned to folds. */
    enum FoldBy {
        /** The 0-based row index modulo k. */
        ROW_INDEX,
        /** A hash of entity key and seed modulo k: an entity is never on both sides. */
        ENTITY,
        /** Drawn by the seed, folds of equal size. */
        RANDOM,
        /** Drawn by the seed, all classes (or tenths of the values) in proportion. */
        STRATIFIED
    }

    /**
     * Judges by k folds, each row once in every repeat.
     *
     * @param repeats 1 to 20; how many times rows are divided, each time another way; more than 1 not by ROW_INDEX
     */
    record KFold(int k, FoldBy by, int repeats) implements SplitPlan {
        public KFold {
            if (k < 2 || k > 20) {
                throw new ServiceException(Failure.invalid("SPLIT_INVALID", "split.k_fold.k", k, "2..20"));
            }
            int most = by == FoldBy.ROW_INDEX ? 1 : 20;
            if (repeats < 1 || repeats > most) {
                throw new ServiceException(Failure.invalid(
                        "SPLIT_INVALID", "split.k_fold.repeats", repeats, "1..%d by %s".formatted(most, by)));
            }
        }

        /** Divides the rows once. */
        public KFold(int k, FoldBy by) {
            this(k, by, 1);
        }

        @Override
        public String describe() {
            return repeats == 1
                    ? "k_fold(k=%d, by=%s)".formatted(k, by)
                    : "k_fold(k=%d, by=%s, repeats=%d)".formatted(k, by, repeats);
        }

        @Override
        public boolean isRefitted() {
            return true;
        }

        @Override
        public int fitCount() {
            return k * repeats;
        }

        @Override
        public boolean drawsRows() {
            return by != FoldBy.ENTITY;
        }

        @Override
        public int innerFoldCount() {
            return Nested.USUAL_INNER_FOLDS;
        }
    }

    /**
     * Judges by folds, and says how many folds choices inside of each training fold use: what judges is never what chooses.
     *
     * @param innerFoldCount 2 to 20
     */
    record Nested(KFold outer, int innerFoldCount) implements SplitPlan {
        static final int USUAL_INNER_FOLDS = 5;

        public Nested {
            if (innerFoldCount < 2 || innerFoldCount > 20) {
                throw new ServiceException(
                        Failure.invalid("SPLIT_INVALID", "split.nested.inner_k", innerFoldCount, "2..20"));
            }
        }

        @Override
        public String describe() {
            return "nested(outer=%s, inner_k=%d)".formatted(outer.describe(), innerFoldCount);
        }

        @Override
        public boolean isRefitted() {
            return true;
        }

        @Override
        public int fitCount() {
            return outer.fitCount();
        }

        @Override
        public boolean drawsRows() {
            return outer.drawsRows();
        }
    }

    /**
     * Judges on the latest rows; rows of one instant stay together.
     *
     * @param testFraction share of the latest rows, in (0, 0.9]
     * @param gapDays training rows less than this many days before the first judged instant are left out, 0 or more
     */
    record Time(double testFraction, double gapDays) implements SplitPlan {
        public Time {
            requireFraction("split.time.test_fraction", testFraction);
            if (!(gapDays >= 0 && gapDays <= 36_500)) {
                throw new ServiceException(
                        Failure.invalid("SPLIT_INVALID", "split.time.gap_days", gapDays, "0..36500"));
            }
        }

        @Override
        public String describe() {
            return "time(test_fraction=%s, gap_days=%s)".formatted(testFraction, gapDays);
        }

        @Override
        public boolean isRefitted() {
            return false;
        }

        @Override
        public int fitCount() {
            return 1;
        }

        @Override
        public boolean drawsRows() {
            return false;
        }

        @Override
        public int innerFoldCount() {
            return Nested.USUAL_INNER_FOLDS;
        }
    }

    /** Judges on a share of the entities, in (0, 0.9]. */
    record Entity(double testFraction) implements SplitPlan {
        public Entity {
            requireFraction("split.entity.test_fraction", testFraction);
        }

        @Override
        public String describe() {
            return "entity(test_fraction=%s)".formatted(testFraction);
        }

        @Override
        public boolean isRefitted() {
            return false;
        }

        @Override
        public int fitCount() {
            return 1;
        }

        @Override
        public boolean drawsRows() {
            return false;
        }

        @Override
        public int innerFoldCount() {
            return Nested.USUAL_INNER_FOLDS;
        }
    }

    /**
     * Judges on rows drawn by the seed.
     *
     * @param testFraction share of the rows, in (0, 0.9]
     * @param isStratified whether all classes (or tenths of the values) are in proportion on both sides
     */
    record HoldOut(double testFraction, boolean isStratified) implements SplitPlan {
        public HoldOut {
            requireFraction("split.hold_out.test_fraction", testFraction);
        }

        @Override
        public String describe() {
            return "hold_out(test_fraction=%s, stratified=%s)".formatted(testFraction, isStratified);
        }

        @Override
        public boolean isRefitted() {
            return false;
        }

        @Override
        public int fitCount() {
            return 1;
        }

        @Override
        public int innerFoldCount() {
            return Nested.USUAL_INNER_FOLDS;
        }

        @Override
        public boolean drawsRows() {
            return true;
        }
    }

    /**
     * Judges on the rows that a text feature marks; the feature is no input of the model.
     *
     * @param test the values of the rows that judge, 1 to 100; all other rows are fitted on
     */
    record ByValue(String feature, Set<String> test) implements SplitPlan {
        /** Greatest number of values. */
        public static final int MAX_VALUES = 100;

        public ByValue {
            test = Set.copyOf(test);
            if (feature.isEmpty()) {
                throw new ServiceException(Failure.invalid(
                        "SPLIT_INVALID", "split.by_value.feature", feature, "a text feature of the feature set"));
            }
            if (test.isEmpty() || test.size() > MAX_VALUES) {
                throw new ServiceException(Failure.invalid(
                        "SPLIT_INVALID", "split.by_value.test", test.size() + " values", "1.." + MAX_VALUES));
            }
        }

        @Override
        public String describe() {
            return "by_value(feature=%s, test=%s)".formatted(feature, new TreeSet<>(test));
        }

        @Override
        public boolean isRefitted() {
            return false;
        }

        @Override
        public int fitCount() {
            return 1;
        }

        @Override
        public boolean drawsRows() {
            return true;
        }

        @Override
        public int innerFoldCount() {
            return Nested.USUAL_INNER_FOLDS;
        }
    }

    private static void requireFraction(String field, double value) {
        if (!(value > 0 && value <= 0.9)) {
            throw new ServiceException(Failure.invalid("SPLIT_INVALID", field, value, "above 0, at most 0.9"));
        }
    }
}
