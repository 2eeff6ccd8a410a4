package io.foresell.feature.database;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.ReadConcern;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.kit.trace.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * The service's MongoDB database. Writes are acknowledged when a majority has them in its journal, reads see what a majority
 * has. Only single-document atomicity is used. Thread-safe; owns the driver's client. Opening it does not connect.
 */
public final class FeatureDatabase implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 64;

    private final MongoClient client;
    private final MongoDatabase database;
    private final Traces traces;
    private final Map<String, FeatureCollection> collections = new ConcurrentHashMap<>(); // bounded by the definitions

    private volatile @Nullable Boolean isEmbedded;

    private FeatureDatabase(MongoClient client, String name, Traces traces) {
        this.client = client;
        database = client.getDatabase(name)
                .withWriteConcern(WriteConcern.MAJORITY.withJournal(true))
                .withReadConcern(ReadConcern.MAJORITY);
        this.traces = traces;
    }

    /**
     * Opens the database without connecting yet.
     *
     * @throws ServiceException INVALID_ARGUMENT when the connection string is not one
     */
    public static FeatureDatabase open(MongoSettings settings, Traces traces) {
        try {
            return new FeatureDatabase(MongoClients.create(client(settings)), settings.database(), traces);
        } catch (IllegalArgumentException e) {
            // The driver's text is not shown: it may repeat the password.
            throw new ServiceException(Failure.invalid(
                    "SETTING_INVALID",
                    "mongo.uri or mongo.database: not usable (expected: a mongodb:// or mongodb+srv:// connection string"
                            + " and a database name)"));
        }
    }

    private static MongoClientSettings client(MongoSettings settings) {
        long connectMillis = settings.connectTimeout().toMillis();
        return MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(settings.uri()))
                .applicationName("foresell-feature-store")
                .applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(connectMillis, TimeUnit.MILLISECONDS))
                .applyToServerSettings(server -> server.heartbeatFrequency(2, TimeUnit.SECONDS))
                .applyToConnectionPoolSettings(
                        pool -> pool.maxSize(MAX_CONNECTIONS).maxWaitTime(connectMillis, TimeUnit.MILLISECONDS))
                .applyToSocketSettings(socket -> socket.connectTimeout(connectMillis, TimeUnit.MILLISECONDS)
                        .readTimeout(settings.callTimeout().toMillis(), TimeUnit.MILLISECONDS))
                .build();
    }

    /** Returns a collection, which MongoDB creates at its first write. */
    public FeatureCollection collection(String name) {
        return collections.computeIfAbsent(
                name, absent -> new FeatureCollection(absent, database.getCollection(absent), this));
    }

    /**
     * Asks the server for a sign of life.
     *
     * @throws ServiceException UNAVAILABLE
     */
    public void ping() {
        call("ping", "", () -> database.runCommand(new Document("ping", 1)));
    }

    /** Returns what the server says of a collection; of one that does not exist it says little or nothing. */
    Document stats(String collection) {
        return call("collStats", collection, () -> {
            try {
                return database.runCommand(new Document("collStats", collection));
            } catch (MongoCommandException e) {
                return new Document(); // older servers refuse to speak of a collection that is not there yet
            }
        });
    }

    /** Returns whether this is not MongoDB itself, which always names its storage engines. */
    boolean isEmbedded() {
        Boolean known = isEmbedded;
        if (known == null) {
            Document build = call("buildInfo", "", () -> database.runCommand(new Document("buildInfo", 1)));
            known = !build.containsKey("storageEngines");
            isEmbedded = known;
        }
        return known;
    }

    /** Runs one call to the server in a span of its own; errors of the driver become failures. */
    <T> T call(String operation, String collection, Supplier<T> work) {
        Span span = traces.begin("mongo " + operation)
                .setAttribute("db.system.name", "mongodb")
                .setAttribute("db.operation.name", operation)
                .setAttribute("db.collection.name", collection);
        try {
            return work.get();
        } catch (MongoException e) {
            span.setStatus(StatusCode.ERROR, e.getClass().getSimpleName());
            throw MongoFailures.translated(e);
        } finally {
            span.end();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
