package io.foresell.feature;

import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The contract on a MongoDB that {@code FORESELL_TEST_MONGO_URI} names. Leaves databases named {@code test_*} behind. */
@EnabledIfEnvironmentVariable(named = "FORESELL_TEST_MONGO_URI", matches = "mongodb.*")
final class MongoFeatureStoreTest extends FeatureStoreContract {
    @Override
    String mongoUri() {
        return System.getenv("FORESELL_TEST_MONGO_URI");
    }
}
