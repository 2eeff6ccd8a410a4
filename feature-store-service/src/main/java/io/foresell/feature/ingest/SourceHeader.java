package io.foresell.feature.ingest;

import io.foresell.feature.define.Catalog;
import io.foresell.feature.define.ColumnDefinition;
import io.foresell.feature.define.RowView;
import io.foresell.kit.Failure;
import io.foresell.kit.Failure.FieldViolation;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a source brings and where it goes, checked against the definitions. Immutable.
 *
 * @param columns the source's columns in order
 * @param batchId the delivery; the same one again changes nothing
 */
public record SourceHeader(List<RowView> views, List<String> columns, String batchId, String source) {
    private static final int MAX_VIEWS = 20;
    private static final int MAX_BATCH_ID_LENGTH = 128;
    private static final int MAX_SOURCE_LENGTH = 1024;

    public SourceHeader {
        views = List.copyOf(views);
        columns = List.copyOf(columns);
    }

    /**
     * Checks a header.
     *
     * @throws ServiceException NOT_FOUND for an unknown view, INVALID_ARGUMENT naming everything else that is wrong
     */
    public static SourceHeader of(
            Catalog catalog, List<String> viewNames, List<String> columns, String batchId, String source) {
        List<FieldViolation> faults = new ArrayList<>();
        int count = viewNames.size();
        faultUnless(count >= 1 && count <= MAX_VIEWS, faults, "header.views", count, "1.." + MAX_VIEWS);
        faultUnless(new HashSet<>(viewNames).size() == count, faults, "header.views", viewNames, "each view once");
        faultUnless(
                !batchId.isBlank()
                        && batchId.length() <= MAX_BATCH_ID_LENGTH
                        && batchId.chars().noneMatch(Character::isISOControl),
                faults,
                "header.batch_id",
                "'" + batchId + "'",
                "1..%d characters".formatted(MAX_BATCH_ID_LENGTH));
        faultUnless(
                source.length() <= MAX_SOURCE_LENGTH,
                faults,
                "header.source",
                source.length() + " characters",
                "0..%d".formatted(MAX_SOURCE_LENGTH));
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < columns.size(); i++) {
            faultUnless(
                    seen.add(columns.get(i)),
                    faults,
                    "header.columns[%d]".formatted(i),
                    "'" + columns.get(i) + "'",
                    "each column once");
        }
        List<RowView> views = viewNames.stream().map(catalog::rowView).toList();
        views.forEach(view -> checkColumns(view, views.get(0), columns, faults));
        if (!faults.isEmpty()) {
            throw new ServiceException(Failure.invalid("HEADER_INVALID", faults));
        }
        return new SourceHeader(views, columns, batchId, source);
    }

    private static void checkColumns(RowView view, RowView first, List<String> columns, List<FieldViolation> faults) {
        faultUnless(
                view.entityKeyColumn().equals(first.entityKeyColumn()),
                faults,
                "header.views",
                "'%s' with entity_key_column '%s'".formatted(view.name(), view.entityKeyColumn()),
                "entity_key_column '%s' as in view '%s'".formatted(first.entityKeyColumn(), first.name()));
        for (String declared : declaredColumns(view)) {
            faultUnless(
                    columns.contains(declared),
                    faults,
                    "header.columns",
                    "no column '%s'".formatted(declared),
                    "every column of view '%s'; nearest: %s".formatted(view.name(), Names.nearest(declared, columns)));
        }
    }

    private static void faultUnless(
            boolean isRight, List<FieldViolation> faults, String field, Object value, String expected) {
        if (!isRight) {
            faults.add(new FieldViolation(field, "%s (expected: %s)".formatted(value, expected)));
        }
    }

    /** Returns every source column that a view reads. */
    static Set<String> declaredColumns(RowView view) {
        Set<String> declared = new LinkedHashSet<>();
        declared.add(view.entityKeyColumn());
        declared.add(view.eventTimeColumn());
        declared.add(view.eventIdColumn());
        declared.add(view.knownTime().column());
        view.columns().stream().map(ColumnDefinition::name).forEach(declared::add);
        declared.remove("");
        return declared;
    }

    /** Returns the source's columns that no view reads. */
    public List<String> ignoredColumns() {
        Set<String> read = new HashSet<>();
        views.forEach(view -> read.addAll(declaredColumns(view)));
        return columns.stream().filter(column -> !read.contains(column)).toList();
    }
}
