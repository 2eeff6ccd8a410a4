package io.foresell.training.choose;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Signature;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.prepare.ColumnRule;
import io.foresell.training.prepare.LeftOut;
import io.foresell.training.prepare.Preparation;
import io.foresell.training.prepare.TextPlan;
import io.foresell.training.prepare.TextRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells written texts and identifiers from categories. Written texts are read as weighted words by linear models, as pieces of
 * characters where words are not set apart by spaces; other families leave them out. Columns that a spec prepares itself stay as they are.
 */
final class TextColumns {
    /** Fewer different texts are categories, however long. */
    private static final int LEAST_TEXTS = 50;
    /** More different texts that are not written are an identifier. */
    private static final int MOST_CATEGORIES = 1000;

    private static final double LEAST_WORDS = 3;
    private static final double LEAST_CHARACTERS = 10;
    private static final int LOOKED_AT = 2000;
    private static final int MOST_TERMS = 20_000;
    private static final int MOST_STRINGS = 4096;

    private final Map<String, TextRule> written = new LinkedHashMap<>();
    private final List<String> identifiers = new ArrayList<>();
    private final List<String> others = new ArrayList<>();
    private final Preparation given;

    private TextColumns(Preparation given) {
        this.given = given;
    }

    static TextColumns of(TrainingSet set, Preparation given) {
        TextColumns columns = new TextColumns(given);
        for (InputField field : TrainingFold.all(set).fieldsWithValues()) {
            int different = set.categoryCount(field.name());
            boolean isOpen = field.kind() == InputKind.TEXT && different >= LEAST_TEXTS && !columns.isNamed(field);
            TextRule rule = isOpen ? rule(set, field) : null;
            if (rule != null) {
                columns.written.put(field.name(), rule);
            } else if (isOpen && different > MOST_CATEGORIES) {
                columns.identifiers.add(field.name());
            } else {
                columns.others.add(field.name());
            }
        }
        return columns;
    }

    private boolean isNamed(InputField field) {
        return given.readsManyTexts(field)
                || given.columns().stream().anyMatch(rule -> rule.columns().contains(field.name()));
    }

    private static @org.jspecify.annotations.Nullable TextRule rule(TrainingSet set, InputField field) {
        String[] texts =
                TrainingFold.all(set).rows(Signature.of(List.of(field))).texts();
        double words = 0;
        double characters = 0;
        int count = 0;
        for (int i = 0; i < texts.length && count < LOOKED_AT; i++) {
            if (!texts[i].isBlank()) {
                words += texts[i].strip().split("\\s+").length;
                characters += texts[i].length();
                count++;
            }
        }
        if (count == 0) {
            return null;
        }
        if (words / count >= LEAST_WORDS) {
            return new TextRule.Words(1, 2, new TextRule.TermChoice(MOST_TERMS, 1, true, true, true));
        }
        boolean isUnspaced = words / count < 2 && characters / count >= LEAST_CHARACTERS && hasIdeographs(texts);
        return isUnspaced
                ? new TextRule.Characters(1, 3, new TextRule.TermChoice(MOST_STRINGS, 1, true, true, true))
                : null;
    }

    private static boolean hasIdeographs(String[] texts) {
        int found = 0;
        for (int i = 0; i < Math.min(LOOKED_AT, texts.length); i++) {
            found += texts[i].codePoints().anyMatch(Character::isIdeographic) ? 1 : 0;
        }
        return found * 2 > Math.min(LOOKED_AT, texts.length);
    }

    boolean hasWritten() {
        return !written.isEmpty();
    }

    /** Returns whether anything is left for families that do not read written texts. */
    boolean hasOthers() {
        return !others.isEmpty();
    }

    List<String> written() {
        return List.copyOf(written.keySet());
    }

    List<String> identifiers() {
        return List.copyOf(identifiers);
    }

    /** Returns how all families read features that do not read written texts. */
    Preparation withoutTexts() {
        List<ColumnRule> rules = leftOut();
        if (hasWritten()) {
            rules.add(new ColumnRule(written(), new LeftOut()));
        }
        return with(rules);
    }

    /** Returns how linear models read all features. */
    Preparation withTexts() {
        List<ColumnRule> rules = leftOut();
        written.forEach((name, rule) -> rules.add(new ColumnRule(List.of(name), new TextPlan(rule, false, false))));
        return with(rules);
    }

    private List<ColumnRule> leftOut() {
        List<ColumnRule> rules = new ArrayList<>();
        if (!identifiers.isEmpty()) {
            rules.add(new ColumnRule(identifiers(), new LeftOut()));
        }
        return rules;
    }

    private Preparation with(List<ColumnRule> more) {
        if (more.isEmpty()) {
            return given;
        }
        List<ColumnRule> all = new ArrayList<>(given.columns());
        all.addAll(more);
        return new Preparation(given.rows(), all, given.interactions(), given.selections());
    }
}
