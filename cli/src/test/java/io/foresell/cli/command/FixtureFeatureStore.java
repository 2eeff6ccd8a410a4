package io.foresell.cli.command;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.DefineRequest;
import io.foresell.proto.feature.v1.DefineResponse;
import io.foresell.proto.feature.v1.Definition;
import io.foresell.proto.feature.v1.FeatureSet;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc.FeatureStoreServiceImplBase;
import io.foresell.proto.feature.v1.GetStoreStatusRequest;
import io.foresell.proto.feature.v1.GetStoreStatusResponse;
import io.foresell.proto.feature.v1.IngestHeader;
import io.foresell.proto.feature.v1.IngestRequest;
import io.foresell.proto.feature.v1.IngestResponse;
import io.foresell.proto.feature.v1.ListDefinitionsRequest;
import io.foresell.proto.feature.v1.ListDefinitionsResponse;
import io.foresell.proto.feature.v1.ListQuarantineRequest;
import io.foresell.proto.feature.v1.ListQuarantineResponse;
import io.foresell.proto.feature.v1.QuarantinedRow;
import io.foresell.proto.feature.v1.SourceRow;
import io.foresell.proto.feature.v1.StoredDefinition;
import io.foresell.proto.feature.v1.ViewIngestCounts;
import io.foresell.proto.feature.v1.ViewStatus;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes any definition and any row of the right width; one view is unknown. */
final class FixtureFeatureStore extends FeatureStoreServiceImplBase {
    final Map<String, List<SourceRow>> batches = new ConcurrentHashMap<>();
    final Map<String, StoredDefinition> definitions = new ConcurrentHashMap<>();
    final AtomicInteger ingestFailures = new AtomicInteger();

    @Override
    public void define(DefineRequest request, StreamObserver<DefineResponse> observer) {
        FixtureServer.answer(observer, () -> {
            DefineResponse.Builder response = DefineResponse.newBuilder();
            for (Definition definition : request.getDefinitionsList()) {
                String name = definition.hasFeatureView()
                        ? definition.getFeatureView().getName()
                        : definition.hasLabelView()
                                ? definition.getLabelView().getName()
                                : definition.getFeatureSet().getName();
                if (name.equals("refused")) {
                    throw new ServiceException(Failure.invalid(
                            "DEFINITION_INVALID",
                            List.of(
                                    new Failure.FieldViolation(
                                            "definitions[0].feature_view.kind", "0 (expected: a kind)"),
                                    new Failure.FieldViolation(
                                            "definitions[0].feature_view.columns", "0 columns (expected: 1..1000)"))));
                }
                StoredDefinition stored = StoredDefinition.newBuilder()
                        .setDefinition(definition)
                        .setVersion(1)
                        .setHash(FixtureServer.sha256(definition.toByteArray()))
                        .build();
                definitions.put(name, stored);
                response.addDefinitions(stored);
            }
            return response.build();
        });
    }

    @Override
    public void listDefinitions(ListDefinitionsRequest request, StreamObserver<ListDefinitionsResponse> observer) {
        FixtureServer.answer(observer, () -> ListDefinitionsResponse.newBuilder()
                .addDefinitions(StoredDefinition.newBuilder()
                        .setHash("hash-of-buyers")
                        .setDefinition(Definition.newBuilder()
                                .setFeatureSet(FeatureSet.newBuilder()
                                        .setName("buyers")
                                        .setEntity("customer"))))
                .build());
    }

    @Override
    public StreamObserver<IngestRequest> ingest(StreamObserver<IngestResponse> observer) {
        return new StreamObserver<>() {
            private IngestHeader header = IngestHeader.getDefaultInstance();
            private final List<SourceRow> rows = new ArrayList<>();

            @Override
            public void onNext(IngestRequest request) {
                if (request.hasHeader()) {
                    header = request.getHeader();
                }
                rows.addAll(request.getRowsList());
            }

            @Override
            public void onError(Throwable error) {
                rows.clear();
            }

            @Override
            public void onCompleted() {
                FixtureServer.answer(observer, () -> keep(header, rows));
            }
        };
    }

    private IngestResponse keep(IngestHeader header, List<SourceRow> rows) {
        if (ingestFailures.getAndDecrement() > 0) {
            throw new ServiceException(
                    Failure.unavailable("DATABASE_AWAY", "the database is away", Duration.ofSeconds(1)));
        }
        if (header.getViewsList().contains("nowhere")) {
            throw new ServiceException(Failure.notFound("view", "nowhere", "telco; nearest: telco"));
        }
        boolean isNew = batches.put(header.getBatchId(), List.copyOf(rows)) == null;
        IngestResponse.Builder response = IngestResponse.newBuilder().setRowCount(rows.size());
        List<SourceRow> wrong = rows.stream()
                .filter(row -> row.getValuesCount() != header.getColumnsCount())
                .toList();
        for (String view : header.getViewsList()) {
            response.addViews(ViewIngestCounts.newBuilder()
                    .setView(view)
                    .setAcceptedCount(isNew ? rows.size() - wrong.size() : 0)
                    .setDuplicateCount(isNew ? 0 : rows.size() - wrong.size())
                    .setQuarantinedCount(wrong.size())
                    .putCleanedCounts("amount: missing filled", 1));
        }
        wrong.forEach(row -> response.addFirstQuarantined(quarantined(row.getLineNumber())));
        return response.addIgnoredColumns("extra").build();
    }

    private QuarantinedRow quarantined(long line) {
        return QuarantinedRow.newBuilder()
                .setView("telco")
                .setSource("telco.csv")
                .setLineNumber(line)
                .setReason("WRONG_WIDTH")
                .setMessage("values: 1 (expected: 3)")
                .build();
    }

    @Override
    public void listQuarantine(ListQuarantineRequest request, StreamObserver<ListQuarantineResponse> observer) {
        boolean isFirst = request.getPageToken().isEmpty();
        FixtureServer.answer(observer, () -> ListQuarantineResponse.newBuilder()
                .addRows(quarantined(isFirst ? 7 : 8))
                .setNextPageToken(isFirst ? "second" : "")
                .setTotalCount(2)
                .build());
    }

    @Override
    public void getStoreStatus(GetStoreStatusRequest request, StreamObserver<GetStoreStatusResponse> observer) {
        FixtureServer.answer(observer, () -> GetStoreStatusResponse.newBuilder()
                .addViews(ViewStatus.newBuilder()
                        .setView("telco")
                        .setEntityCount(7043)
                        .setRowCount(7043))
                .build());
    }
}
