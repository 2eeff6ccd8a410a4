package io.foresell.training.registry;

import com.mongodb.MongoException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The current releases of all models, kept in memory by one thread that looks at a small counter in the store twice a second
 * (another process may have released) and at all releases every ten seconds (a process may have died before it counted).
 * While the store is away the last releases stay. Thread-safe.
 */
public final class ReleaseFeed implements AutoCloseable {
    /** How often every listener is called though nothing changed. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(ReleaseFeed.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration FULL_LOOK = Duration.ofSeconds(10);

    private final ModelStore models;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>(); // bounded by the edge
    private final ScheduledExecutorService poller = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "release-feed");
        thread.setDaemon(true);
        return thread;
    });
    private volatile @Nullable Map<String, ReleasedModel> current; // written under this
    private long seenChange = -1; // guarded by this
    private long lastFullLookNanos; // guarded by this
    private boolean isStoreAway; // guarded by this

    ReleaseFeed(ModelStore models) {
        this.models = models;
    }

    /** Begins to look. */
    public void start() {
        var unusedLook = poller.scheduleWithFixedDelay(this::lookQuietly, 0, POLL.toMillis(), TimeUnit.MILLISECONDS);
        var unusedBeat = poller.scheduleWithFixedDelay(
                this::callListeners, HEARTBEAT.toMillis(), HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns the releases by model, or null while the store was never reached. */
    public @Nullable Map<String, ReleasedModel> current() {
        return current;
    }

    /** Adds a listener called after every change and at every heartbeat, on a thread that it must not block. */
    public void add(Runnable listener) {
        listeners.add(listener);
    }

    public void remove(Runnable listener) {
        listeners.remove(listener);
    }

    /** Makes a release of this process seen here before returning, and soon by the others. */
    void announce() {
        try {
            models.announceReleasesChange();
        } catch (MongoException e) {
            log.warn("release counter not raised, others see the release within {} s", FULL_LOOK.toSeconds(), e);
        }
        lookQuietly();
    }

    private synchronized void lookQuietly() {
        try {
            look();
            if (isStoreAway) {
                isStoreAway = false;
                log.info("releases are read again");
            }
        } catch (RuntimeException e) {
            if (!isStoreAway) {
                isStoreAway = true;
                log.warn("releases cannot be read, the last ones stay error={}", e.toString());
            }
        }
    }

    private synchronized void look() {
        long change = models.releasesChange();
        boolean isFullLookDue = System.nanoTime() - lastFullLookNanos > FULL_LOOK.toNanos();
        if (change == seenChange && !isFullLookDue) {
            return;
        }
        Map<String, ReleasedModel> before = current;
        Map<String, ReleasedModel> after = read(before == null ? Map.of() : before);
        seenChange = change;
        lastFullLookNanos = System.nanoTime();
        current = after;
        if (!after.equals(before)) {
            callListeners();
        }
    }

    private Map<String, ReleasedModel> read(Map<String, ReleasedModel> before) {
        Map<String, ReleasedModel> after = new TreeMap<>();
        models.releases().forEach((model, release) -> {
            ReleasedModel known = before.get(model);
            after.put(model, known != null && known.release().equals(release) ? known : withVersions(release));
        });
        return Map.copyOf(after);
    }

    private ReleasedModel withVersions(Release release) {
        Map<Integer, ReleasedModel.ReleasedVersion> versions = new HashMap<>();
        for (Route route : release.routes()) {
            ModelVersion version = models.version(release.model(), route.version())
                    .orElseThrow(() -> new IllegalStateException(
                            "%s@%d is released and missing".formatted(release.model(), route.version())));
            versions.put(
                    version.version(),
                    new ReleasedModel.ReleasedVersion(version.version(), version.digest(), version.packageBytes()));
        }
        return new ReleasedModel(release, versions);
    }

    private void callListeners() {
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                log.warn("release listener failed", e);
            }
        }
    }

    @Override
    public void close() {
        poller.shutdownNow();
    }
}
