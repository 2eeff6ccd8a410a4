package io.foresell.feature.define;

import java.util.List;

/** What is to be predicted: one value per entity and instant. {@code positiveText} empty means "not two-class". */
public record LabelViewDefinition(
        String name,
        String entity,
        String entityKeyColumn,
        String eventTimeColumn,
        String eventIdColumn,
        String column,
        ValueType type,
        String positiveText,
        String description)
        implements RowView {

    @Override
    public KnownTime knownTime() {
        return KnownTime.INGEST;
    }

    /** Returns the one column, which a row must have: a row without its label is not a label. */
    @Override
    public List<ColumnDefinition> columns() {
        return List.of(new ColumnDefinition(column, type, true, null, null, List.of(), CleaningRules.NONE, "", 0));
    }

    @Override
    public boolean isOneRowPerInstant() {
        return true;
    }

    /** Returns whether labels are given as numbers: all but texts without a positive class. */
    public boolean isNumeric() {
        return !type.isText() || !positiveText.isEmpty();
    }

    @Override
    public String kindName() {
        return "label_view";
    }

    @Override
    public LabelViewDefinition withoutDescriptions() {
        return new LabelViewDefinition(
                name, entity, entityKeyColumn, eventTimeColumn, eventIdColumn, column, type, positiveText, "");
    }
}
