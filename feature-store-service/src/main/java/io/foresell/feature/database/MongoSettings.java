package io.foresell.feature.database;

import io.foresell.kit.Settings;
import java.time.Duration;

/**
 * Where MongoDB is and how long to wait for it.
 *
 * @param uri the connection string; may hold a password, never printed
 * @param database the name of the database
 * @param connectTimeout how long to look for a server before a call answers UNAVAILABLE
 * @param callTimeout the longest wait for one answer of the server
 */
public record MongoSettings(String uri, String database, Duration connectTimeout, Duration callTimeout) {
    private static final String LOCAL = "mongodb://127.0.0.1:27017";

    public static MongoSettings read(Settings settings) {
        String uri = settings.secret("mongo.uri", "MongoDB connection string; empty means " + LOCAL);
        return new MongoSettings(
                uri.isEmpty() ? LOCAL : uri,
                settings.text("mongo.database", "foresell", "MongoDB database"),
                settings.duration(
                        "mongo.connect-timeout",
                        Duration.ofSeconds(3),
                        Duration.ofMillis(100),
                        Duration.ofMinutes(1),
                        "wait for a server before a call answers UNAVAILABLE"),
                settings.duration(
                        "mongo.call-timeout",
                        Duration.ofSeconds(30),
                        Duration.ofMillis(100),
                        Duration.ofMinutes(10),
                        "longest wait for one answer of the server"));
    }

    /** Default timeouts; for embedding and tests. */
    public static MongoSettings of(String uri, String database) {
        return new MongoSettings(uri, database, Duration.ofSeconds(3), Duration.ofSeconds(30));
    }
}
