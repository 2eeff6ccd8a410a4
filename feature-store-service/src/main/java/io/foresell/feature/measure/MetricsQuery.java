package io.foresell.feature.measure;

import java.util.List;

/**
 * What is to be measured.
 *
 * @param versions none means all
 * @param kinds none means all
 * @param outcomeName what scores are held against
 * @param sliceBy an input; empty means no slices
 * @param referenceVersion 0 means each version itself
 * @param parts of subjects, none means all
 * @param isOldestFirst whether the oldest count when there are more than are read
 * @param asksReference whether the reference window was asked for, and goes before what packages say
 */
public record MetricsQuery(
        String model,
        List<Integer> versions,
        List<Integer> kinds,
        long fromMillis,
        long untilMillis,
        String outcomeName,
        String sliceBy,
        boolean isFirstPerSubject,
        long referenceFromMillis,
        long referenceUntilMillis,
        int referenceVersion,
        List<Integer> parts,
        boolean isOldestFirst,
        boolean asksReference,
        boolean withDrift) {
    /** Name of the outcome that models predict. */
    public static final String LABEL = "label";

    public MetricsQuery {
        versions = List.copyOf(versions);
        kinds = List.copyOf(kinds);
        parts = List.copyOf(parts);
    }
}
