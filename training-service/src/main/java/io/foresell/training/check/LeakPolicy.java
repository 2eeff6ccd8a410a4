package io.foresell.training.check;

import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.training.evaluate.Judged.Leak;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What to do about leaks.
 *
 * @param refusesSuspicion refuses what merely looks like one
 * @param refusesProof refuses what cannot be otherwise
 * @param accepted columns, or kinds of leaks, that people have looked at and vouch for
 */
public record LeakPolicy(boolean refusesSuspicion, boolean refusesProof, Set<String> accepted) {
    /** Warns of suspicions and refuses proofs. */
    public static final LeakPolicy DEFAULT = new LeakPolicy(false, true, Set.of());

    public LeakPolicy {
        accepted = Set.copyOf(accepted);
    }

    private static final List<String> KINDS = List.of(
            "single_column",
            "dominant_column",
            "label_copy",
            "label_in_text",
            "entity_on_both_sides",
            "duplicated_rows",
            "resampled_rows",
            "interpolated_rows");

    /**
     * Requires that whatever is vouched for exists: a slip of the pen would vouch for nothing.
     *
     * @throws ServiceException FAILED_PRECONDITION naming the nearest
     */
    public void requireKnown(List<String> features) {
        List<String> known = new ArrayList<>(KINDS);
        known.addAll(features);
        for (String name : accepted) {
            if (!known.contains(name)) {
                throw new ServiceException(Failure.precondition(
                        "LEAK_UNKNOWN",
                        "judge.accept_leaks: '%s' (expected: a feature of the set, or one of %s; nearest: %s)"
                                .formatted(name, String.join(", ", KINDS), Names.nearest(name, known))));
            }
        }
    }

    boolean accepts(String kind, String column) {
        return accepted.contains(column) || accepted.contains(kind);
    }

    /**
     * Refuses the leaks that are not accepted.
     *
     * @throws ServiceException FAILED_PRECONDITION LEAK_SUSPECTED with every sentence
     */
    public void require(List<Leak> leaks) {
        List<Leak> refused = leaks.stream()
                .filter(leak -> !leak.isAccepted())
                .filter(leak -> leak.severity().equals(Leaks.PROOF) ? refusesProof : refusesSuspicion)
                .toList();
        if (!refused.isEmpty()) {
            String names = refused.stream()
                    .map(leak -> leak.column().isEmpty() ? leak.kind() : leak.column())
                    .distinct()
                    .collect(Collectors.joining(", "));
            throw new ServiceException(Failure.precondition(
                            "LEAK_SUSPECTED",
                            refused.stream().map(Leak::sentence).collect(Collectors.joining(" "))
                                    + " (expected: rows without it; leave the column out, repair the rows, or name %s in judge.accept_leaks)"
                                            .formatted(names))
                    .with("leaks", names));
        }
    }
}
