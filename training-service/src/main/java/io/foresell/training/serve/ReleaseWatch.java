package io.foresell.training.serve;

import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.WatchReleasesResponse;
import io.foresell.training.registry.Release;
import io.foresell.training.registry.ReleaseFeed;
import io.foresell.training.registry.ReleasedModel;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One watcher of releases. Nothing is queued: a slow watcher is sent the latest release of each model when it can take it
 * again.
 */
final class ReleaseWatch implements Watchers.Watch {
    private static final int MAX_RELEASES_PER_MESSAGE = 200;

    private final ReleaseFeed feed;
    private final Watchers watchers;
    private final ServerCallStreamObserver<WatchReleasesResponse> caller;
    private final Runnable listener = this::offer;
    private final Map<String, Release> sent = new HashMap<>(); // guarded by this
    private boolean isComplete; // guarded by this
    private boolean hasEnded; // guarded by this
    private long lastSentNanos = System.nanoTime(); // guarded by this

    ReleaseWatch(ReleaseFeed feed, Watchers watchers, ServerCallStreamObserver<WatchReleasesResponse> caller) {
        this.feed = feed;
        this.watchers = watchers;
        this.caller = caller;
    }

    void start() {
        caller.setOnCancelHandler(this::leave);
        caller.setOnReadyHandler(this::offer);
        watchers.add(this);
        feed.add(listener);
    }

    private synchronized void offer() {
        @Nullable Map<String, ReleasedModel> current = feed.current();
        while (!hasEnded && current != null && caller.isReady()) {
            List<ReleasedModel> changed = changed(current);
            boolean isLast = changed.size() <= MAX_RELEASES_PER_MESSAGE;
            if (changed.isEmpty() && isComplete && !isHeartbeatDue()) {
                return;
            }
            List<ReleasedModel> now = isLast ? changed : changed.subList(0, MAX_RELEASES_PER_MESSAGE);
            caller.onNext(ReleaseProtos.ofReleased(now, isLast && !isComplete));
            now.forEach(model -> sent.put(model.release().model(), model.release()));
            isComplete |= isLast;
            lastSentNanos = System.nanoTime();
        }
    }

    private List<ReleasedModel> changed(Map<String, ReleasedModel> current) {
        List<ReleasedModel> changed = new ArrayList<>();
        for (ReleasedModel model : current.values()) {
            if (!model.release().equals(sent.get(model.release().model()))) {
                changed.add(model);
            }
        }
        return changed;
    }

    private boolean isHeartbeatDue() {
        return System.nanoTime() - lastSentNanos >= ReleaseFeed.HEARTBEAT.toNanos();
    }

    private synchronized void leave() {
        if (!hasEnded) {
            hasEnded = true;
            feed.remove(listener);
            watchers.remove(this);
        }
    }

    @Override
    public synchronized void end(ServiceException reason) {
        if (!hasEnded) {
            leave();
            caller.onError(reason);
        }
    }
}
