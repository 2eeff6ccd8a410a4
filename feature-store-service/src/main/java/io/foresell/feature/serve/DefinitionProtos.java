package io.foresell.feature.serve;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.feature.define.AggregateFunction;
import io.foresell.feature.define.AggregationDefinition;
import io.foresell.feature.define.CleaningRules;
import io.foresell.feature.define.ColumnDefinition;
import io.foresell.feature.define.Definition;
import io.foresell.feature.define.DefinitionCodec;
import io.foresell.feature.define.EntityDefinition;
import io.foresell.feature.define.FeatureSetDefinition;
import io.foresell.feature.define.FeatureViewDefinition;
import io.foresell.feature.define.KnownTime;
import io.foresell.feature.define.KnownTimeRule;
import io.foresell.feature.define.LabelViewDefinition;
import io.foresell.feature.define.MissingRule;
import io.foresell.feature.define.OutlierRule;
import io.foresell.feature.define.StoredDefinition;
import io.foresell.feature.define.ValueType;
import io.foresell.feature.define.ViewKind;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.Aggregation;
import io.foresell.proto.feature.v1.Cleaning;
import io.foresell.proto.feature.v1.Column;
import io.foresell.proto.feature.v1.Entity;
import io.foresell.proto.feature.v1.FeatureRef;
import io.foresell.proto.feature.v1.FeatureSet;
import io.foresell.proto.feature.v1.FeatureView;
import io.foresell.proto.feature.v1.LabelView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Definitions on the wire and, as the deterministic bytes of the same messages, in the database. */
public final class DefinitionProtos implements DefinitionCodec {
    private static final WireEnum<ViewKind> KINDS =
            new WireEnum<>("kind", List.of(ViewKind.UNSPECIFIED, ViewKind.SNAPSHOT, ViewKind.EVENTS));
    private static final WireEnum<KnownTimeRule> KNOWN_TIMES =
            new WireEnum<>("known_time", List.of(KnownTimeRule.INGEST, KnownTimeRule.COLUMN, KnownTimeRule.EVENT_TIME));
    private static final WireEnum<ValueType> TYPES = new WireEnum<>(
            "type",
            List.of(
                    ValueType.UNSPECIFIED,
                    ValueType.NUMBER,
                    ValueType.TEXT,
                    ValueType.BOOLEAN,
                    ValueType.TIMESTAMP,
                    ValueType.NUMBERS));
    private static final WireEnum<MissingRule> MISSING = new WireEnum<>(
            "cleaning.missing",
            List.of(MissingRule.KEEP, MissingRule.CONSTANT, MissingRule.LAST, MissingRule.QUARANTINE));
    private static final WireEnum<OutlierRule> OUTLIERS =
            new WireEnum<>("cleaning.outlier", List.of(OutlierRule.QUARANTINE, OutlierRule.CLIP, OutlierRule.DROP));
    private static final WireEnum<AggregateFunction> FUNCTIONS = new WireEnum<>(
            "function",
            List.of(
                    AggregateFunction.UNSPECIFIED,
                    AggregateFunction.COUNT,
                    AggregateFunction.SUM,
                    AggregateFunction.MEAN,
                    AggregateFunction.MIN,
                    AggregateFunction.MAX,
                    AggregateFunction.DISTINCT,
                    AggregateFunction.RECENCY_DAYS,
                    AggregateFunction.TENURE_DAYS,
                    AggregateFunction.MEAN_GAP_DAYS));

    @Override
    public byte[] encode(Definition definition) {
        io.foresell.proto.feature.v1.Definition message = toProto(definition);
        byte[] bytes = new byte[message.getSerializedSize()];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            message.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.checkNoSpaceLeft();
        return bytes;
    }

    @Override
    public Definition decode(byte[] bytes) {
        try {
            return fromProto(io.foresell.proto.feature.v1.Definition.parseFrom(bytes), 0);
        } catch (InvalidProtocolBufferException e) {
            throw new ServiceException(
                    Failure.dataLoss("DEFINITION_DAMAGED", "definition: unreadable (expected: as it was stored)"), e);
        }
    }

