package io.foresell.training.dataset;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;

/** Says how rows are divided into fitted and judged ones. */
public sealed interface SplitPlan {
    /** Is what a spec without a split means. */
    SplitPlan DEFAULT = new KFold(5, FoldBy.ROW_INDEX);

    /** Returns the plan for people, e.g. {@code k_fold(k=5, by=ROW_INDEX)}. */
    String describe();

    /** Returns whether the published model is fitted once more, on all rows. */
    boolean isRefitted();

    /** Says how rows are assigned to folds. */
    enum FoldBy {
        /** The 0-based row index modulo k. */
        ROW_INDEX,
        /** A hash of entity key and seed modulo k: an entity is never on both sides. */
        ENTITY
    }

    /** Judges by k folds, each row once. */
    record KFold(int k, FoldBy by) implements SplitPlan {
        public KFold {
            if (k < 2 || k > 20) {
                throw new ServiceException(Failure.invalid("SPLIT_INVALID", "split.k_fold.k", k, "2..20"));
            }
        }

        @Override
        public String describe() {
            return "k_fold(k=%d, by=%s)".formatted(k, by);
        }

        @Override
        public boolean isRefitted() {
            return true;
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
    }

    private static void requireFraction(String field, double value) {
        if (!(value > 0 && value <= 0.9)) {
            throw new ServiceException(Failure.invalid("SPLIT_INVALID", field, value, "above 0, at most 0.9"));
        }
    }
}
