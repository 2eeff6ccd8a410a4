package io.foresell.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Updates;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer is encoded after its command has let go of the collection: what it holds must not change any more. */
final class AnsweredDocumentsTest {
    private final Channel caller = new EmbeddedChannel();

    @TempDir
    Path folder;

    private DurableBackend backend(boolean isFile) {
        MVStore store = isFile ? StoreFile.open(folder) : StoreFile.inMemory();
        return new DurableBackend(store);
    }

    private Document run(DurableBackend backend, String command, Document rest) {
        Document query = new Document(command, "rows");
        query.putAll(rest);
        return backend.handleCommand(caller, "d", command, query);
    }

    private Document next(DurableBackend backend) {
        return run(
                backend,
                "findAndModify",
                new Document("query", new Document("_id", "counter"))
                        .append("update", new Document("$inc", new Document("last", 10)))
                        .append("upsert", true)
                        .append("new", true));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aNumberTakenStaysTheCallersOwn(boolean isFile) {
        DurableBackend backend = backend(isFile);
        try {
            List<Document> answers = List.of(next(backend), next(backend), next(backend));
            assertThat(answers)
                    .extracting(answer -> ((Document) answer.get("value")).get("last"))
                    .containsExactly(10, 20, 30);
        } finally {
            backend.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRowReadStaysAsItWasRead(boolean isFile) {
        DurableBackend backend = backend(isFile);
        try {
            Document row = new Document("_id", "a").append("revision", 1).append("parts", List.of("x"));
            run(backend, "insert", new Document("documents", List.of(row)));
            Document byId = run(backend, "find", new Document("filter", new Document("_id", "a")));
            Document byScan = run(backend, "find", new Document("filter", new Document("revision", 1)));
            Document update = new Document("$inc", new Document("revision", 1))
                    .append("$push", new Document("parts", "y"))
                    .append("$set", new Document("more", true));
            Document whole = new Document("revision", 3);
            for (Document change : List.of(update, whole)) {
                Document one = new Document("q", new Document("_id", "a")).append("u", change);
                assertThat(run(backend, "update", new Document("updates", List.of(one)))
                                .get("n"))
                        .isEqualTo(1);
            }

            for (Document answer : List.of(byId, byScan)) {
                assertThat(first(answer).get("revision")).isEqualTo(1);
                assertThat(first(answer).get("parts")).isEqualTo(List.of("x"));
                assertThat(first(answer)).doesNotContainKey("more");
            }
            assertThat(first(run(backend, "find", new Document())))
                    .isEqualTo(new Document("_id", "a").append("revision", 3));
        } finally {
            backend.close();
        }
    }

    private static Document first(Document answer) {
        return (Document) ((List<?>) ((Document) answer.get("cursor")).get("firstBatch")).get(0);
    }

    @Test
    void noTwoCallersGetTheSameNumber() throws Exception {
        int callers = 4;
        int numbers = 1000;
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try (EmbeddedStore store = EmbeddedStore.inMemory();
                MongoClient client = MongoClients.create(store.uri())) {
            MongoCollection<org.bson.Document> rows = client.getDatabase("d").getCollection("rows");
            Callable<List<Integer>> caller = () -> IntStream.range(0, numbers)
                    .mapToObj(i -> rows.findOneAndUpdate(
                                    Filters.eq("_id", "counter"),
                                    Updates.inc("last", 1),
                                    new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER))
                            .getInteger("last"))
                    .toList();
            List<Integer> taken = new ArrayList<>();
            for (Future<List<Integer>> each : threads.invokeAll(Collections.nCopies(callers, caller))) {
                taken.addAll(each.get());
            }
            assertThat(taken.stream().sorted())
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, callers * numbers).boxed().toList());
        } finally {
            threads.shutdownNow();
        }
    }
}
