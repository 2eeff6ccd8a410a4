package io.foresell.inference.measure;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What was counted while one revision served. Thread-safe. */
public final class ReleaseWindow {
    private record Pair(int champion, int shadow) {}

    /** A version and its part in the revision. */
    public record Part(VersionCounts counts, int weight, int shadowPercent) {}

    private final int revision;
    private final Instant beganAt;
    private final List<Part> parts;
    private final Map<Pair, DecisionDiff> diffs = new ConcurrentHashMap<>(); // bounded: both are routes
    private volatile @Nullable Instant endedAt; // written only by the load lane's thread

    /** Makes an empty window. */
    public ReleaseWindow(int revision, Instant beganAt, List<Part> parts) {
        this.revision = revision;
        this.beganAt = beganAt;
        this.parts = List.copyOf(parts);
    }

    public int revision() {
        return revision;
    }

    public Instant beganAt() {
        return beganAt;
    }

    /** Returns when another revision took its place; empty while it serves. */
    public Optional<Instant> endedAt() {
        return Optional.ofNullable(endedAt);
    }

    void end(@Nullable Instant at) {
        endedAt = at;
    }

    /** Returns the versions in the order of the routes. */
    public List<Part> parts() {
        return parts;
    }

    /** Returns the counts of a version, or null when it is no route. */
    public @Nullable VersionCounts counts(int version) {
        for (Part part : parts) {
            if (part.counts().version() == version) {
                return part.counts();
            }
        }
        return null;
    }

    boolean isOf(List<Part> others) {
        return parts.size() == others.size()
                && parts.stream().allMatch(part -> others.stream().anyMatch(other -> isSame(part, other)));
    }

    private static boolean isSame(Part a, Part b) {
        return a.weight() == b.weight()
                && a.shadowPercent() == b.shadowPercent()
                && a.counts().version() == b.counts().version()
                && a.counts().digest().equals(b.counts().digest());
    }

    /** Returns the comparison of a shadow with a version that answered. */
    public DecisionDiff diff(int champion, int shadow) {
        return diffs.computeIfAbsent(new Pair(champion, shadow), pair -> new DecisionDiff(champion, shadow));
    }

    /** Returns all comparisons, by champion and shadow. */
    public List<DecisionDiff> diffs() {
        return diffs.values().stream()
                .sorted(Comparator.comparingInt(DecisionDiff::champion).thenComparingInt(DecisionDiff::shadow))
                .toList();
    }
}
