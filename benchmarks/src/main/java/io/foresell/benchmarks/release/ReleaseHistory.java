package io.foresell.benchmarks.release;

import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What callers were answered while releases changed, and whether that was right. Each answer names the release it was routed by, and the version of each
 * row.
 *
 * <ul>
 *   <li>A release is routable on a replica from the moment it is ordered until a later one is known to serve there: until that replica's
 *       first answer by a later one was received. An answer by a release that was not routable at any moment between sending the call and
 *       receiving the answer is a violation, and so is any answer by a release that must not serve at all, such as one of a broken package.
 *   <li>An answer is mixed when its rows are not all of one release: a version that the release does not route to, a subject that the release
 *       gave to another version before, or a score that is not what that version gives to that row.
 * </ul>
 *
 * Thread-safe.
 */
public final class ReleaseHistory {
    private static final double TOLERANCE = 1e-6; // probabilities; versions differ by far more

    private record Ordered(Map<Integer, PreparedVersion> versions, boolean mayServe) {}

    private final Map<Integer, Ordered> orders = new HashMap<>(); // by revision; guarded by this, as all
    private final Map<String, TreeMap<Long, Integer>> served =
            new HashMap<>(); // by replica: newest revision by instant
    private final Map<Integer, Integer[]> assigned = new HashMap<>(); // by revision: the version of each subject
    private final TreeSet<Integer> answeredRevisions = new TreeSet<>();
    private int newestOrdered;
    private long answerCount;
    private long violationCount;
    private long mixedCount;
    private String firstFault = "";

    /** Counts at one moment. */
    public record Counts(long answers, long violations, long mixed) {
        /** Returns what came since an earlier moment. */
        public Counts since(Counts before) {
            return new Counts(answers - before.answers, violations - before.violations, mixed - before.mixed);
        }
    }

    /** Says that a release is about to be ordered; to be said before the registry hears of it. */
    public synchronized void ordering(int revision, List<PreparedVersion> versions) {
        Map<Integer, PreparedVersion> byNumber = new HashMap<>();
        versions.forEach(version -> byNumber.put(version.version(), version));
        orders.put(revision, new Ordered(byNumber, true));
        newestOrdered = Math.max(newestOrdered, revision);
    }

    /** Says that a release is about to be ordered that no replica may serve. */
    public synchronized void orderingBroken(int revision) {
        orders.put(revision, new Ordered(Map.of(), false));
        newestOrdered = Math.max(newestOrdered, revision);
    }

    /** Takes an answer that came now. */
    public void answered(String replica, long sentNanos, ScoreResponse answer) {
        answered(replica, sentNanos, System.nanoTime(), answer);
    }

    synchronized void answered(String replica, long sentNanos, long receivedNanos, ScoreResponse answer) {
        answerCount++;
        int revision = answer.getReleaseRevision();
        TreeMap<Long, Integer> newest = served.computeIfAbsent(replica, key -> new TreeMap<>());
        Map.Entry<Long, Integer> before = newest.lowerEntry(sentNanos);
        Ordered order = orders.get(revision);
        if (order == null || !order.mayServe()) {
            violation("revision %d answered and %s"
                    .formatted(revision, order == null ? "was not ordered" : "must not serve"));
            return;
        }
        if (before != null && before.getValue() > revision) {
            violation("%s answered by revision %d a call that was sent %.3f ms after it had answered by %d"
                    .formatted(replica, revision, (sentNanos - before.getKey()) / 1e6, before.getValue()));
        }
        requireWhole(revision, order, answer);
        answeredRevisions.add(revision);
        if (newest.isEmpty() || newest.lastEntry().getValue() < revision) {
            newest.put(receivedNanos, revision);
        }
    }

    private void requireWhole(int revision, Ordered order, ScoreResponse answer) {
        Integer[] versions = assigned.computeIfAbsent(revision, key -> new Integer[answer.getRowsCount()]);
        if (versions.length != answer.getRowsCount()) {
            mixed("revision %d: %d rows (expected: %d)".formatted(revision, answer.getRowsCount(), versions.length));
            return;
        }
        for (int row = 0; row < versions.length; row++) {
            ScoredRow scored = answer.getRows(row);
            PreparedVersion version = order.versions().get(scored.getModelVersion());
            if (version == null) {
                mixed("revision %d: row %d by version %d (expected: one of %s)"
                        .formatted(
                                revision,
                                row,
                                scored.getModelVersion(),
                                order.versions().keySet()));
                return;
            }
            if (versions[row] == null) {
                versions[row] = scored.getModelVersion();
            } else if (versions[row] != scored.getModelVersion()) {
                mixed("revision %d: subject %d by version %d (expected: %d, as before)"
                        .formatted(revision, row, scored.getModelVersion(), versions[row]));
                return;
            }
            if (!(Math.abs(scored.getScore() - version.score(row)) <= TOLERANCE)) {
                mixed("revision %d: row %d scored %s by version %d (expected: %s)"
                        .formatted(revision, row, scored.getScore(), version.version(), version.score(row)));
                return;
            }
        }
    }

    private void violation(String what) {
        violationCount++;
        firstFault = firstFault.isEmpty() ? what : firstFault;
    }

    private void mixed(String what) {
        mixedCount++;
        firstFault = firstFault.isEmpty() ? what : firstFault;
    }

    /** Returns the newest release that a replica answered by; 0 before its first answer. */
    public synchronized int newestServed(String replica) {
        TreeMap<Long, Integer> newest = served.get(replica);
        return newest == null || newest.isEmpty() ? 0 : newest.lastEntry().getValue();
    }

    /** Returns the newest release that was ordered. */
    public synchronized int newestOrdered() {
        return newestOrdered;
    }

    /** Returns how many releases answered. */
    public synchronized int answeredRevisionCount() {
        return answeredRevisions.size();
    }

    /** Returns what was counted until now. */
    public synchronized Counts counts() {
        return new Counts(answerCount, violationCount, mixedCount);
    }

    /** Returns the first thing that was wrong; empty when nothing was. */
    public synchronized String firstFault() {
        return firstFault;
    }
}
