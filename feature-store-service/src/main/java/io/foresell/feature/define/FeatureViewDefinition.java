package io.foresell.feature.define;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Typed columns of one entity from one source. {@code freshnessLimit} empty means never stale. */
public record FeatureViewDefinition(
        String name,
        String entity,
        ViewKind kind,
        String entityKeyColumn,
        String eventTimeColumn,
        String eventIdColumn,
        KnownTime knownTime,
        List<ColumnDefinition> columns,
        List<AggregationDefinition> aggregations,
        Optional<Duration> freshnessLimit,
        String description)
        implements RowView {
    public FeatureViewDefinition {
        columns = List.copyOf(columns);
        aggregations = List.copyOf(aggregations);
    }

    /** Returns the names that a feature set may refer to. */
    public List<String> featureNames() {
        return kind == ViewKind.EVENTS
                ? aggregations.stream().map(AggregationDefinition::name).toList()
                : columns.stream().map(ColumnDefinition::name).toList();
    }

    @Override
    public boolean isOneRowPerInstant() {
        return kind == ViewKind.SNAPSHOT;
    }

    @Override
    public String kindName() {
        return "feature_view";
    }

    @Override
    public FeatureViewDefinition withoutDescriptions() {
        return new FeatureViewDefinition(
                name,
                entity,
                kind,
                entityKeyColumn,
                eventTimeColumn,
                eventIdColumn,
                knownTime,
                columns.stream().map(ColumnDefinition::withoutDescription).toList(),
                aggregations.stream()
                        .map(AggregationDefinition::withoutDescription)
                        .toList(),
                freshnessLimit,
                "");
    }
}
