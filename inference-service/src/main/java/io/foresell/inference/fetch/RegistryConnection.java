package io.foresell.inference.fetch;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What is known about the watch on the registry. Written only by the watcher's thread, read by anyone. */
public final class RegistryConnection {
    private volatile boolean isConnected;
    private volatile long lastMessageNanos;
    private volatile boolean hasMessage;

    void received() {
        lastMessageNanos = System.nanoTime();
        hasMessage = true;
        isConnected = true;
    }

    void lost() {
        isConnected = false;
    }

    /** Returns whether a stream is open on which a message came. */
    public boolean isConnected() {
        return isConnected;
    }

    /** Returns the age of the newest message; nothing before the first. */
    public Optional<Duration> messageAge() {
        return hasMessage ? Optional.of(Duration.ofNanos(System.nanoTime() - lastMessageNanos)) : Optional.empty();
    }

    /** Returns the age in seconds for a gauge; NaN before the first message. */
    public double messageAgeSeconds() {
        return messageAge()
                .map(age -> age.toNanos() / (double) TimeUnit.SECONDS.toNanos(1))
                .orElse(Double.NaN);
    }
}
