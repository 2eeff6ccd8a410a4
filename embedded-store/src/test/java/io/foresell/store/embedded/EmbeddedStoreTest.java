package io.foresell.store.embedded;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.gridfs.GridFSBuckets;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest {
    @TempDir
    Path folder;

    @Test
    void keepsEveryKindOfWriteOverARestart() {
        try (EmbeddedStore store = EmbeddedStore.open(folder);
                MongoClient client = MongoClients.create(store.uri())) {
            MongoCollection<Document> rows = client.getDatabase("d").getCollection("rows");
            rows.insertMany(List.of(row("a", 1), row("b", 2), row("c", 3)));
            List<WriteModel<Document>> writes = List.of(
                    new UpdateOneModel<>(eq("_id", "a"), set("n", 10), new UpdateOptions().upsert(true)),
                    new UpdateOneModel<>(eq("_id", "d"), inc("n", 4), new UpdateOptions().upsert(true)),
                    new ReplaceOneModel<>(eq("_id", "e"), row("e", 5), new ReplaceOptions().upsert(true)));
            rows.bulkWrite(writes, new BulkWriteOptions().ordered(false));
            rows.deleteOne(eq("_id", "c"));
        }
        try (EmbeddedStore store = EmbeddedStore.open(folder);
                MongoClient client = MongoClients.create(store.uri())) {
            MongoCollection<Document> rows = client.getDatabase("d").getCollection("rows");
            assertThat(rows.find(in("_id", "a", "b", "c", "d", "e", "unknown")))
                    .containsExactlyInAnyOrder(row("a", 10), row("b", 2), row("d", 4), row("e", 5));
            assertThat(rows.countDocuments()).isEqualTo(4);
        }
    }

    @Test
    void keepsEveryTypeOfValueOverARestart() {
        Document everything = new Document("_id", new ObjectId())
                .append("text", "你好, Zoë \uD83D\uDE00")
                .append("long", Long.MAX_VALUE)
                .append("double", Double.NaN)
                .append("missing", null)
                .append("true", true)
                .append("date", java.util.Date.from(Instant.ofEpochMilli(1_700_000_000_123L)))
                .append("timestamp", new BsonTimestamp(1_700_000_000, 3))
                .append("bytes", new Binary(new byte[] {0, -1, 7}))
                .append("list", List.of(1, "two", new Document("three", 3.0)))
                .append("nested", new Document("deep", new Document("er", List.of())));
        try (EmbeddedStore store = EmbeddedStore.open(folder);
                MongoClient client = MongoClients.create(store.uri())) {
            client.getDatabase("d").getCollection("all").insertOne(everything);
        }
        try (EmbeddedStore store = EmbeddedStore.open(folder);
                MongoClient client = MongoClients.create(store.uri())) {
            assertThat(client.getDatabase("d").getCollection("all").find().first())
                    .isEqualTo(everything);
        }
    }

    @Test
    void keepsTheFirstHalfOfABatchThatFails() {
        try (EmbeddedStore store = EmbeddedStore.open(folder);
                MongoClient client = MongoClients.create(store.uri())) {
            MongoCollection<Document> rows = client.getDatabase("d").getCollection("rows");
            assertThatThrownBy(() -> rows.insertMany(List.of(row("a", 1), row("a", 2), row("b", 3))))
                    .isInstanceOf(MongoBulkWriteException.class);
            assertThat(rows.find()).containsExactly(row("a", 1));
        }
    }

    @Test
    void letsExactlyOneWriterWinACompareAndSet() throws Exception {
        try (EmbeddedStore store = EmbeddedStore.inMemory();
                MongoClient client = MongoClients.create(store.uri())) {
            MongoCollection<Document> rows = client.getDatabase("d").getCollection("rows");
            rows.insertOne(row("counter", 0));
            List<Callable<Integer>> writers = IntStream.range(0, 4)
                    .<Callable<Integer>>mapToObj(writer -> () -> wins(rows, 200))
                    .toList();
            ExecutorService threads = Executors.newFixedThreadPool(4);
            int wins = 0;
            for (Future<Integer> writer : threads.invokeAll(writers)) {
                wins += writer.get();
            }
            threads.shutdown();
            assertThat(rows.find(eq("_id", "counter")).first()).isEqualTo(row("counter", wins));
            assertThat(wins).isGreaterThanOrEqualTo(200);
        }
    }

    private static int wins(MongoCollection<Document> rows, int attempts) {
        int wins = 0;
        for (int attempt = 0; attempt < attempts; attempt++) {
            int seen = rows.find(eq("_id", "counter")).first().getInteger("n");
            Document after = rows.findOneAndUpdate(
                    and(eq("_id", "counter"), eq("n", seen)),
                    set("n", seen + 1),
                    new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER));
            wins += after == null ? 0 : 1;
        }
        return wins;
    }

    @Test
    void refusesASecondRowUnderAUniqueIndexAfterARestart() {
        try (EmbeddedStore store = EmbeddedStore.open(folder);
                MongoClient client = MongoClients.create(store.uri())) {
            MongoCollection<Document> rows = client.getDatabase("d").getCollection("rows");
            rows.createIndex(Indexes.ascending("n"), new IndexOptions().unique(true));
            rows.insertOne(row("a", 1));
        }
        try (EmbeddedStore store = EmbeddedStore.open(folder);
                MongoClient client = MongoClients.create(store.uri())) {
            MongoCollection<Document> rows = client.getDatabase("d").getCollection("rows");
            assertThatThrownBy(() -> rows.insertOne(row("b", 1))).hasMessageContaining("duplicate key");
            rows.insertOne(row("b", 2));
        }
    }

    @Test
    void keepsGridFsFilesOverARestart() {
        byte[] content = new byte[3_000_000];
        new Random(7).nextBytes(content);
        ObjectId id;
        try (EmbeddedStore store = EmbeddedStore.open(folder);
                MongoClient client = MongoClients.create(store.uri())) {
            id = GridFSBuckets.create(client.getDatabase("d"), "packages")
                    .uploadFromStream("package.zip", new ByteArrayInputStream(content));
        }
        try (EmbeddedStore store = EmbeddedStore.open(folder);
                MongoClient client = MongoClients.create(store.uri())) {
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            GridFSBuckets.create(client.getDatabase("d"), "packages").downloadToStream(id, read);
            assertThat(read.toByteArray()).isEqualTo(content);
        }
    }

    @Test
    void scansSeeEveryRowWhileOthersWriteAndTheFileIsCompacted() throws Exception {
        try (EmbeddedStore store = EmbeddedStore.open(folder);
                MongoClient client = MongoClients.create(store.uri())) {
            MongoDatabase database = client.getDatabase("d");
            MongoCollection<Document> still = database.getCollection("still");
            still.insertMany(
                    IntStream.range(0, 3000).mapToObj(i -> row("k" + i, i)).toList());
            ExecutorService threads = Executors.newSingleThreadExecutor();
            Future<?> writer = threads.submit(() -> {
                MongoCollection<Document> busy = database.getCollection("busy");
                for (int round = 0; round < 400; round++) {
                    busy.replaceOne(eq("_id", "r" + round % 7), row("r" + round % 7, round), upsert());
                    still.updateOne(eq("_id", "k" + round), set("seen", round));
                }
            });
            do {
                assertThat(still.find().batchSize(500).into(new ArrayList<>())).hasSize(3000);
            } while (!writer.isDone());
            writer.get();
            threads.shutdown();
        }
    }

    @Test
    void keepsTheFileSmallUnderManyRewrites() throws Exception {
        try (EmbeddedStore store = EmbeddedStore.open(folder);
                MongoClient client = MongoClients.create(store.uri())) {
            MongoCollection<Document> rows = client.getDatabase("d").getCollection("rows");
            for (int round = 0; round < 600; round++) {
                rows.replaceOne(eq("_id", "k" + round % 50), row("k" + round % 50, round), upsert());
            }
            assertThat(Files.size(folder.resolve(StoreFile.NAME))).isLessThan(4_000_000);
        }
    }

    @Test
    void refusesAFolderThatIsAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> EmbeddedStore.open(file))
                .isInstanceOf(EmbeddedStoreException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("expected: a folder");
    }

    @Test
    void refusesAFileThatIsOpenAlready() {
        try (EmbeddedStore first = EmbeddedStore.open(folder)) {
            assertThatThrownBy(() -> EmbeddedStore.open(folder))
                    .isInstanceOf(EmbeddedStoreException.class)
                    .hasMessageContaining("not in use by another process");
            assertThat(first.port()).isPositive();
        }
    }

    @Test
    void refusesADamagedFileAndLeavesItAsItWas() throws Exception {
        Path file = folder.resolve(StoreFile.NAME);
        byte[] damaged = new byte[20_000];
        new Random(3).nextBytes(damaged);
        Files.write(file, damaged);
        assertThatThrownBy(() -> EmbeddedStore.open(folder))
                .isInstanceOf(EmbeddedStoreException.class)
                .hasMessageContaining("an undamaged store file");
        assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
    }

    @Test
    void refusesAPortThatIsTakenAndLetsGoOfTheFile() {
        try (EmbeddedStore other = EmbeddedStore.inMemory()) {
            assertThatThrownBy(() -> EmbeddedStore.open(folder, other.port()))
                    .isInstanceOf(EmbeddedStoreException.class)
                    .hasMessageContaining("port: " + other.port());
        }
        EmbeddedStore.open(folder).close();
    }

    private static ReplaceOptions upsert() {
        return new ReplaceOptions().upsert(true);
    }

    private static Document row(String id, int n) {
        return new Document("_id", id).append("n", n);
    }
}
