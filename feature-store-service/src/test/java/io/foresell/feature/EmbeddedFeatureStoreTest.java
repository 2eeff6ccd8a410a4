package io.foresell.feature;

import io.foresell.store.embedded.EmbeddedStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on the embedded store. */
final class EmbeddedFeatureStoreTest extends FeatureStoreContract {
    private static EmbeddedStore database;

    @BeforeAll
    static void open() {
        database = EmbeddedStore.inMemory();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Override
    String mongoUri() {
        return database.uri();
    }
}
