package io.foresell.training.serve;

import io.foresell.proto.training.v1.Bins;
import io.foresell.proto.training.v1.ColumnRule;
import io.foresell.proto.training.v1.DatePart;
import io.foresell.proto.training.v1.DatePlan;
import io.foresell.proto.training.v1.FillRule;
import io.foresell.proto.training.v1.NumberPlan;
import io.foresell.proto.training.v1.OutlierAction;
import io.foresell.proto.training.v1.Outliers;
import io.foresell.proto.training.v1.Preparation;
import io.foresell.proto.training.v1.RowRules;
import io.foresell.proto.training.v1.ScaleRule;
import io.foresell.proto.training.v1.Selection;
import io.foresell.proto.training.v1.SequencePlan;
import io.foresell.training.prepare.ColumnPlan;
import io.foresell.training.prepare.Fill;
import io.foresell.training.prepare.Interaction;
import io.foresell.training.prepare.LeftOut;
import io.foresell.training.prepare.RowRules.Duplicates;
import io.foresell.training.prepare.RowRules.Isolated;
import io.foresell.training.prepare.Scale;
import io.foresell.training.prepare.SequencePlan.Gaps;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns the plan of a spec into one that can be fitted. */
final class PrepareProtos {
    private static final int MAX_ENTRIES = 1000;
    private static final int USUAL_BINS = 10;

    private PrepareProtos() {}

    /** Returns the plan; the plan of nothing after a refusal. */
    static io.foresell.training.prepare.Preparation preparation(String field, Preparation message, SpecCheck check) {
        int entries = message.getColumnsCount() + message.getInteractionsCount() + message.getSelectionsCount();
        if (entries > MAX_ENTRIES) {
            check.refuse(field, entries + " entries", "at most " + MAX_ENTRIES);
            return io.foresell.training.prepare.Preparation.NONE;
        }
        io.foresell.training.prepare.RowRules rows = rows(field + ".rows", message.getRows(), check);
        List<io.foresell.training.prepare.ColumnRule> columns = new ArrayList<>();
        for (int i = 0; i < message.getColumnsCount(); i++) {
            ColumnRule rule = message.getColumns(i);
            ColumnPlan plan = plan("%s.columns[%d]".formatted(field, i), rule, check);
            if (plan != null) {
                columns.add(new io.foresell.training.prepare.ColumnRule(rule.getColumnsList(), plan));
            }
        }
        List<io.foresell.training.prepare.Selection> selections = new ArrayList<>();
        for (int i = 0; i < message.getSelectionsCount(); i++) {
            io.foresell.training.prepare.Selection selection =
                    selection("%s.selections[%d]".formatted(field, i), message.getSelections(i), check);
            if (selection != null) {
                selections.add(selection);
            }
        }
        io.foresell.training.prepare.@Nullable Preparation plan = check.checked(
                field,
                () -> new io.foresell.training.prepare.Preparation(rows, columns, interactions(message), selections));
        return plan == null ? io.foresell.training.prepare.Preparation.NONE : plan;
    }

    private static List<Interaction> interactions(Preparation message) {
        return message.getInteractionsList().stream()
                .map(each -> new Interaction(each.getFirst(), each.getSecond()))
                .toList();
    }

