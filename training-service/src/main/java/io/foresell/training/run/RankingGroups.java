package io.foresell.training.run;

import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.dataset.RowGroups;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.Judged;
import io.foresell.training.evaluate.RankingPlan;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Puts rows into the groups within which they are ranked, and counts those that can be judged. */
final class RankingGroups {
    private RankingGroups() {}

    /**
     * Returns the rows in their groups; unchanged where none are declared.
     *
     * @throws ServiceException when there is no such column
     */
    static TrainingSet.Known grouped(@Nullable RankingPlan plan, TrainingSet.Known known) {
        if (plan == null) {
            return known;
        }
        TrainingSet set = known.rows();
        IntFunction<@Nullable Object> groupOf = groupOf(plan, set);
        Map<Object, Integer> numbers = new HashMap<>();
        int[] numberOf = new int[set.rowCount()];
        for (int row = 0; row < numberOf.length; row++) {
            Object group = groupOf.apply(row);
            numberOf[row] = group == null ? RowGroups.NONE : numbers.computeIfAbsent(group, absent -> numbers.size());
        }
        double relevantAbove = set.task() == Task.BINARY ? 0 : plan.relevantAbove();
        return new TrainingSet.Known(set.grouped(new RowGroups(numberOf, relevantAbove)), known.unknown());
    }

    /** Returns what rows of one group have in common; null of a row whose column is missing. */
    private static IntFunction<@Nullable Object> groupOf(RankingPlan plan, TrainingSet set) {
        return switch (plan.within()) {
            case ENTITY -> set::entityKey;
            case DAY -> row -> day(set, row);
            case WEEK -> row -> Math.floorDiv(day(set, row).toEpochDay() + 3, 7L); // day 0 was a Thursday
            case MONTH -> row -> day(set, row).withDayOfMonth(1);
            case COLUMN -> column(plan, set);
        };
    }

    private static LocalDate day(TrainingSet set, int row) {
        return Instant.ofEpochMilli(set.timeMillis(row)).atZone(ZoneOffset.UTC).toLocalDate();
    }

    private static IntFunction<@Nullable Object> column(RankingPlan plan, TrainingSet set) {
        List<String> names = set.fields().stream().map(InputField::name).toList();
        String wanted = String.valueOf(plan.column());
        InputField field = set.fields().stream()
                .filter(each -> each.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> failed(
                        "RANKING_COLUMN_UNKNOWN",
                        "%s: '%s' (expected: a feature of %s that models may read; nearest: %s)"
                                .formatted(
                                        plan.field(), wanted, set.info().featureSet(), Names.nearest(wanted, names))));
        if (field.width() > 1) {
            throw failed(
                    "RANKING_COLUMN_UNSUITED",
                    "%s: %s is %d numbers (expected: a text or one number)"
                            .formatted(plan.field(), wanted, field.width()));
        }
        Rows rows = HeldOutRows.all(set).rows(Signature.of(List.of(field)));
        return field.kind() == InputKind.TEXT
                ? row -> rows.texts()[row].isEmpty() ? null : rows.texts()[row]
                : row -> Float.isNaN(rows.numbers()[row]) ? null : (Object) rows.numbers()[row];
    }

    /**
     * Returns how many groups of the judged rows can be judged.
     *
     * @throws ServiceException when none of them can
     */
    static Judged.Rankings judged(RankingPlan plan, List<Fold> folds) {
        Set<Integer> groups = new HashSet<>();
        Set<Integer> cut = new HashSet<>();
        long lists = 0;
        long judged = 0;
        long ofOneRow = 0;
        long withoutGroup = 0;
        for (Fold fold : folds) {
            RowGroups found = fold.heldOut().groups();
            if (found == null) {
                continue;
            }
            double[] labels = fold.heldOut().labels();
            List<int[]> all = found.all();
            lists += all.size();
            judged += found.lists(labels).size();
            for (int[] rows : all) {
                ofOneRow += rows.length == 1 ? 1 : 0;
                withoutGroup -= rows.length;
                if (!groups.add(found.number(rows[0]))) {
                    cut.add(found.number(rows[0]));
                }
            }
            withoutGroup += found.rowCount();
        }
        long withoutRelevant = lists - judged - ofOneRow;
        if (judged == 0) {
            throw failed(
                    "RANKINGS_EMPTY",
                    "%s: groups by %s that can be judged: 0 of %d, %d of one row and %d without a relevant row (expected: 1 or more, of two rows or more and a relevant one)"
                            .formatted(plan.field(), plan.groupName(), lists, ofOneRow, withoutRelevant));
        }
        return new Judged.Rankings(
                plan.groupName(),
                plan.cutOffs(),
                plan.relevantAbove(),
                groups.size(),
                cut.size(),
                lists,
                judged,
                ofOneRow,
                withoutRelevant,
                withoutGroup,
                sentence(plan, groups.size(), cut.size(), lists, judged, ofOneRow, withoutRelevant, withoutGroup));
    }

    private static String sentence(
            RankingPlan plan,
            long groups,
            long cut,
            long lists,
            long judged,
            long ofOneRow,
            long withoutRelevant,
            long withoutGroup) {
        List<String> parts = new ArrayList<>();
        parts.add("Rows were ranked within each %s: %,d of %,d lists were judged"
                .formatted(plan.groupName(), judged, lists));
        if (withoutRelevant > 0) {
            parts.add("%,d without a relevant row were left out".formatted(withoutRelevant));
        }
        if (ofOneRow > 0) {
            parts.add("%,d of one row were left out".formatted(ofOneRow));
        }
        if (withoutGroup > 0) {
            parts.add("%,d rows are in none".formatted(withoutGroup));
        }
        if (cut > 0) {
            parts.add(
                    "%,d of %,d groups have rows in several judged parts, and only those of one part were ranked together"
                            .formatted(cut, groups));
        }
        return String.join("; ", parts) + ".";
    }

    private static ServiceException failed(String reason, String message) {
        return new ServiceException(Failure.precondition(reason, message));
    }
}
