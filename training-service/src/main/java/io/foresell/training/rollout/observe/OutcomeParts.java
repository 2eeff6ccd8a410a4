package io.foresell.training.rollout.observe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the outcomes of a step part by part of its subjects, when there are more predictions than the log reads at once. All parts count alike and a
 * subject is in one of them, so totals add up. A part that is read again replaces what was known of it. Owned by the looker.
 */
final class OutcomeParts {
    /** Most parts; the log divides subjects no finer. */
    static final int MOST = 64;

    private static final int GROWTH = 4;

    /** What one part holds; {@code isTruncated} says that it holds more than was read. */
    record Part(OutcomeTotals champion, OutcomeTotals candidate, boolean isTruncated) {}

    /** Asks the log for one part. */
    interface Log {
        Part read(int partCount, int part);
    }

    private List<@Nullable Part> parts = unread(1);
    private int next;

    private static List<@Nullable Part> unread(int count) {
        return new ArrayList<>(Collections.nCopies(count, null));
    }

    /**
     * Reads on, at least one part and every part at most once, until the time is over. Parts that are not fine enough are divided, but for the finest:
     * of those the log reads the oldest predictions, which stay the same while the step goes on.
     */
    Outcomes.Answer read(Log log, long untilNanos) {
        int left = parts.size();
        do {
            Part part = log.read(parts.size(), next);
            if (part.isTruncated() && parts.size() < MOST) {
                parts = unread(Math.min(MOST, GROWTH * parts.size()));
                next = 0;
                left = parts.size();
                continue;
            }
            parts.set(next, part);
            next = (next + 1) % parts.size();
            left--;
        } while (left > 0 && System.nanoTime() - untilNanos < 0);
        return answer();
    }

    private Outcomes.Answer answer() {
        OutcomeTotals champion = OutcomeTotals.NONE;
        OutcomeTotals candidate = OutcomeTotals.NONE;
        int unread = 0;
        for (Part part : parts) {
            if (part == null) {
                unread++;
            } else {
                champion = champion.plus(part.champion());
                candidate = candidate.plus(part.candidate());
            }
        }
        return unread == 0
                ? new Outcomes.Answer(champion, candidate, "")
                : Outcomes.Answer.unknown("many predictions, their outcomes are read in parts: %d of %d so far"
                        .formatted(parts.size() - unread, parts.size()));
    }
}