    static io.foresell.proto.feature.v1.StoredDefinition toProto(StoredDefinition stored) {
        return io.foresell.proto.feature.v1.StoredDefinition.newBuilder()
                .setDefinition(toProto(stored.definition()))
                .setVersion(stored.version())
                .setHash(stored.hash())
                .setCreatedAtMillis(stored.createdAtMillis())
                .build();
    }

    private static io.foresell.proto.feature.v1.Definition toProto(Definition definition) {
        io.foresell.proto.feature.v1.Definition.Builder message = io.foresell.proto.feature.v1.Definition.newBuilder();
        if (definition instanceof EntityDefinition entity) {
            message.setEntity(Entity.newBuilder().setName(entity.name()).setDescription(entity.description()));
        } else if (definition instanceof FeatureViewDefinition view) {
            message.setFeatureView(toProto(view));
        } else if (definition instanceof LabelViewDefinition label) {
            message.setLabelView(toProto(label));
        } else if (definition instanceof FeatureSetDefinition set) {
            message.setFeatureSet(toProto(set));
        }
        return message.build();
    }

    private static FeatureView toProto(FeatureViewDefinition view) {
        FeatureView.Builder message = FeatureView.newBuilder()
                .setName(view.name())
                .setEntity(view.entity())
                .setKindValue(KINDS.number(view.kind()))
                .setEntityKeyColumn(view.entityKeyColumn())
                .setEventTimeColumn(view.eventTimeColumn())
                .setEventIdColumn(view.eventIdColumn())
                .setKnownTimeValue(KNOWN_TIMES.number(view.knownTime().rule()))
                .setKnownTimeColumn(view.knownTime().column())
                .setDescription(view.description());
        if (!view.knownTime().delay().isZero()) {
            message.setKnownTimeDelay(toProto(view.knownTime().delay()));
        }
        view.freshnessLimit().ifPresent(limit -> message.setFreshnessLimit(toProto(limit)));
        view.columns().forEach(column -> message.addColumns(toProto(column)));
        view.aggregations().forEach(aggregation -> message.addAggregations(toProto(aggregation)));
        return message.build();
    }

    private static Column toProto(ColumnDefinition column) {
        Column.Builder message = Column.newBuilder()
                .setName(column.name())
                .setTypeValue(TYPES.number(column.type()))
                .setRequired(column.isRequired())
                .addAllCategories(column.categories())
                .setDescription(column.description())
                .setWidth(column.width());
        Double min = column.min();
        if (min != null) {
            message.setMin(min);
        }
        Double max = column.max();
        if (max != null) {
            message.setMax(max);
        }
        if (!column.cleaning().equals(CleaningRules.NONE)) {
            message.setCleaning(Cleaning.newBuilder()
                    .setMissingValue(MISSING.number(column.cleaning().missing()))
                    .setFillValue(column.cleaning().fillValue())
                    .setOutlierValue(OUTLIERS.number(column.cleaning().outlier()))
                    .addAllMissingTexts(column.cleaning().missingTexts()));
        }
        return message.build();
    }

    private static Aggregation toProto(AggregationDefinition aggregation) {
        return Aggregation.newBuilder()
                .setName(aggregation.name())
                .setFunctionValue(FUNCTIONS.number(aggregation.function()))
                .setColumn(aggregation.column())
                .setWindow(toProto(aggregation.window()))
                .setBuckets(aggregation.bucketCount())
                .putAllFilter(aggregation.filter())
                .setDescription(aggregation.description())
                .build();
    }

    private static LabelView toProto(LabelViewDefinition label) {
        return LabelView.newBuilder()
                .setName(label.name())
                .setEntity(label.entity())
                .setEntityKeyColumn(label.entityKeyColumn())
                .setEventTimeColumn(label.eventTimeColumn())
                .setEventIdColumn(label.eventIdColumn())
                .setColumn(label.column())
                .setTypeValue(TYPES.number(label.type()))
                .setPositiveText(label.positiveText())
                .setDescription(label.description())
                .build();
    }

