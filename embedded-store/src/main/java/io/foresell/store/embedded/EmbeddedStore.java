package io.foresell.store.embedded;

import de.bwaldvogel.mongo.MongoServer;
import java.nio.file.Path;
import org.h2.mvstore.MVStore;

/**
 * A MongoDB-compatible server in this process, on loopback only, without authentication. Every acknowledged write survives
 * a kill of the process; after a power cut the file is consistent, but the last seconds may be missing, because writes
 * are not forced through the disk's cache. One process at a time may open a folder. Thread-safe.
 */
public final class EmbeddedStore implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";

    private final MVStore file;
    private final MongoServer server;
    private final int port;

    private EmbeddedStore(MVStore file, int port) {
        this.file = file;
        this.server = new MongoServer(new DurableBackend(file));
        this.port = bind(port);
    }

    /** Opens the store of a folder on a free port; creates both when missing. */
    public static EmbeddedStore open(Path folder) {
        return open(folder, 0);
    }

    /**
     * Opens the store of a folder; creates it when missing.
     *
     * @param port 0 to 65535; 0 means any free port
     * @throws EmbeddedStoreException when the folder cannot be written, the file is open elsewhere or damaged, or the
     *     port is taken
     */
    public static EmbeddedStore open(Path folder, int port) {
        if (port < 0 || port > 65_535) {
            throw new EmbeddedStoreException("port: %d (expected: 0..65535)".formatted(port));
        }
        return start(StoreFile.open(folder), port);
    }

    /** Opens an empty store on a free port that keeps nothing when closed. */
    public static EmbeddedStore inMemory() {
        return start(StoreFile.inMemory(), 0);
    }

    private static EmbeddedStore start(MVStore file, int port) {
        try {
            return new EmbeddedStore(file, port);
        } catch (RuntimeException cause) {
            file.closeImmediately();
            throw cause;
        }
    }

    private int bind(int wantedPort) {
        try {
            server.bind(LOOPBACK, wantedPort);
            return server.getLocalAddress().getPort();
        } catch (Exception cause) { // netty throws the checked BindException without declaring it
            server.shutdownNow();
            throw new EmbeddedStoreException("port: %d (expected: a free port)".formatted(wantedPort), cause);
        }
    }

    /** Returns the connection string for a MongoDB driver. */
    public String uri() {
        return "mongodb://%s:%d/?directConnection=true".formatted(LOOPBACK, port);
    }

    /** Returns the port that the store listens on. */
    public int port() {
        return port;
    }

    /** Ends connections and closes the file. Does nothing the second time. */
    @Override
    public void close() {
        if (file.isClosed()) {
            return;
        }
        server.shutdownNow();
    }
}
