package io.foresell.gateway;

import io.foresell.gateway.fixture.FixtureCluster;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Starts the services behind the gateway for all tests. */
public class FixtureResource implements QuarkusTestResourceLifecycleManager {
    private FixtureCluster cluster;

    @Override
    public Map<String, String> start() {
        try {
            cluster = new FixtureCluster(FixtureCluster.Content.TRAINED, token(), 0, 0, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> settings = new TreeMap<>(cluster.settings());
        for (String client : List.of("feature-store", "training", "inference")) {
            // In tests Quarkus takes the port of a client from here.
            settings.put("quarkus.grpc.clients." + client + ".test-port", settings.get("foresell." + client + ".port"));
        }
        settings.put("foresell.token", sharedToken());
        settings.put("foresell.credential.required", Boolean.toString(isCredentialRequired()));
        settings.put("quarkus.http.test-port", "0");
        // The fixtures make Quarkus start a server of its own, which nobody calls.
        settings.put("quarkus.grpc.server.test-port", "0");
        settings.put("foresell.deadline.score", "3s");
        settings.put("foresell.http.max-body", "64K");
        return settings;
    }

    /** Returns the token that services ask for. */
    String token() {
        return "";
    }

    /** Returns the token that the gateway knows. */
    String sharedToken() {
        return token();
    }

    boolean isCredentialRequired() {
        return false;
    }

    @Override
    public void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }
}
