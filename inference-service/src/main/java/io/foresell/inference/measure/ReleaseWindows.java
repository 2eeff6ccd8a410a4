package io.foresell.inference.measure;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.foresell.inference.measure.ReleaseWindow.Part;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The newest {@value #MAX_WINDOWS} windows of each model, in memory. Thread-safe; asked when releases change, never for a row. */
public final class ReleaseWindows {
    static final int MAX_WINDOWS = 8;

    private final Clock clock;

    @GuardedBy("this")
    private final Map<String, Deque<ReleaseWindow>> byModel = new HashMap<>(); // oldest first

    public ReleaseWindows(Clock clock) {
        this.clock = clock;
    }

    /**
     * Begins the window of a revision and ends the one before. A registry that says the same again goes on with the window there is.
     *
     * @param parts with counts of 0, which are not used when the window goes on
     */
    public synchronized ReleaseWindow open(String model, int revision, List<Part> parts) {
        Deque<ReleaseWindow> windows = byModel.computeIfAbsent(model, name -> new ArrayDeque<>());
        ReleaseWindow newest = windows.peekLast();
        if (newest != null && newest.revision() == revision && newest.isOf(parts)) {
            newest.end(null);
            return newest;
        }
        Instant now = clock.instant();
        if (newest != null && newest.endedAt().isEmpty()) {
            newest.end(now);
        }
        ReleaseWindow window = new ReleaseWindow(revision, now, parts);
        windows.addLast(window);
        if (windows.size() > MAX_WINDOWS) {
            windows.removeFirst();
        }
        return window;
    }

    /** Ends the window of a model that does not serve any more. */
    public synchronized void close(String model) {
        Deque<ReleaseWindow> windows = byModel.get(model);
        if (windows != null && !windows.isEmpty() && windows.getLast().endedAt().isEmpty()) {
            windows.getLast().end(clock.instant());
        }
    }

    /** Returns the windows of a model, oldest first. */
    public synchronized List<ReleaseWindow> of(String model) {
        Deque<ReleaseWindow> windows = byModel.get(model);
        return windows == null ? List.of() : List.copyOf(windows);
    }
}