    private static io.foresell.training.prepare.RowRules rows(String field, RowRules message, SpecCheck check) {
        Duplicates duplicates =
                switch (message.getDuplicates()) {
                    case DUPLICATES_UNSPECIFIED, DUPLICATES_KEEP -> Duplicates.KEEP;
                    case DUPLICATES_OF_ENTITY -> Duplicates.OF_ENTITY;
                    case DUPLICATES_OF_VALUES -> Duplicates.OF_VALUES;
                    case UNRECOGNIZED -> {
                        check.refuse(
                                field + ".duplicates", message.getDuplicatesValue(), "KEEP, OF_ENTITY or OF_VALUES");
                        yield Duplicates.KEEP;
                    }
                };
        double share = check.number(
                field + ".isolated_share", message.getIsolatedShare() != 0, message.getIsolatedShare(), 0, 0, 0.5);
        Isolated isolated =
                switch (message.getIsolated()) {
                    case OUTLIER_ACTION_UNSPECIFIED, OUTLIER_ACTION_DROP -> Isolated.DROP;
                    case OUTLIER_ACTION_FLAG -> Isolated.FLAG;
                    case OUTLIER_ACTION_CLIP -> {
                        check.refuse(
                                field + ".isolated",
                                "CLIP",
                                "FLAG or DROP: a whole row is isolated; single values are clipped by number.outliers");
                        yield Isolated.DROP;
                    }
                    case UNRECOGNIZED -> {
                        check.refuse(field + ".isolated", message.getIsolatedValue(), "FLAG or DROP");
                        yield Isolated.DROP;
                    }
                };
        if (message.getIsolated() != OutlierAction.OUTLIER_ACTION_UNSPECIFIED && message.getIsolatedShare() == 0) {
            check.refuse(
                    field + ".isolated_share", "nothing", "above 0, at most 0.5: the share that isolated is about");
        }
        return new io.foresell.training.prepare.RowRules(message.getRequireList(), duplicates, share, isolated);
    }

    private static @Nullable ColumnPlan plan(String field, ColumnRule rule, SpecCheck check) {
        boolean isForAll = rule.getColumnsList().isEmpty();
        return switch (rule.getPlanCase()) {
            case NUMBER -> number(field + ".number", rule.getNumber(), check);
            case DATE -> isForAll ? refusedForAll(field, check) : date(field + ".date", rule.getDate(), check);
            case SEQUENCE -> sequence(field + ".sequence", rule.getSequence(), check);
            case TEXT -> PrepareTextProtos.text(field + ".text", rule.getText(), check);
            case LEAVE_OUT -> isForAll || !rule.getLeaveOut() ? refusedForAll(field, check) : new LeftOut();
            case PLAN_NOT_SET -> {
                check.refuse(field, "nothing", "number, date, sequence, text or leave_out");
                yield null;
            }
        };
    }

    private static @Nullable ColumnPlan refusedForAll(String field, SpecCheck check) {
        check.refuse(field + ".columns", "none", "1 or more for date, or for leave_out, which is true");
        return null;
    }

    private static @Nullable ColumnPlan number(String field, NumberPlan message, SpecCheck check) {
        Fill fill = check.checked(field, () -> new Fill(fillRule(field, message, check), message.getFillConstant()));
        io.foresell.training.prepare.@Nullable Outliers outliers =
                message.hasOutliers() ? outliers(field + ".outliers", message.getOutliers(), check) : null;
        io.foresell.training.prepare.@Nullable Bins bins =
                message.hasBins() ? bins(field + ".bins", message.getBins(), check) : null;
        Scale scale = scale(field, message.getScale(), message.getScaleValue(), check);
        if (message.hasBins()) {
            refuseBesideBins(field, message, check);
        }
        return new io.foresell.training.prepare.NumberPlan(
                fill == null ? Fill.FAMILY : fill,
                message.getMissingIndicator(),
                outliers,
                message.getLog(),
                scale,
                bins);
    }

    /** What bins would silently ignore is refused: they read the number as it is. */
    private static void refuseBesideBins(String field, NumberPlan message, SpecCheck check) {
        if (message.getFill() != FillRule.FILL_RULE_UNSPECIFIED) {
            check.refuse(
                    field + ".fill",
                    written(message.getFill().name(), "FILL_RULE_"),
                    "none beside bins: a missing number is in no bin");
        }
        if (message.getOutliers().getAction() == OutlierAction.OUTLIER_ACTION_CLIP) {
            check.refuse(field + ".outliers.action", "clip", "flag or drop beside bins: the outer ones are open");
        }
        if (message.getLog()) {
            check.refuse(field + ".log", true, "false beside bins: they read the number as it is");
        }
        if (message.getScale() != ScaleRule.SCALE_RULE_UNSPECIFIED) {
            check.refuse(
                    field + ".scale",
                    written(message.getScale().name(), "SCALE_RULE_"),
                    "none beside bins: they have no size");
        }
    }

