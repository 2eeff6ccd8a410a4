package io.foresell.training.evaluate;

import io.foresell.training.dataset.RowGroups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Metrics of the order within the lists of one fold, each the mean over lists. Lists of one row, or without a relevant one, have no order
 * to judge and are left out. Immutable.
 */
final class ListMetrics implements Resampling, TaskMetrics {
    private final List<Metric> metrics;
    /** Identifies the list of each place. */
    private final int[] numbers;
    /** By metric and place. */
    private final double[][] values;

    private ListMetrics(List<Metric> metrics, int[] numbers, double[][] values) {
        this.metrics = metrics;
        this.numbers = numbers;
        this.values = values;
    }

    /**
     * Measures.
     *
     * @param metrics all of lists
     * @param labels one per row
     * @param answers one per row
     */
    static ListMetrics of(List<Metric> metrics, RowGroups groups, double[] labels, double[] answers) {
        List<int[]> lists = groups.lists(labels);
        int[] numbers = lists.stream().mapToInt(rows -> groups.number(rows[0])).toArray();
        double[][] values = new double[metrics.size()][lists.size()];
        for (int place = 0; place < lists.size(); place++) {
            int[] rows = lists.get(place);
            RankedList list = new RankedList(
                    Arrays.stream(rows)
                            .mapToDouble(row -> groups.gain(labels[row]))
                            .toArray(),
                    Arrays.stream(rows).mapToDouble(row -> answers[row]).toArray());
            for (int i = 0; i < values.length; i++) {
                Metric metric = metrics.get(i);
                ListMeasure measure = metric.ofLists();
                values[i][place] = measure == null ? Double.NaN : measure.of(list, metric.cutOff());
            }
        }
        return new ListMetrics(List.copyOf(metrics), numbers, values);
    }

    /** Returns the number that identifies each list measured; a copy. */
    int[] numbers() {
        return numbers.clone();
    }

    @Override
    public List<Metric> metrics() {
        return metrics;
    }

    @Override
    public Map<Metric, Double> all() {
        int[] once = new int[numbers.length];
        Arrays.fill(once, 1);
        double[] measured = new double[metrics.size()];
        measure(once, measured);
        Map<Metric, Double> all = new TreeMap<>();
        for (int i = 0; i < measured.length; i++) {
            all.put(metrics.get(i), measured[i]);
        }
        return all;
    }

    /** Measures when each list counts a whole number of times. */
    @Override
    public void measure(int[] weights, double[] measured) {
        for (int i = 0; i < values.length; i++) {
            double sum = 0;
            long count = 0;
            for (int place = 0; place < weights.length; place++) {
                sum += weights[place] * values[i][place];
                count += weights[place];
            }
            measured[i] = count == 0 ? Double.NaN : sum / count;
        }
    }

    /** Returns the metrics of every declared measure: those with a cut-off at each, the others once. */
    static List<Metric> declared(List<Integer> cutOffs) {
        List<Metric> metrics = new ArrayList<>();
        for (ListMeasure measure : ListMeasure.values()) {
            for (int cutOff : measure.hasCutOff() ? cutOffs : List.of(0)) {
                metrics.add(Metric.of(measure, cutOff));
            }
        }
        return metrics;
    }
}
