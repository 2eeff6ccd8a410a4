package io.foresell.training;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import io.foresell.proto.registry.v1.GetVersionRequest;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.store.embedded.EmbeddedStore;
import java.nio.file.Path;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas of the service on one real store, asked over the wire. Each test has a model of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TwoReplicas {
    final EmbeddedStore store = EmbeddedStore.inMemory();

    @TempDir
    static Path scratch;

    TestService service;
    TestService replica;
    MongoClient mongo;

    @BeforeAll
    void start() {
        service = new TestService(store.uri(), scratch, TestService.NO_TRAINER, Map.of());
        replica = new TestService(store.uri(), scratch, TestService.NO_TRAINER, Map.of("registry.max-watchers", "2"));
        mongo = MongoClients.create(store.uri());
    }

    @AfterAll
    void stop() {
        mongo.close();
        replica.close();
        service.close();
        store.close();
    }

    MongoCollection<Document> collection(String name) {
        return mongo.getDatabase("test").getCollection(name);
    }

    ModelVersion get(String model, int version) {
        return service.registry()
                .getVersion(GetVersionRequest.newBuilder()
                        .setModel(model)
                        .setVersion(version)
                        .build())
                .getVersion();
    }

    long storedFiles(String model) {
        return collection("registry_packages.files").countDocuments(Filters.eq("metadata.model", model));
    }
}
