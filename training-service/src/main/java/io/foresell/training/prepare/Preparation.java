package io.foresell.training.prepare;

import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says what becomes of raw features before a model reads them, beyond what every family needs. Immutable; fitted on a fold by
 * {@link PreparedFold}.
 *
 * @param selections in this order, each on what the one before leaves
 */
public record Preparation(
        RowRules rows, List<ColumnRule> columns, List<Interaction> interactions, List<Selection> selections) {
    /** Leaves it to the family: linear models and networks read standardised numbers, trees raw ones; texts are one-hot. */
    public static final Preparation NONE = new Preparation(RowRules.NONE, List.of(), List.of(), List.of());

    public Preparation {
        columns = List.copyOf(columns);
        interactions = List.copyOf(interactions);
        selections = List.copyOf(selections);
        Set<String> named = new HashSet<>();
        for (ColumnRule rule : columns) {
            String kind = rule.plan().getClass().getSimpleName();
            for (String name : rule.columns().isEmpty() ? List.of("all features of " + kind) : rule.columns()) {
                if (!named.add(name)) {
                    throw Plans.refused("columns", name, "named once");
                }
            }
        }
    }

    /** Returns what becomes of a feature. */
    ColumnPlan planOf(InputField field) {
        for (ColumnRule rule : columns) {
            if (rule.columns().contains(field.name())) {
                return rule.plan();
            }
        }
        for (ColumnRule rule : columns) {
            if (rule.columns().isEmpty() && rule.plan().suits(field)) {
                return rule.plan();
            }
        }
        if (TextPlan.FAMILY.suits(field)) {
            return TextPlan.FAMILY;
        }
        return NumberPlan.FAMILY.suits(field) ? NumberPlan.FAMILY : SequencePlan.FAMILY;
    }

    /** Returns whether a text may have any number of different values. */
    public boolean readsManyTexts(InputField field) {
        ColumnPlan plan = planOf(field);
        return plan instanceof LeftOut
                || (plan instanceof TextPlan text && text.rule().readsManyTexts());
    }

    /**
     * Checks that every feature that is named exists and is of the kind that its plan reads.
     *
     * @throws ServiceException FAILED_PRECONDITION naming the nearest feature
     */
    public void requireSuits(List<InputField> fields) {
        Map<String, InputField> byName = new LinkedHashMap<>();
        fields.forEach(field -> byName.put(field.name(), field));
        rows.requiredColumns().forEach(name -> require("prepare.rows.require", name, byName));
        for (ColumnRule rule : columns) {
            for (String name : rule.columns()) {
                InputField field = require("prepare.columns", name, byName);
                if (!rule.plan().suits(field)) {
                    throw new ServiceException(Failure.precondition(
                            "PREPARE_KIND_DIFFERS",
                            "prepare.columns: %s is %s (expected: %s)"
                                    .formatted(name, kind(field), rule.plan().suited())));
                }
            }
        }
        for (Interaction interaction : interactions) {
            require("prepare.interactions", interaction.first(), byName);
            require("prepare.interactions", interaction.second(), byName);
        }
    }

    private static String kind(InputField field) {
        return TextPlan.FAMILY.suits(field)
                ? "a text"
                : field.width() == 1 ? "a number" : "a sequence of %d".formatted(field.width());
    }

    private static InputField require(String place, String name, Map<String, InputField> byName) {
        InputField field = byName.get(name);
        if (field == null) {
            throw new ServiceException(Failure.precondition(
                    "PREPARE_UNKNOWN_COLUMN",
                    "%s: '%s' (expected: a feature of the set; nearest: %s)"
                            .formatted(place, name, Names.nearest(name, byName.keySet()))));
        }
        return field;
    }

    /** Returns what differs from {@link #NONE} by name, for provenance. */
    public Map<String, String> asText() {
        Map<String, String> text = new LinkedHashMap<>();
        if (!rows.equals(RowRules.NONE)) {
            text.put("prepare.rows", PlanText.of(rows));
        }
        for (ColumnRule rule : columns) {
            String names = rule.columns().isEmpty()
                    ? "all " + rule.plan().suited().replaceFirst("^an? ", "") + "s"
                    : String.join(", ", rule.columns());
            text.merge("prepare.columns", names + ": " + PlanText.of(rule.plan()), (a, b) -> a + "; " + b);
        }
        if (!interactions.isEmpty()) {
            text.put(
                    "prepare.interactions",
                    interactions.stream()
                            .map(each -> each.first() + " * " + each.second())
                            .collect(Collectors.joining(", ")));
        }
        if (!selections.isEmpty()) {
            text.put("prepare.selections", PlanText.of(selections));
        }
        return text;
    }
}
