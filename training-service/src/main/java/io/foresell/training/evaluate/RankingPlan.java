package io.foresell.training.evaluate;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Says within which groups rows are ranked, and how deep the order counts. Immutable.
 *
 * @param within what rows of a group have in common
 * @param column the feature, of {@link Within#COLUMN}; null else
 * @param cutOffs first places that count, rising, 1 to {@value #MAX_CUT_OFFS} different ones
 * @param relevantAbove a row is relevant when its value is greater, 0 or more; of two classes 0
 */
public record RankingPlan(Within within, @Nullable String column, List<Integer> cutOffs, double relevantAbove) {
    /** Greatest number of cut-offs. */
    public static final int MAX_CUT_OFFS = 10;

    private static final int USUAL_CUT_OFF = 10;

    /** What rows of a group have in common. */
    public enum Within {
        /** The value of a feature. */
        COLUMN("column"),
        /** What they are about. */
        ENTITY("entity"),
        /** The day of their instant, UTC. */
        DAY("time"),
        /** The week from Monday, UTC. */
        WEEK("time"),
        /** The month, UTC. */
        MONTH("time");

        private final String field;

        Within(String field) {
            this.field = field;
        }
    }

    public RankingPlan {
        if (within == Within.COLUMN && (column == null || column.isEmpty())) {
            throw new ServiceException(
                    Failure.invalid("RANKINGS_INVALID", "rankings.column", "", "a feature of the feature set"));
        }
        for (int cutOff : cutOffs) {
            if (cutOff < 1 || cutOff > ListMeasure.MAX_CUT_OFF) {
                throw new ServiceException(Failure.invalid(
                        "RANKINGS_INVALID", "rankings.cut_offs", cutOff, "1.." + ListMeasure.MAX_CUT_OFF));
            }
        }
        if (cutOffs.size() > MAX_CUT_OFFS) {
            throw new ServiceException(Failure.invalid(
                    "RANKINGS_INVALID", "rankings.cut_offs", cutOffs.size() + " of them", "0.." + MAX_CUT_OFFS));
        }
        if (!(relevantAbove >= 0 && relevantAbove <= Float.MAX_VALUE)) {
            throw new ServiceException(Failure.invalid(
                    "RANKINGS_INVALID", "rankings.relevant_above", relevantAbove, "0 or more, a finite number"));
        }
        cutOffs = cutOffs.isEmpty() ? List.of(USUAL_CUT_OFF) : List.copyOf(new TreeSet<>(cutOffs));
    }

    /** Returns the metrics that are measured. */
    public List<Metric> metrics() {
        return ListMetrics.declared(cutOffs);
    }

    /** Returns the field of the spec that says what groups are. */
    public String field() {
        return "judge.rankings." + within.field;
    }

    /** Returns what a group is for people, e.g. {@code "region"}. */
    public String groupName() {
        return column == null ? within.name().toLowerCase(Locale.ROOT) : column;
    }
}
