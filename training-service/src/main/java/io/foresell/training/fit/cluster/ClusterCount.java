package io.foresell.training.fit.cluster;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.training.fit.Ranges;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How many clusters there are, and what they are called.
 *
 * @param k 2 to 200; 0 when it is chosen from {@code min} to {@code max}
 * @param names from the largest cluster to the smallest; empty for cluster_1, cluster_2, ...
 */
public record ClusterCount(int k, int min, int max, List<String> names) {
    /** Most clusters. */
    public static final int MOST = 200;

    private static final int MAX_NAME_LENGTH = 63;

    public ClusterCount {
        names = List.copyOf(names);
        if (k != 0) {
            Ranges.require("k", k, 2, MOST);
        } else {
            Ranges.require("k_min", min, 2, MOST);
            Ranges.require("k_max", max, min, MOST);
        }
        boolean areUsable = names.stream().noneMatch(name -> name.isBlank() || name.length() > MAX_NAME_LENGTH)
                && new HashSet<>(names).size() == names.size()
                && !names.contains(ClusterLabels.NOISE);
        if (!names.isEmpty() && (names.size() != k || !areUsable)) {
            throw new ServiceException(Failure.invalid(
                    "CLUSTER_NAMES_INVALID",
                    "names",
                    names,
                    "k = %d different names of 1..%d characters, none of them %s"
                            .formatted(k, MAX_NAME_LENGTH, ClusterLabels.NOISE)));
        }
    }

    /** Returns a fixed number of clusters without names. */
    public static ClusterCount of(int k) {
        return new ClusterCount(k, 0, 0, List.of());
    }

    /** Returns a number that is chosen. */
    public static ClusterCount between(int min, int max) {
        return new ClusterCount(0, min, max, List.of());
    }

    boolean isChosen() {
        return k == 0;
    }

    /**
     * Returns the numbers to try; the rows bound those of a range.
     *
     * @throws ServiceException FAILED_PRECONDITION when there are fewer different rows than clusters
     */
    int[] tried(EncodedRows rows) {
        int least = isChosen() ? min : k;
        int most = isChosen() ? max : k;
        int different = rows.differentRows(most);
        if (different < least) {
            throw new ServiceException(Failure.precondition(
                    "TOO_FEW_DIFFERENT_ROWS",
                    "different rows to fit on: %d of %d (expected: at least %d, one per cluster)"
                            .formatted(different, rows.rowCount(), least)));
        }
        return IntStream.rangeClosed(least, Math.min(most, different)).toArray();
    }

    /** Returns the labels of so many clusters, largest first. */
    List<String> labels(int count) {
        return names.isEmpty() ? ClusterLabels.numbered(count) : names.subList(0, count);
    }

    /** Returns the parameters by name with others beside them, for provenance. */
    Map<String, String> asText(Map<String, String> others) {
        Map<String, String> text = new TreeMap<>(others);
        if (isChosen()) {
            text.put("k_min", Integer.toString(min));
            text.put("k_max", Integer.toString(max));
        } else {
            text.put("k", Integer.toString(k));
        }
        if (!names.isEmpty()) {
            text.put("names", String.join(", ", names));
        }
        return text;
    }
}
