package io.foresell.training.serve;

import io.foresell.proto.training.v1.TargetPlan;
import io.foresell.proto.training.v1.TermsPlan;
import io.foresell.proto.training.v1.TextPlan;
import io.foresell.training.prepare.ColumnPlan;
import io.foresell.training.prepare.TextRule;
import org.jspecify.annotations.Nullable;

/** Turns the plans of texts into ones that can be fitted. */
final class PrepareTextProtos {
    private static final int USUAL_BUCKETS = 64;
    private static final double USUAL_SMOOTHING = 10;
    private static final int USUAL_FOLDS = 5;
    private static final int USUAL_WORDS = 20_000;
    private static final int USUAL_STRINGS = 4096;

    private PrepareTextProtos() {}

    static @Nullable ColumnPlan text(String field, TextPlan message, SpecCheck check) {
        TextRule rule = rule(field, message, check);
        boolean isFillable =
                rule instanceof TextRule.OneHot || rule instanceof TextRule.Ordinal || rule instanceof TextRule.Hashed;
        if (rule != null && message.getFillMode() && !isFillable) {
            check.refuse(field + ".fill_mode", true, "false, but for one_hot, ordinal and hash");
        }
        return rule == null
                ? null
                : new io.foresell.training.prepare.TextPlan(rule, message.getFillMode(), message.getMissingIndicator());
    }

    private static @Nullable TextRule rule(String field, TextPlan message, SpecCheck check) {
        if (!message.hasWords() && !message.hasCharacters()) {
            return category(field, message, check);
        }
        if (message.getRuleCase() != TextPlan.RuleCase.RULE_NOT_SET) {
            check.refuse(field, "words or characters, and a rule for categories", "one of the two");
            return null;
        }
        TextRule.@Nullable Words words = message.hasWords() ? words(field, message.getWords(), check) : null;
        TextRule.@Nullable Characters characters =
                message.hasCharacters() ? characters(field, message.getCharacters(), check) : null;
        if (words != null && characters != null) {
            return new TextRule.WordsAndCharacters(words, characters);
        }
        return words != null ? words : characters;
    }

    private static TextRule.@Nullable Words words(String field, TermsPlan terms, SpecCheck check) {
        return check.checked(
                field + ".words",
                () -> new TextRule.Words(
                        or(terms.getMinLength(), 1),
                        or(terms.getMaxLength(), Math.max(2, terms.getMinLength())),
                        choice(terms, USUAL_WORDS)));
    }

    private static TextRule.@Nullable Characters characters(String field, TermsPlan terms, SpecCheck check) {
        return check.checked(
                field + ".characters",
                () -> new TextRule.Characters(
                        or(terms.getMinLength(), 1),
                        or(terms.getMaxLength(), Math.max(3, terms.getMinLength())),
                        choice(terms, USUAL_STRINGS)));
    }

    private static @Nullable TextRule category(String field, TextPlan message, SpecCheck check) {
        return switch (message.getRuleCase()) {
            case RULE_NOT_SET -> TextRule.OneHot.ALL;
            case ONE_HOT -> check.checked(
                    field + ".one_hot",
                    () -> new TextRule.OneHot(
                            message.getOneHot().getMinCount() == 0
                                    ? 1
                                    : message.getOneHot().getMinCount(),
                            message.getOneHot().getMaxCategories()));
            case ORDINAL -> ordinal(field, message, check);
            case TARGET -> target(field + ".target", message.getTarget(), check);
            case HASH -> check.checked(
                    field + ".hash",
                    () -> new TextRule.Hashed(
                            message.getHash().getBuckets() == 0
                                    ? USUAL_BUCKETS
                                    : message.getHash().getBuckets()));
        };
    }

    private static @Nullable TextRule ordinal(String field, TextPlan message, SpecCheck check) {
        if (!message.getOrdinal()) {
            check.refuse(field + ".ordinal", false, "true");
            return null;
        }
        return new TextRule.Ordinal();
    }

    private static @Nullable TextRule target(String field, TargetPlan message, SpecCheck check) {
        double smoothing = message.hasSmoothing() ? message.getSmoothing() : USUAL_SMOOTHING;
        return check.checked(field, () -> new TextRule.Target(smoothing, or(message.getFolds(), USUAL_FOLDS)));
    }

    private static TextRule.TermChoice choice(TermsPlan terms, int usualTerms) {
        return new TextRule.TermChoice(
                or(terms.getMaxTerms(), usualTerms),
                or(terms.getMinDocuments(), 1),
                !terms.getLinear(),
                !terms.getUnweighted(),
                !terms.getUnnormalized());
    }

    private static int or(int value, int usual) {
        return value == 0 ? usual : value;
    }
}
