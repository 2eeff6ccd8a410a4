package io.foresell.feature;

import static io.foresell.feature.Definitions.definition;
import static io.foresell.feature.Definitions.orders;
import static io.foresell.feature.Definitions.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.feature.v1.AggregateFunction;
import io.foresell.proto.feature.v1.IngestResponse;
import io.foresell.proto.feature.v1.SourceRow;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the process of a feature store while deliveries stream in, again and again on the same file. */
class KilledFeatureStoreIT {
    private static final int KILL_COUNT = 3;
    private static final int ROWS_PER_BATCH = 1500;
    private static final int ENTITY_COUNT = 40;
    private static final List<String> COLUMNS = List.of("id", "at", "order_id", "amount", "kind");

    @TempDir
    Path folder;

    @Test
    void keepsEveryAcknowledgedRowAndTakesTheRestAgain() throws Exception {
        AtomicInteger acknowledgedBatches = new AtomicInteger();
        for (int kill = 0; kill < KILL_COUNT; kill++) {
            int before = acknowledgedBatches.get();
            ingestUntilKilled(kill, acknowledgedBatches);
            assertThat(acknowledgedBatches.get()).as("batches before the kill").isGreaterThan(before);
        }
        Process process = start();
        try (StoreClient store = new StoreClient(port(process))) {
            int sent = acknowledgedBatches.get();
            for (int batch = 0; batch < sent; batch++) {
                IngestResponse again = send(store, batch);
                assertThat(again.getViews(0).getAcceptedCount())
                        .as("batch %d", batch)
                        .isZero();
                assertThat(again.getViews(0).getDuplicateCount()).isEqualTo(ROWS_PER_BATCH);
            }
            IngestResponse interrupted = send(store, sent);
            assertThat(interrupted.getViews(0).getAcceptedCount()
                            + interrupted.getViews(0).getDuplicateCount())
                    .isEqualTo(ROWS_PER_BATCH);
            System.out.printf(
                    "kills=%d acknowledged_rows=%d found_of_interrupted=%d%n",
                    KILL_COUNT, sent * ROWS_PER_BATCH, interrupted.getViews(0).getDuplicateCount());
            long rows = (sent + 1L) * ROWS_PER_BATCH;
            assertThat(store.status("orders").getRowCount()).isEqualTo(rows);
            assertThat(store.status("orders").getEntityCount()).isEqualTo(ENTITY_COUNT);
            assertThat(onlineCount(store)).isEqualTo((double) rows);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static double onlineCount(StoreClient store) {
        String[] keys = new String[ENTITY_COUNT];
        for (int i = 0; i < ENTITY_COUNT; i++) {
            keys[i] = "key" + i;
        }
        return store.features("all", keys).getBlock().getColumns(0).getNumbers().getValuesList().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    private void ingestUntilKilled(int kill, AtomicInteger acknowledgedBatches) throws Exception {
        Process process = start();
        try (StoreClient store = new StoreClient(port(process))) {
            store.define(
                    definition(orders().addAggregations(Definitions.aggregation(
                            "all_orders", AggregateFunction.AGGREGATE_FUNCTION_COUNT, "", 1000, 10))),
                    set("all", "orders.all_orders"));
            send(store, acknowledgedBatches.get());
            acknowledgedBatches.incrementAndGet();
            Thread killer = new Thread(() -> killLater(process, 1200 + 217L * kill));
            killer.start();
            try {
                while (process.isAlive()) {
                    send(store, acknowledgedBatches.get());
                    acknowledgedBatches.incrementAndGet();
                }
            } catch (StatusRuntimeException killed) {
                assertThat(killed.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            }
            killer.join();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void killLater(Process process, long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }

    private static IngestResponse send(StoreClient store, int batch) {
        List<SourceRow> rows = new ArrayList<>();
        for (int i = 0; i < ROWS_PER_BATCH; i++) {
            rows.add(StoreClient.row(
                    i + 2, "key" + i % ENTITY_COUNT, "2024-05-01", "b" + batch + "-" + i, "1.5", "web"));
        }
        return store.ingest(StoreClient.requests(List.of("orders"), "batch" + batch, COLUMNS, rows));
    }

    private Process start() throws IOException {
        Files.deleteIfExists(portFile());
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledFeatureStore.class.getName(),
                        folder.toString(),
                        portFile().toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private Path portFile() {
        return folder.resolve("port");
    }

    private int port(Process process) throws IOException, InterruptedException {
        while (!Files.exists(portFile())) {
            assertThat(process.isAlive()).as("the process lives").isTrue();
            Thread.sleep(20);
        }
        return Integer.parseInt(Files.readString(portFile()));
    }
}
