package io.foresell.store.embedded;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * Commits the file once per write command, after the command was applied and before it is answered. Commands that wait
 * for a running commit share the next one: {@link MVStore#commit} takes all changes made so far, and returns at once when
 * another thread's commit took them already. This needs a store without background commits, see {@link StoreFile}.
 */
final class DurableBackend extends H2Backend {
    /** Commands that change nothing; every other one, known to us or not, is committed. */
    private static final Set<String> READ_COMMANDS = Set.of(
            "find",
            "getmore",
            "count",
            "distinct",
            "killcursors",
            "listcollections",
            "listindexes",
            "listdatabases",
            "ping",
            "hello",
            "ismaster",
            "buildinfo",
            "endsessions",
            "serverstatus",
            "getparameter",
            "whatsmyuri",
            "hostinfo",
            "dbstats",
            "collstats",
            "connectionstatus");

    private static final int COMMITS_PER_COMPACTION = 128;
    private static final int COMPACT_BELOW_FILL_PERCENT = 60;
    private static final int COMPACTION_BYTES = 4 << 20;

    private final MVStore store;
    private final AtomicLong writeCount = new AtomicLong();

    /**
     * Read side: commands. Write side: compaction, which moves pages that a running scan may still point to, and with
     * retention time 0 the old ones are overwritten at once.
     */
    private final ReadWriteLock pages = new ReentrantReadWriteLock();

    DurableBackend(MVStore store) {
        super(store);
        this.store = store;
        version(ServerVersion.MONGO_5_0);
    }

    @Override
    public Document handleCommand(Channel channel, String databaseName, String command, Document query) {
        boolean write = !READ_COMMANDS.contains(command.toLowerCase(Locale.ROOT));
        pages.readLock().lock();
        try {
            return super.handleCommand(channel, databaseName, command, query);
        } finally {
            // A command that fails half-way (a duplicate key in a batch) has still written its first half.
            try {
                if (write) {
                    store.commit();
                }
            } finally {
                pages.readLock().unlock();
            }
            if (write && writeCount.incrementAndGet() % COMMITS_PER_COMPACTION == 0) {
                compact();
            }
        }
    }

    @Override
    protected MongoDatabase openOrCreateDatabase(String databaseName) {
        return new BsonDatabase(databaseName);
    }

    /**
     * Opens each map as BSON before {@link H2Database} asks for it, which then gets the open one. An inner class, because
     * the constructor above it opens collections already, when fields of its own would still be empty.
     */
    private final class BsonDatabase extends H2Database {
        BsonDatabase(String databaseName) {
            super(databaseName, getMvStore(), getCursorRegistry());
        }

        @Override
        protected MongoCollection<Object> openOrCreateCollection(String collectionName, CollectionOptions options) {
            String fullName = getDatabaseName() + "." + collectionName;
            return new CopyOnWriteCollection(
                    this,
                    collectionName,
                    options,
                    openAsBson("databases." + fullName),
                    getMvStore().openMap("meta." + fullName),
                    getCursorRegistry());
        }

        @Override
        protected Index<Object> openOrCreateUniqueIndex(
                String collectionName, String indexName, List<IndexKey> keys, boolean sparse) {
            openAsBson(getDatabaseName() + "." + collectionName + "._index_" + indexName);
            return super.openOrCreateUniqueIndex(collectionName, indexName, keys, sparse);
        }

        private <K, V> MVMap<K, V> openAsBson(String mapName) {
            return getMvStore()
                    .openMap(
                            mapName,
                            new MVMap.Builder<K, V>().keyType(BsonType.INSTANCE).valueType(BsonType.INSTANCE));
        }
    }

    /**
     * Waits for running commands and closes the file. Without {@link MVStore#close(int)}'s compaction: it moves chunks, and
     * fails an assertion of H2 2.3.232 when retention time is 0.
     */
    @Override
    public void close() {
        pages.writeLock().lock();
        try {
            store.close();
        } finally {
            pages.writeLock().unlock();
        }
    }

    private void compact() {
        if (isInMemory()) {
            return;
        }
        pages.writeLock().lock();
        try {
            store.compact(COMPACT_BELOW_FILL_PERCENT, COMPACTION_BYTES);
            store.commit();
        } finally {
            pages.writeLock().unlock();
        }
    }
}
