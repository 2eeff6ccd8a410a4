package io.foresell.store.embedded;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.WriteModel;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that holds the store while two clients write in bulk, again and again on the same file. */
class KilledStoreIT {
    private static final int KILL_COUNT = 4;
    private static final int WRITER_COUNT = 2;
    private static final int BATCH_ROWS = 50;

    @TempDir
    Path folder;

    @Test
    void keepsEveryAcknowledgedWriteOverKills() throws Exception {
        List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
        Map<String, Integer> lastBatches = new ConcurrentHashMap<>();
        for (int kill = 0; kill < KILL_COUNT; kill++) {
            int before = acknowledged.size();
            writeUntilKilled(kill, acknowledged, lastBatches);
            assertThat(acknowledged.size()).as("rows written before the kill").isGreaterThan(before);
        }
        System.out.printf(
                "kills=%d acknowledged_rows=%d file_bytes=%d%n",
                KILL_COUNT, acknowledged.size(), Files.size(folder.resolve(StoreFile.NAME)));
        try (EmbeddedStore store = EmbeddedStore.open(folder);
                MongoClient client = MongoClients.create(store.uri())) {
            assertThat(missing(rows(client), acknowledged)).isEmpty();
            lastBatches.forEach((prefix, batch) -> assertThat(
                            rows(client).find(eq("_id", prefix + "r0")).first().getInteger("batch"))
                    .isGreaterThanOrEqualTo(batch));
        }
    }

    private void writeUntilKilled(int kill, List<String> acknowledged, Map<String, Integer> lastBatches)
            throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreProcess.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int before = acknowledged.size();
        ExecutorService threads = Executors.newFixedThreadPool(WRITER_COUNT);
        try (BufferedReader output = process.inputReader();
                MongoClient client = MongoClients.create(output.readLine() + "&serverSelectionTimeoutMS=2000")) {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITER_COUNT; writer++) {
                String prefix = kill + "-" + writer + "-";
                writers.add(threads.submit(() -> writeUntilFailure(rows(client), prefix, acknowledged, lastBatches)));
            }
            // However slow the machine: kill in the middle of the work, not before it.
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (acknowledged.size() < before + WRITER_COUNT * BATCH_ROWS && System.nanoTime() < end) {
                Thread.sleep(10);
            }
            Thread.sleep(500 + 217L * kill);
            process.destroyForcibly();
            for (Future<?> writer : writers) {
                writer.get(30, TimeUnit.SECONDS);
            }
        } finally {
            process.destroyForcibly().waitFor();
            threads.shutdownNow();
        }
    }

    /** Half of each batch is new rows, half rewrites of rows of the batch before. */
    private static void writeUntilFailure(
            MongoCollection<Document> rows,
            String prefix,
            List<String> acknowledged,
            Map<String, Integer> lastBatches) {
        try {
            for (int batch = 0; ; batch++) {
                List<WriteModel<Document>> writes = new ArrayList<>();
                List<String> ids = new ArrayList<>();
                for (int row = 0; row < BATCH_ROWS; row++) {
                    String id = prefix + batch + "-" + row;
                    ids.add(id);
                    writes.add(new InsertOneModel<>(row(id, batch)));
                    writes.add(new ReplaceOneModel<>(
                            new Document("_id", prefix + "r" + row),
                            row(prefix + "r" + row, batch),
                            new ReplaceOptions().upsert(true)));
                }
                rows.bulkWrite(writes);
                acknowledged.addAll(ids);
                lastBatches.put(prefix, batch);
            }
        } catch (MongoException killed) {
            assertThat(killed).isNotNull();
        }
    }

    private static List<String> missing(MongoCollection<Document> rows, List<String> ids) {
        List<String> missing = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += 1000) {
            List<String> asked = ids.subList(from, Math.min(ids.size(), from + 1000));
            List<String> found = new ArrayList<>();
            rows.find(in("_id", asked)).forEach(row -> found.add(row.getString("_id")));
            missing.addAll(asked);
            missing.removeAll(found);
        }
        return missing;
    }

    private static MongoCollection<Document> rows(MongoClient client) {
        return client.getDatabase("d").getCollection("rows");
    }

    private static Document row(String id, int batch) {
        return new Document("_id", id).append("batch", batch).append("text", "x".repeat(100));
    }
}