    /** Returns a name as a spec in YAML has it. */
    private static String written(String name, String prefix) {
        return name.substring(prefix.length()).toLowerCase(Locale.ROOT);
    }

    private static Fill.Rule fillRule(String field, NumberPlan message, SpecCheck check) {
        return switch (message.getFill()) {
            case FILL_RULE_UNSPECIFIED -> Fill.Rule.FAMILY;
            case FILL_RULE_CONSTANT -> Fill.Rule.CONSTANT;
            case FILL_RULE_MEAN -> Fill.Rule.MEAN;
            case FILL_RULE_MEDIAN -> Fill.Rule.MEDIAN;
            case FILL_RULE_MODE -> Fill.Rule.MODE;
            case FILL_RULE_LAST -> Fill.Rule.LAST;
            case FILL_RULE_RIDGE -> Fill.Rule.RIDGE;
            case UNRECOGNIZED -> {
                check.refuse(field + ".fill", message.getFillValue(), "CONSTANT, MEAN, MEDIAN, MODE, LAST or RIDGE");
                yield Fill.Rule.FAMILY;
            }
        };
    }

    private static Scale scale(String field, ScaleRule rule, int number, SpecCheck check) {
        return switch (rule) {
            case SCALE_RULE_UNSPECIFIED -> Scale.FAMILY;
            case SCALE_RULE_STANDARD -> Scale.STANDARD;
            case SCALE_RULE_MIN_MAX -> Scale.MIN_MAX;
            case SCALE_RULE_ROBUST -> Scale.ROBUST;
            case SCALE_RULE_NONE -> Scale.NONE;
            case UNRECOGNIZED -> {
                check.refuse(field + ".scale", number, "STANDARD, MIN_MAX, ROBUST or NONE");
                yield Scale.FAMILY;
            }
        };
    }

    private static io.foresell.training.prepare.@Nullable Outliers outliers(
            String field, Outliers message, SpecCheck check) {
        var rule =
                switch (message.getRule()) {
                    case OUTLIER_RULE_UNSPECIFIED, OUTLIER_RULE_IQR -> io.foresell.training.prepare.Outliers.Rule.IQR;
                    case OUTLIER_RULE_Z_SCORE -> io.foresell.training.prepare.Outliers.Rule.Z_SCORE;
                    case OUTLIER_RULE_QUANTILE -> io.foresell.training.prepare.Outliers.Rule.QUANTILE;
                    case UNRECOGNIZED -> {
                        check.refuse(field + ".rule", message.getRuleValue(), "IQR, Z_SCORE or QUANTILE");
                        yield io.foresell.training.prepare.Outliers.Rule.IQR;
                    }
                };
        var action =
                switch (message.getAction()) {
                    case OUTLIER_ACTION_UNSPECIFIED, OUTLIER_ACTION_FLAG -> io.foresell.training.prepare.Outliers.Action
                            .FLAG;
                    case OUTLIER_ACTION_CLIP -> io.foresell.training.prepare.Outliers.Action.CLIP;
                    case OUTLIER_ACTION_DROP -> io.foresell.training.prepare.Outliers.Action.DROP;
                    case UNRECOGNIZED -> {
                        check.refuse(field + ".action", message.getActionValue(), "FLAG, CLIP or DROP");
                        yield io.foresell.training.prepare.Outliers.Action.FLAG;
                    }
                };
        double factor = message.hasFactor() ? message.getFactor() : rule.usualFactor();
        return check.checked(parent(field), () -> new io.foresell.training.prepare.Outliers(rule, factor, action));
    }

    /** Returns the field that holds another one: what a plan refuses begins with the name of its own field. */
    private static String parent(String field) {
        return field.substring(0, field.lastIndexOf('.'));
    }

