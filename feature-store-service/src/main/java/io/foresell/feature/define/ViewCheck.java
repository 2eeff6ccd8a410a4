package io.foresell.feature.define;

import io.foresell.kit.Names;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks one view or label view by itself. Paths of fields start with {@code path}. */
final class ViewCheck {
    private static final int MAX_COLUMNS = 1000;
    private static final int MAX_AGGREGATIONS = 500;
    private static final int MAX_CATEGORIES = 1000;
    private static final int MAX_MISSING_TEXTS = 100;
    private static final int MAX_NAME_LENGTH = 128;
    private static final int MAX_BUCKETS = 400;
    private static final int MAX_WIDTH = 16_384;
    private static final Duration MIN_WINDOW = Duration.ofHours(1);
    private static final Duration MAX_WINDOW = Duration.ofDays(1000);
    private static final Duration MAX_SPAN = Duration.ofDays(36_500);

    private final String path;
    private final Violations violations;

    ViewCheck(String path, Violations violations) {
        this.path = path;
        this.violations = violations;
    }

    void check(RowView view) {
        violations.invalidUnless(Names.isValid(view.entity()), path + ".entity", view.entity(), Names.EXPECTED);
        requireColumnName(path + ".entity_key_column", view.entityKeyColumn());
        if (view instanceof FeatureViewDefinition features) {
            checkFeatures(features);
        } else if (view instanceof LabelViewDefinition label) {
            checkLabel(label);
        }
    }

    private void checkLabel(LabelViewDefinition label) {
        requireColumnName(path + ".column", label.column());
        violations.invalidUnless(
                label.type() == ValueType.NUMBER || label.type() == ValueType.TEXT || label.type() == ValueType.BOOLEAN,
                path + ".type",
                label.type(),
                "NUMBER, TEXT or BOOLEAN");
        violations.invalidUnless(
                label.positiveText().isEmpty() || label.type().isText(),
                path + ".positive_text",
                label.positiveText(),
                "empty, because the label is not TEXT");
    }

    private void checkFeatures(FeatureViewDefinition view) {
        violations.invalidUnless(
                view.kind() != ViewKind.UNSPECIFIED, path + ".kind", view.kind(), "SNAPSHOT or EVENTS");
        checkKnownTime(view);
        checkCount(path + ".columns", view.columns().size(), 1, MAX_COLUMNS);
        checkUnique(
                path + ".columns",
                view.columns().stream().map(ColumnDefinition::name).toList());
        for (int i = 0; i < view.columns().size(); i++) {
            checkColumn(path + ".columns[%d]".formatted(i), view.columns().get(i));
        }
        int maxAggregations = view.kind() == ViewKind.SNAPSHOT ? 0 : MAX_AGGREGATIONS;
        checkCount(path + ".aggregations", view.aggregations().size(), 0, maxAggregations);
        checkUnique(
                path + ".aggregations",
                view.aggregations().stream().map(AggregationDefinition::name).toList());
        for (int i = 0; i < view.aggregations().size(); i++) {
            checkAggregation(
                    path + ".aggregations[%d]".formatted(i),
                    view,
                    view.aggregations().get(i));
        }
        Duration limit = view.freshnessLimit().orElse(MIN_WINDOW);
        violations.invalidUnless(
                limit.compareTo(Duration.ZERO) > 0 && limit.compareTo(MAX_SPAN) <= 0,
                path + ".freshness_limit",
                limit,
                "a positive duration of at most 100 years");
    }

    private void checkKnownTime(FeatureViewDefinition view) {
        KnownTime known = view.knownTime();
        boolean isColumn = known.rule() == KnownTimeRule.COLUMN;
        violations.invalidUnless(
                isColumn != known.column().isEmpty(),
                path + ".known_time_column",
                known.column(),
                isColumn ? "the source column of the known time" : "empty, because known_time is not COLUMN");
        boolean isEventTime = known.rule() == KnownTimeRule.EVENT_TIME;
        violations.invalidUnless(
                !known.delay().isNegative()
                        && known.delay().compareTo(MAX_SPAN) <= 0
                        && (isEventTime || known.delay().isZero()),
                path + ".known_time_delay",
                known.delay(),
                isEventTime ? "0 to 100 years" : "absent, because known_time is not EVENT_TIME");
        violations.invalidUnless(
                !isEventTime || !view.eventTimeColumn().isEmpty(),
                path + ".event_time_column",
                "",
                "the source column of the event time, because known_time is EVENT_TIME");
    }

    private void checkColumn(String at, ColumnDefinition column) {
        requireColumnName(at + ".name", column.name());
        violations.invalidUnless(
                column.type() != ValueType.UNSPECIFIED,
                at + ".type",
                column.type(),
                "NUMBER, TEXT, BOOLEAN, TIMESTAMP or NUMBERS");
        checkWidth(at, column);
        checkRange(at, column);
        checkCount(
                at + ".categories", column.categories().size(), 0, column.type().isText() ? MAX_CATEGORIES : 0);
        checkUnique(at + ".categories", column.categories());
        checkCount(
                at + ".cleaning.missing_texts", column.cleaning().missingTexts().size(), 0, MAX_MISSING_TEXTS);
        checkFill(at + ".cleaning.fill_value", column);
    }

    private void checkWidth(String at, ColumnDefinition column) {
        boolean isNumbers = column.type() == ValueType.NUMBERS;
        checkCount(at + ".width", column.width(), isNumbers ? 2 : 0, isNumbers ? MAX_WIDTH : 0);
        violations.invalidUnless(
                !isNumbers || column.cleaning().missing() != MissingRule.CONSTANT,
                at + ".cleaning.missing",
                column.cleaning().missing(),
                "another rule, because the column is NUMBERS");
    }

