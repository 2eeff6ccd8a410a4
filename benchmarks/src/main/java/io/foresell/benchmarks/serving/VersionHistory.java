package io.foresell.benchmarks.serving;

import io.foresell.benchmarks.load.Reply;
import io.foresell.benchmarks.load.ReplyListener;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which versions answered, and whether that was right: a version may answer once it was released, and a call that was sent after a
 * newer version had answered may not be answered by an older one. Thread-safe.
 */
final class VersionHistory implements ReplyListener {
    private final TreeMap<Long, Integer> firstAnswers = new TreeMap<>(); // version by instant; guarded by this, as all
    private final Set<Integer> answered = new TreeSet<>();
    private int newestReleased;
    private int newestAnswered;
    private long wrongCount;

    /** Says that a version is about to be released. */
    synchronized void releasing(int version) {
        newestReleased = Math.max(newestReleased, version);
    }

    @Override
    public void replied(long dueNanos, long sentNanos, Reply reply) {
        if (reply.outcome() == Reply.Outcome.ANSWERED && !reply.detail().isEmpty()) {
            answered(sentNanos, System.nanoTime(), Integer.parseInt(reply.detail()));
        }
    }

    synchronized void answered(long sentNanos, long nowNanos, int version) {
        Map.Entry<Long, Integer> before = firstAnswers.lowerEntry(sentNanos);
        if (version > newestReleased || (before != null && version < before.getValue())) {
            wrongCount++;
        }
        answered.add(version);
        if (version > newestAnswered) {
            newestAnswered = version;
            firstAnswers.put(nowNanos, version);
        }
    }

    /** Returns how many versions answered. */
    synchronized int versionCount() {
        return answered.size();
    }

    /** Returns answers by a version that was not the release's when the call was sent. */
    synchronized long wrongCount() {
        return wrongCount;
    }
}
