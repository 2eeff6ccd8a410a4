package io.foresell.standalone.demo;

import io.foresell.cli.source.CsvFile;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.standalone.cluster.Ports;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds a customer worth showing. */
final class DemoCustomers {
    private static final int ASKED_COUNT = 200;
    private static final String KEY_COLUMN = "customer_id";

    private final Path customers;
    private final Ports ports;

    DemoCustomers(String customersFile, Ports ports) {
        this.customers = Path.of(customersFile);
        this.ports = ports;
    }

    /** Scores the first customers of the file and returns the one most likely to leave. */
    String riskiest() {
        try (Telemetry telemetry = Telemetry.local("demo");
                GrpcClient client =
                        GrpcClient.open(Ports.local(ports.inference()), WireSettings.local(0, 0), telemetry)) {
            List<ScoredRow> rows = InferenceServiceGrpc.newBlockingStub(client.channel())
                    .score(ScoreRequest.newBuilder()
                            .setModel(DemoRun.MODEL)
                            .setEntityKeys(EntityKeys.newBuilder().addAllKeys(firstKeys()))
                            .build())
                    .getRowsList();
            return rows.stream()
                    .max(Comparator.comparingDouble(ScoredRow::getScore))
                    .orElseThrow()
                    .getEntityKey();
        }
    }

    private Set<String> firstKeys() {
        CsvFile csv = CsvFile.open(customers, Optional.empty());
        int column = csv.columns().indexOf(KEY_COLUMN);
        Set<String> keys = new LinkedHashSet<>();
        csv.forEachRow((line, values) -> {
            if (keys.size() < ASKED_COUNT
                    && values.size() > column
                    && !values.get(column).isBlank()) {
                keys.add(values.get(column));
            }
        });
        return keys;
    }
}
