package io.foresell.training.dataset;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.Definition;
import io.foresell.proto.feature.v1.FeatureBlock;
import io.foresell.proto.feature.v1.FeatureColumn;
import io.foresell.proto.feature.v1.FeatureRef;
import io.foresell.proto.feature.v1.FeatureSet;
import io.foresell.proto.feature.v1.FeatureView;
import io.foresell.proto.feature.v1.StoredDefinition;
import io.foresell.proto.feature.v1.StreamTrainingSetRequest;
import io.foresell.proto.feature.v1.StreamTrainingSetResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Maps the wire of the feature store to blocks of rows. */
final class FeatureBlockProtos {
    private FeatureBlockProtos() {}

    static StreamTrainingSetRequest request(TrainingSetQuery query) {
        return StreamTrainingSetRequest.newBuilder()
                .setFeatureSet(query.featureSet())
                .setLabelView(query.labelView())
                .setFromMillis(query.fromMillis())
                .setUntilMillis(query.untilMillis())
                .build();
    }

    static RowBlock block(StreamTrainingSetResponse response) {
        FeatureBlock block = response.getBlock();
        List<RowBlock.Column> columns = new ArrayList<>();
        block.getColumnsList().forEach(column -> columns.add(column(column)));
        return new RowBlock(block.getEntityKeysList(), longs(block.getAsOfMillisList()), labels(response), columns);
    }

    private static RowBlock.Target labels(StreamTrainingSetResponse response) {
        if (response.getLabelTextsCount() > 0) {
            return new RowBlock.TextTarget(response.getLabelTextsList());
        }
        if (response.getLabelNumbersCount() > 0) {
            return new RowBlock.NumberTarget(doubles(response.getLabelNumbersList()));
        }
        return new RowBlock.NoTarget(response.getBlock().getEntityKeysCount());
    }

    private static RowBlock.Column column(FeatureColumn column) {
        return switch (column.getValuesCase()) {
            case NUMBERS -> new RowBlock.Numbers(
                    column.getName(),
                    column.getNumbers().getWidth(),
                    doubles(column.getNumbers().getValuesList()));
            case TEXTS -> new RowBlock.Texts(
                    column.getName(),
                    column.getTexts().getDictionaryList(),
                    column.getTexts().getCodesList().stream()
                            .mapToInt(Integer::intValue)
                            .toArray());
            case VALUES_NOT_SET -> throw new ServiceException(Failure.dataLoss(
                    "TRAINING_SET_INCONSISTENT",
                    "column %s: no values (expected: numbers or texts)".formatted(column.getName())));
        };
    }

    /** Looks up entity and wording of a feature set among all definitions; what is not there stays empty. */
    static FeatureSetInfo info(TrainingSetQuery query, String hash, List<StoredDefinition> stored) {
        Map<String, FeatureView> views = new HashMap<>();
        FeatureSet set = FeatureSet.getDefaultInstance();
        for (StoredDefinition definition : stored) {
            Definition kind = definition.getDefinition();
            if (kind.hasFeatureView()) {
                views.put(kind.getFeatureView().getName(), kind.getFeatureView());
            } else if (kind.hasFeatureSet() && kind.getFeatureSet().getName().equals(query.featureSet())) {
                set = kind.getFeatureSet();
            }
        }
        Map<String, String> descriptions = new HashMap<>();
        for (FeatureRef ref : set.getFeaturesList()) {
            FeatureView view = views.get(ref.getView());
            if (view != null) {
                describe(view, ref.getFeature(), descriptions);
            }
        }
        return new FeatureSetInfo(query.featureSet(), hash, query.labelView(), set.getEntity(), descriptions);
    }

    private static void describe(FeatureView view, String feature, Map<String, String> descriptions) {
        view.getColumnsList().stream()
                .filter(column -> column.getName().equals(feature)
                        && !column.getDescription().isEmpty())
                .forEach(column -> descriptions.put(feature, column.getDescription()));
        view.getAggregationsList().stream()
                .filter(each ->
                        each.getName().equals(feature) && !each.getDescription().isEmpty())
                .forEach(each -> descriptions.put(feature, each.getDescription()));
    }

    private static double[] doubles(List<Double> values) {
        double[] array = new double[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return array;
    }

    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }
}