    private static io.foresell.training.prepare.@Nullable Bins bins(String field, Bins message, SpecCheck check) {
        var rule =
                switch (message.getRule()) {
                    case BIN_RULE_UNSPECIFIED -> message.getEdgesCount() > 0
                            ? io.foresell.training.prepare.Bins.Rule.EDGES
                            : io.foresell.training.prepare.Bins.Rule.QUANTILE;
                    case BIN_RULE_QUANTILE -> io.foresell.training.prepare.Bins.Rule.QUANTILE;
                    case BIN_RULE_UNIFORM -> io.foresell.training.prepare.Bins.Rule.UNIFORM;
                    case BIN_RULE_EDGES -> io.foresell.training.prepare.Bins.Rule.EDGES;
                    case UNRECOGNIZED -> {
                        check.refuse(field + ".rule", message.getRuleValue(), "QUANTILE, UNIFORM or EDGES");
                        yield io.foresell.training.prepare.Bins.Rule.QUANTILE;
                    }
                };
        int count = check.count(field + ".count", message.getCount(), USUAL_BINS, 2, 1000);
        return check.checked(
                parent(field),
                () -> new io.foresell.training.prepare.Bins(
                        rule, count, message.getEdgesList(), !message.getOrdinal()));
    }

    private static @Nullable ColumnPlan date(String field, DatePlan message, SpecCheck check) {
        List<io.foresell.model.graph.DatePart> parts = new ArrayList<>();
        for (DatePart part : message.getPartsList()) {
            if (part == DatePart.DATE_PART_UNSPECIFIED || part == DatePart.UNRECOGNIZED) {
                check.refuse(field + ".parts", part.name(), "HOUR, DAY_OF_WEEK, DAY_OF_MONTH or MONTH");
                return null;
            }
            parts.add(io.foresell.model.graph.DatePart.valueOf(part.name().substring("DATE_PART_".length())));
        }
        double millisPerUnit =
                switch (message.getUnit()) {
                    case TIME_UNIT_UNSPECIFIED, TIME_UNIT_MILLISECONDS -> 1;
                    case TIME_UNIT_SECONDS -> 1000;
                    case TIME_UNIT_HOURS -> 3_600_000;
                    case TIME_UNIT_DAYS -> 86_400_000;
                    case UNRECOGNIZED -> {
                        check.refuse(field + ".unit", message.getUnitValue(), "MILLISECONDS, SECONDS, HOURS or DAYS");
                        yield 1;
                    }
                };
        long since = check.time(field + ".age_since", message.getAgeSince());
        List<Long> ages = message.getAgeSince().isEmpty() ? List.of() : List.of(since);
        return check.checked(
                field,
                () -> new io.foresell.training.prepare.DatePlan(parts, !message.getOrdinal(), millisPerUnit, ages));
    }

    private static ColumnPlan sequence(String field, SequencePlan message, SpecCheck check) {
        Gaps gaps =
                switch (message.getGaps()) {
                    case GAP_RULE_UNSPECIFIED -> Gaps.FAMILY;
                    case GAP_RULE_LAST -> Gaps.LAST;
                    case GAP_RULE_LINEAR -> Gaps.LINEAR;
                    case UNRECOGNIZED -> {
                        check.refuse(field + ".gaps", message.getGapsValue(), "LAST or LINEAR");
                        yield Gaps.FAMILY;
                    }
                };
        Scale scale = scale(field, message.getScale(), message.getScaleValue(), check);
        return new io.foresell.training.prepare.SequencePlan(gaps, message.getLog(), scale);
    }

    private static io.foresell.training.prepare.@Nullable Selection selection(
            String field, Selection message, SpecCheck check) {
        switch (message.getRule()) {
            case SELECTION_RULE_UNSPECIFIED, UNRECOGNIZED -> {
                check.refuse(
                        field + ".rule",
                        message.getRuleValue(),
                        "VARIANCE, CORRELATION, F_TEST, CHI_SQUARE, MUTUAL_INFORMATION, L1, RECURSIVE, STABILITY or"
                                + " COMPONENTS");
                return null;
            }
            default -> {
                var rule = io.foresell.training.prepare.Selection.Rule.valueOf(
                        message.getRule().name().substring("SELECTION_RULE_".length()));
                double threshold = message.hasThreshold() ? message.getThreshold() : Double.NaN;
                return check.checked(
                        field, () -> new io.foresell.training.prepare.Selection(rule, message.getTop(), threshold));
            }
        }
    }
}
