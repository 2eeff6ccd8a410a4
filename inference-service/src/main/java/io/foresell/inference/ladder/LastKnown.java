package io.foresell.inference.ladder;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.foresell.inference.forget.ErasedEntities;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The newest answer of each subject of one model, in memory only, oldest out first. Entities and subjects of rows are apart, so that what a
 * caller computed for a row never stands for what the store knows of an entity. Thread-safe; a lock of one of {@value #SEGMENTS} segments is
 * held for a step of a map.
 */
public final class LastKnown {
    static final int SEGMENTS = 16;
    static final int MAX_ENTRIES = 100_000;

    private static final int HALF = SEGMENTS / 2; // for entities, the others for subjects of rows
    private static final int MAX_SUBJECT_LENGTH = 512; // as in the prediction log

    private final Segment[] segments = new Segment[SEGMENTS];
    private final AtomicLong usedBytes; // of all models together
    private final long maxBytes;
    private volatile long maxAgeNanos; // written only by the load lane's thread

    LastKnown(Duration maxAge, AtomicLong usedBytes, long maxBytes) {
        this.maxAgeNanos = maxAge.toNanos();
        this.usedBytes = usedBytes;
        this.maxBytes = maxBytes;
        for (int i = 0; i < SEGMENTS; i++) {
            segments[i] = new Segment();
        }
    }

    void setMaxAge(Duration maxAge) {
        maxAgeNanos = maxAge.toNanos();
    }

    /** Keeps an answer unless there is a newer one, or no room. */
    public void put(boolean isEntity, String subject, KnownScore score) {
        if (!subject.isEmpty() && subject.length() <= MAX_SUBJECT_LENGTH) {
            segment(isEntity, subject).put(subject, score);
        }
    }

    /** Returns the newest answer that is young enough, or null. */
    public @Nullable KnownScore get(boolean isEntity, String subject, long nowNanos) {
        KnownScore score = subject.isEmpty() ? null : segment(isEntity, subject).get(subject);
        return score == null || nowNanos - score.atNanos() > maxAgeNanos ? null : score;
    }

    /** Forgets a subject. */
    public void remove(boolean isEntity, String subject) {
        segment(isEntity, subject).remove(subject);
    }

    /** Forgets subjects that were erased, those of rows, too: they may name the same person. */
    void forget(ErasedEntities erased) {
        for (Segment segment : segments) {
            segment.subjects().stream().filter(erased::contains).forEach(segment::remove);
        }
    }

    /** Forgets what is too old. */
    void sweep(long nowNanos) {
        for (Segment segment : segments) {
            segment.sweep(nowNanos - maxAgeNanos);
        }
    }

    /** Forgets everything for good. */
    void close() {
        for (Segment segment : segments) {
            segment.close();
        }
    }

    int size() {
        int size = 0;
        for (Segment segment : segments) {
            size += segment.size();
        }
        return size;
    }

    private Segment segment(boolean isEntity, String subject) {
        int hash = subject.hashCode();
        return segments[((hash ^ (hash >>> 16)) & (HALF - 1)) + (isEntity ? 0 : HALF)];
    }

    private final class Segment {
        @GuardedBy("this")
        private final Map<String, KnownScore> scores = new LinkedHashMap<>(); // in the order they came

        @GuardedBy("this")
        private boolean isClosed;

        synchronized void put(String subject, KnownScore score) {
            KnownScore before = scores.get(subject);
            if (isClosed || (before != null && before.atNanos() - score.atNanos() > 0)) {
                return;
            }
            remove(subject); // so that it goes to the end
            scores.put(subject, score);
            usedBytes.addAndGet(score.bytes(subject));
            while (!scores.isEmpty() && (scores.size() > MAX_ENTRIES / SEGMENTS || usedBytes.get() > maxBytes)) {
                remove(scores.keySet().iterator().next());
            }
        }

        synchronized @Nullable KnownScore get(String subject) {
            return scores.get(subject);
        }

        synchronized void remove(String subject) {
            KnownScore score = scores.remove(subject);
            if (score != null) {
                usedBytes.addAndGet(-score.bytes(subject));
            }
        }

        synchronized List<String> subjects() {
            return List.copyOf(scores.keySet());
        }

        synchronized void sweep(long beforeNanos) {
            Iterator<Map.Entry<String, KnownScore>> oldest = scores.entrySet().iterator();
            while (oldest.hasNext()) {
                Map.Entry<String, KnownScore> entry = oldest.next();
                if (entry.getValue().atNanos() - beforeNanos >= 0) {
                    return;
                }
                usedBytes.addAndGet(-entry.getValue().bytes(entry.getKey()));
                oldest.remove();
            }
        }

        synchronized void close() {
            isClosed = true;
            scores.forEach((subject, score) -> usedBytes.addAndGet(-score.bytes(subject)));
            scores.clear();
        }

        synchronized int size() {
            return scores.size();
        }
    }
}
