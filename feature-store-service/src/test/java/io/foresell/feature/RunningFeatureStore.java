package io.foresell.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.foresell.feature.database.MongoSettings;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A feature store of its own for every test, on a new database of some MongoDB, asked over gRPC. */
abstract class RunningFeatureStore {
    static final String NOW = "2024-06-01T00:00:00Z";

    final ServiceProcess.Resources resources = new ServiceProcess.Resources();
    final TestClock clock = new TestClock();
    StoreClient store;

    /** Returns where the database is. */
    abstract String mongoUri();

    @BeforeEach
    void start() {
        Telemetry telemetry = resources.add(Telemetry.local("test"));
        String database = "test_" + UUID.randomUUID().toString().replace("-", "");
        FeatureStoreServer server = resources.add(FeatureStoreServer.start(
                FeatureStoreConfig.of(WireSettings.local(0, 0), MongoSettings.of(mongoUri(), database)),
                telemetry,
                clock));
        store = resources.add(new StoreClient(server.grpcPort()));
    }

    @AfterEach
    void stop() {
        resources.close();
    }

    static StatusRuntimeException failure(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run);
    }

    static void assertFailure(StatusRuntimeException error, Status.Code code, String reason) {
        assertThat(error).isNotNull();
        assertThat(error.getStatus().getCode()).as(error.getMessage()).isEqualTo(code);
        assertThat(StoreClient.reason(error)).as(error.getMessage()).isEqualTo(reason);
    }

    static long millis(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }
}
