package io.foresell.inference.measure;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How two versions decide about the rows of one slice. Not thread-safe but for its histograms. */
final class SliceDiff {
    private static final int MAX_FLIPS = 100;

    private record Sides(String from, String to) {}

    private final Histogram champion = new Histogram();
    private final Histogram shadow = new Histogram();
    private final Histogram differences = new Histogram();
    private final Map<Sides, Long> flips = new HashMap<>();
    private long rows;

    void add(DecisionDiff.Decision before, DecisionDiff.Decision after) {
        rows++;
        champion.add(before.score());
        shadow.add(after.score());
        differences.add(after.score() - before.score());
        if (!before.outcome().equals(after.outcome())) {
            Sides sides = new Sides(before.outcome(), after.outcome());
            boolean isKept = flips.size() < MAX_FLIPS || flips.containsKey(sides);
            flips.merge(isKept ? sides : new Sides(OutcomeCounts.OTHER, OutcomeCounts.OTHER), 1L, Long::sum);
        }
    }

    DecisionDiff.Slice slice(String name) {
        List<DecisionDiff.Flip> changed = flips.entrySet().stream()
                .map(flip -> new DecisionDiff.Flip(
                        flip.getKey().from(), flip.getKey().to(), flip.getValue()))
                .sorted(Comparator.comparingLong(DecisionDiff.Flip::rows)
                        .reversed()
                        .thenComparing(DecisionDiff.Flip::from)
                        .thenComparing(DecisionDiff.Flip::to))
                .toList();
        return new DecisionDiff.Slice(
                name, rows, champion.distribution(), shadow.distribution(), differences.distribution(), changed);
    }
}
