package io.foresell.feature.serve;

import io.foresell.feature.asof.Feature;
import io.foresell.feature.asof.FeaturePlan;
import io.foresell.feature.asof.FeatureTable;
import io.foresell.feature.history.HistoryStatus;
import io.foresell.feature.ingest.IngestCounts;
import io.foresell.feature.ingest.IngestReport;
import io.foresell.feature.ingest.Quarantine;
import io.foresell.feature.ingest.QuarantineReplay;
import io.foresell.feature.ingest.QuarantinedRow;
import io.foresell.feature.ingest.SourceRow;
import io.foresell.feature.online.OnlineFeatures;
import io.foresell.feature.trainingset.TrainingBlock;
import io.foresell.proto.feature.v1.FeatureBlock;
import io.foresell.proto.feature.v1.FeatureColumn;
import io.foresell.proto.feature.v1.GetFeaturesResponse;
import io.foresell.proto.feature.v1.IngestResponse;
import io.foresell.proto.feature.v1.ListQuarantineResponse;
import io.foresell.proto.feature.v1.NumberColumn;
import io.foresell.proto.feature.v1.ReplayQuarantineResponse;
import io.foresell.proto.feature.v1.StaleFeatures;
import io.foresell.proto.feature.v1.StreamTrainingSetResponse;
import io.foresell.proto.feature.v1.TextColumn;
import io.foresell.proto.feature.v1.ViewIngestCounts;
import io.foresell.proto.feature.v1.ViewStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rows, counts and features on the wire. */
final class FeatureProtos {
    private FeatureProtos() {}

    static SourceRow fromProto(io.foresell.proto.feature.v1.SourceRow row) {
        return new SourceRow(row.getLineNumber(), row.getValuesList());
    }

    static IngestResponse toProto(IngestReport report) {
        IngestResponse.Builder response = IngestResponse.newBuilder()
                .setRowCount(report.rowCount())
                .addAllIgnoredColumns(report.ignoredColumns());
        report.views().forEach(counts -> response.addViews(toProto(counts)));
        report.firstRefused().forEach(row -> response.addFirstQuarantined(toProto(row)));
        return response.build();
    }

    private static ViewIngestCounts toProto(IngestCounts counts) {
        return ViewIngestCounts.newBuilder()
                .setView(counts.view())
                .setAcceptedCount(counts.acceptedCount())
                .setDuplicateCount(counts.duplicateCount())
                .setQuarantinedCount(counts.quarantinedCount())
                .putAllCleanedCounts(counts.cleanedCounts())
                .build();
    }

    private static io.foresell.proto.feature.v1.QuarantinedRow toProto(QuarantinedRow row) {
        return io.foresell.proto.feature.v1.QuarantinedRow.newBuilder()
                .setId(row.id())
                .setView(row.view())
                .setSource(row.source())
                .setLineNumber(row.lineNumber())
                .setColumn(row.refusal().column())
                .setReason(row.refusal().reason())
                .setMessage(row.refusal().message())
                .putAllValues(row.valuesByColumn())
                .setQuarantinedAtMillis(row.quarantinedAtMillis())
                .build();
    }

    static ListQuarantineResponse toProto(Quarantine.Page page) {
        ListQuarantineResponse.Builder response = ListQuarantineResponse.newBuilder()
                .setNextPageToken(page.nextToken())
                .setTotalCount(page.totalCount());
        page.rows().forEach(row -> response.addRows(toProto(row)));
        return response.build();
    }

    static ReplayQuarantineResponse toProto(QuarantineReplay.Result result) {
        ReplayQuarantineResponse.Builder response =
                ReplayQuarantineResponse.newBuilder().setAcceptedCount(result.acceptedCount());
        result.stillQuarantined().forEach(row -> response.addStillQuarantined(toProto(row)));
        return response.build();
    }

    static ViewStatus toProto(String view, HistoryStatus status, long quarantinedCount) {
        return ViewStatus.newBuilder()
                .setView(view)
                .setEntityCount(status.entityCount())
                .setRowCount(status.rowCount())
                .setQuarantinedCount(quarantinedCount)
                .setNewestEventMillis(status.newestEventMillis())
                .build();
    }

    static GetFeaturesResponse toProto(FeaturePlan plan, OnlineFeatures features) {
        GetFeaturesResponse.Builder response = GetFeaturesResponse.newBuilder()
                .setBlock(toProto(plan, features.table()))
                .addAllUnknownEntityKeys(features.unknownKeys())
                .setFeatureSetHash(plan.hash());
        features.stale()
                .forEach((row, names) -> response.putStale(
                        row, StaleFeatures.newBuilder().addAllFeatures(names).build()));
        return response.build();
    }

    static StreamTrainingSetResponse.Builder toProto(FeaturePlan plan, TrainingBlock block) {
        return StreamTrainingSetResponse.newBuilder()
                .setBlock(toProto(plan, block.table()))
                .addAllLabelNumbers(block.labelNumbers())
                .addAllLabelTexts(block.labelTexts());
    }

    private static FeatureBlock toProto(FeaturePlan plan, FeatureTable table) {
        FeatureBlock.Builder block = FeatureBlock.newBuilder().setRowCount(table.rowCount());
        for (int row = 0; row < table.rowCount(); row++) {
            block.addEntityKeys(table.entityKey(row));
            block.addAsOfMillis(table.asOfMillis(row));
            block.addOldestValueMillis(table.oldestValueMillis(row));
        }
        List<Feature> features = plan.features();
        for (int i = 0; i < features.size(); i++) {
            Feature feature = features.get(i);
            FeatureColumn.Builder column = FeatureColumn.newBuilder().setName(feature.name());
            if (feature.isText()) {
                column.setTexts(texts(table, i));
            } else {
                column.setNumbers(numbers(table.numbers(i), feature.width()));
            }
            block.addColumns(column);
        }
        return block.build();
    }

    private static NumberColumn numbers(double[] values, int width) {
        NumberColumn.Builder column = NumberColumn.newBuilder().setWidth(width);
        for (double value : values) {
            column.addValues(value);
        }
        return column.build();
    }

    private static TextColumn texts(FeatureTable table, int feature) {
        TextColumn.Builder column = TextColumn.newBuilder();
        Map<String, Integer> codes = new HashMap<>();
        for (int row = 0; row < table.rowCount(); row++) {
            String text = table.text(feature, row);
            if (text == null) {
                column.addCodes(-1);
                continue;
            }
            Integer code = codes.get(text);
            if (code == null) {
                code = codes.size();
                codes.put(text, code);
                column.addDictionary(text);
            }
            column.addCodes(code);
        }
        return column.build();
    }
}