    private void checkRange(String at, ColumnDefinition column) {
        double min = Optional.ofNullable(column.min()).orElse(-Double.MAX_VALUE);
        double max = Optional.ofNullable(column.max()).orElse(Double.MAX_VALUE);
        boolean hasRange = column.min() != null || column.max() != null;
        violations.invalidUnless(Double.isFinite(min), at + ".min", min, "a finite number");
        violations.invalidUnless(Double.isFinite(max), at + ".max", max, "a finite number");
        violations.invalidUnless(!(min > max), at + ".min", min, "at most max, which is " + max);
        violations.invalidUnless(
                !hasRange || column.type() == ValueType.NUMBER,
                column.min() != null ? at + ".min" : at + ".max",
                column.min() != null ? min : max,
                "absent, because the column is not NUMBER");
        violations.invalidUnless(
                hasRange || column.cleaning().outlier() == OutlierRule.QUARANTINE,
                at + ".cleaning.outlier",
                column.cleaning().outlier(),
                "unspecified, because the column has neither min nor max");
    }

    private void checkFill(String field, ColumnDefinition column) {
        String fill = column.cleaning().fillValue();
        boolean isConstant = column.cleaning().missing() == MissingRule.CONSTANT;
        if (isConstant == fill.isBlank()) {
            violations.invalid(
                    field, fill, isConstant ? "the value to fill in" : "empty, because missing is not CONSTANT");
            return;
        }
        if (!isConstant || column.type() == ValueType.UNSPECIFIED || column.type() == ValueType.NUMBERS) {
            return;
        }
        if (column.type().isText()) {
            violations.invalidUnless(
                    column.categories().isEmpty() || column.categories().contains(fill),
                    field,
                    fill,
                    "one of the categories; nearest: " + Names.nearest(fill, column.categories()));
            return;
        }
        try {
            double value = TypedText.parse(column.type(), fill);
            Double min = column.min();
            Double max = column.max();
            boolean isInRange = !(min != null && value < min) && !(max != null && value > max);
            violations.invalidUnless(isInRange, field, fill, "a number within min and max");
        } catch (UnreadableText e) {
            violations.invalid(field, fill, e.expected());
        }
    }

    private void checkAggregation(String at, FeatureViewDefinition view, AggregationDefinition aggregation) {
        requireColumnName(at + ".name", aggregation.name());
        AggregateFunction function = aggregation.function();
        violations.invalidUnless(
                function != AggregateFunction.UNSPECIFIED,
                at + ".function",
                function,
                "COUNT, SUM, MEAN, MIN, MAX, DISTINCT, RECENCY_DAYS, TENURE_DAYS or MEAN_GAP_DAYS");
        checkAggregatedColumn(at + ".column", view, aggregation);
        Duration window = aggregation.window();
        violations.invalidUnless(
                window.compareTo(MIN_WINDOW) >= 0 && window.compareTo(MAX_WINDOW) <= 0,
                at + ".window",
                window,
                "1 hour to 1000 days");
        checkCount(at + ".buckets", aggregation.bucketCount(), 1, MAX_BUCKETS);
        aggregation.filter().forEach((column, text) -> checkFilter(at + ".filter", view, column, text));
    }

    private void checkAggregatedColumn(String field, FeatureViewDefinition view, AggregationDefinition aggregation) {
        AggregateFunction function = aggregation.function();
        String name = aggregation.column();
        if (function == AggregateFunction.UNSPECIFIED || (name.isEmpty() && !function.needsColumn())) {
            return;
        }
        ColumnDefinition column = column(view, name);
        if (column == null) {
            violations.invalid(field, name, "a column of the view; nearest: " + nearest(view, name));
        } else if (function.needsNumbers() && column.type() != ValueType.NUMBER) {
            violations.invalid(
                    field,
                    name,
                    "a NUMBER column, because the function is %s; it is %s".formatted(function, column.type()));
        }
    }

    private void checkFilter(String field, FeatureViewDefinition view, String name, String text) {
        ColumnDefinition column = column(view, name);
        if (column == null) {
            violations.invalid(field, name, "a column of the view; nearest: " + nearest(view, name));
            return;
        }
        if (column.type().isText() || column.type() == ValueType.UNSPECIFIED) {
            return;
        }
        if (column.type() == ValueType.NUMBERS) {
            violations.invalid(field, name, "a column of single values, because filters compare one; it is NUMBERS");
            return;
        }
        try {
            TypedText.parse(column.type(), text);
        } catch (UnreadableText e) {
            violations.invalid(field + "[" + name + "]", text, e.expected());
        }
    }

    private static @Nullable ColumnDefinition column(FeatureViewDefinition view, String name) {
        return view.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static String nearest(FeatureViewDefinition view, String name) {
        return Names.nearest(
                name, view.columns().stream().map(ColumnDefinition::name).toList());
    }

    private void requireColumnName(String field, String name) {
        boolean isValid = !name.isBlank()
                && name.length() <= MAX_NAME_LENGTH
                && name.chars().noneMatch(Character::isISOControl);
        violations.invalidUnless(isValid, field, name, "1 to 128 characters without control characters");
    }

    private void checkCount(String field, int count, int min, int max) {
        violations.invalidUnless(
                count >= min && count <= max, field, count, max == 0 ? "none" : "%d..%d".formatted(min, max));
    }

    private void checkUnique(String field, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            violations.invalidUnless(seen.add(names.get(i)), field + "[" + i + "]", names.get(i), "each name once");
        }
    }
}