    private static FeatureSet toProto(FeatureSetDefinition set) {
        FeatureSet.Builder message = FeatureSet.newBuilder()
                .setName(set.name())
                .setEntity(set.entity())
                .setDescription(set.description());
        set.features()
                .forEach(ref -> message.addFeatures(
                        FeatureRef.newBuilder().setView(ref.view()).setFeature(ref.feature())));
        return message.build();
    }

    private static com.google.protobuf.Duration toProto(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    /**
     * Reads a definition, which may still be wrong in itself.
     *
     * @param index its place in the request, for messages
     * @throws ServiceException INVALID_ARGUMENT when it is of no kind or has an unknown enum number
     */
    static Definition fromProto(io.foresell.proto.feature.v1.Definition message, int index) {
        return switch (message.getKindCase()) {
            case ENTITY -> new EntityDefinition(
                    message.getEntity().getName(), message.getEntity().getDescription());
            case FEATURE_VIEW -> fromProto(message.getFeatureView());
            case LABEL_VIEW -> fromProto(message.getLabelView());
            case FEATURE_SET -> fromProto(message.getFeatureSet());
            case KIND_NOT_SET -> throw new ServiceException(Failure.invalid(
                    "DEFINITION_INVALID",
                    "definitions[%d]".formatted(index),
                    "nothing",
                    "an entity, feature_view, label_view or feature_set"));
        };
    }

    private static FeatureViewDefinition fromProto(FeatureView view) {
        return new FeatureViewDefinition(
                view.getName(),
                view.getEntity(),
                KINDS.constant(view.getKindValue()),
                view.getEntityKeyColumn(),
                view.getEventTimeColumn(),
                view.getEventIdColumn(),
                new KnownTime(
                        KNOWN_TIMES.constant(view.getKnownTimeValue()),
                        view.getKnownTimeColumn(),
                        fromProto(view.getKnownTimeDelay())),
                view.getColumnsList().stream().map(DefinitionProtos::fromProto).toList(),
                view.getAggregationsList().stream()
                        .map(DefinitionProtos::fromProto)
                        .toList(),
                view.hasFreshnessLimit() ? Optional.of(fromProto(view.getFreshnessLimit())) : Optional.empty(),
                view.getDescription());
    }

    private static ColumnDefinition fromProto(Column column) {
        Cleaning cleaning = column.getCleaning();
        return new ColumnDefinition(
                column.getName(),
                TYPES.constant(column.getTypeValue()),
                column.getRequired(),
                column.hasMin() ? column.getMin() : null,
                column.hasMax() ? column.getMax() : null,
                column.getCategoriesList(),
                new CleaningRules(
                        MISSING.constant(cleaning.getMissingValue()),
                        cleaning.getFillValue(),
                        OUTLIERS.constant(cleaning.getOutlierValue()),
                        cleaning.getMissingTextsList()),
                column.getDescription(),
                column.getWidth());
    }

    private static AggregationDefinition fromProto(Aggregation aggregation) {
        return new AggregationDefinition(
                aggregation.getName(),
                FUNCTIONS.constant(aggregation.getFunctionValue()),
                aggregation.getColumn(),
                fromProto(aggregation.getWindow()),
                aggregation.getBuckets(),
                aggregation.getFilterMap(),
                aggregation.getDescription());
    }

    private static LabelViewDefinition fromProto(LabelView label) {
        return new LabelViewDefinition(
                label.getName(),
                label.getEntity(),
                label.getEntityKeyColumn(),
                label.getEventTimeColumn(),
                label.getEventIdColumn(),
                label.getColumn(),
                TYPES.constant(label.getTypeValue()),
                label.getPositiveText(),
                label.getDescription());
    }

    private static FeatureSetDefinition fromProto(FeatureSet set) {
        return new FeatureSetDefinition(
                set.getName(),
                set.getEntity(),
                set.getFeaturesList().stream()
                        .map(ref -> new FeatureSetDefinition.FeatureRef(ref.getView(), ref.getFeature()))
                        .toList(),
                set.getDescription());
    }

    private static Duration fromProto(com.google.protobuf.Duration duration) {
        try {
            return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
        } catch (ArithmeticException e) {
            return Duration.ofSeconds(duration.getSeconds());
        }
    }
}
