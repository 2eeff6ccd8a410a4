package io.foresell.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.Task;
import io.foresell.training.dataset.RowGroups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ListMetricsTest {
    private static final List<Integer> CUT_OFFS = List.of(1, 2, 3, 5, 10);

    private static double measured(ListMeasure measure, int cutOff, double[] gains, double[] scores) {
        return measure.of(new RankedList(gains, scores), cutOff);
    }

    /** Figures of ndcg_score, average_precision_score and label_ranking_average_precision_score of scikit-learn 1.9.1. */
    @Test
    void measuresWhatScikitLearnMeasures() {
        double[] gains = {3, 0, 2, 0, 1, 0, 0, 5};
        double[] tied = {.9, .8, .8, .3, .8, .1, .3, .3};
        assertThat(measured(ListMeasure.NDCG, 1, gains, tied)).isEqualTo(0.6, within(1e-12));
        assertThat(measured(ListMeasure.NDCG, 3, gains, tied)).isEqualTo(0.5233802166913005, within(1e-12));
        assertThat(measured(ListMeasure.NDCG, 5, gains, tied)).isEqualTo(0.6255039791978557, within(1e-12));
        assertThat(measured(ListMeasure.NDCG, 20, gains, tied)).isEqualTo(0.7635755741026533, within(1e-12));

        double[] labels = {0, 1, 0, 0, 1, 1, 0, 0, 0, 1};
        double[] scores = {.9, .85, .8, .7, .65, .5, .45, .4, .2, .1};
        assertThat(measured(ListMeasure.NDCG, 3, labels, scores)).isEqualTo(0.2960819109658652, within(1e-12));
        assertThat(measured(ListMeasure.NDCG, 10, labels, scores)).isEqualTo(0.6492233278282461, within(1e-12));
        assertThat(measured(ListMeasure.MAP, 10, labels, scores)).isEqualTo(0.45, within(1e-12));
        // Of one relevant row, label ranking average precision is the reciprocal rank.
        double[] one = {0, 0, 0, 1, 0, 0};
        assertThat(measured(ListMeasure.MRR, 0, one, new double[] {.9, .3, .8, .5, .45, .7}))
                .isEqualTo(0.25, within(1e-12));
    }

    @Test
    void countsByHand() {
        double[] labels = {1, 0, 1, 0};
        double[] scores = {.4, .9, .3, .1};
        assertThat(measured(ListMeasure.PRECISION, 2, labels, scores)).isEqualTo(0.5);
        assertThat(measured(ListMeasure.PRECISION, 10, labels, scores)).isEqualTo(0.5); // of the four rows there are
        assertThat(measured(ListMeasure.RECALL, 2, labels, scores)).isEqualTo(0.5);
        assertThat(measured(ListMeasure.RECALL, 10, labels, scores)).isEqualTo(1);
        assertThat(measured(ListMeasure.HIT_RATE, 1, labels, scores)).isZero();
        assertThat(measured(ListMeasure.HIT_RATE, 2, labels, scores)).isEqualTo(1);
        assertThat(measured(ListMeasure.MRR, 0, labels, scores)).isEqualTo(0.5);
        assertThat(measured(ListMeasure.MAP, 2, labels, scores)).isEqualTo(0.25); // 1/2 of the two that could be
    }

    /** With ties, every figure is the mean over all orders that the scores allow. */
    @Test
    void tiesCountAsAllTheirOrdersAtOnce() {
        Random random = new Random(11);
        for (int round = 0; round < 60; round++) {
            int count = 2 + random.nextInt(5);
            double[] gains = new double[count];
            double[] scores = new double[count];
            for (int i = 0; i < count; i++) {
                gains[i] = Math.max(0, random.nextInt(6) - 2);
                scores[i] = random.nextInt(3);
            }
            gains[random.nextInt(count)] = 2;
            List<int[]> orders = new ArrayList<>();
            addOrders(new int[0], scores, orders);
            for (ListMeasure measure : ListMeasure.values()) {
                for (int cutOff : CUT_OFFS) {
                    double mean = orders.stream()
                            .mapToDouble(order -> inOrder(measure, cutOff, gains, order))
                            .average()
                            .orElseThrow();
                    assertThat(measured(measure, cutOff, gains, scores))
                            .as(
                                    "%s at %d of %s by %s",
                                    measure, cutOff, Arrays.toString(gains), Arrays.toString(scores))
                            .isEqualTo(mean, within(1e-9));
                }
            }
        }
    }

    private static void addOrders(int[] begun, double[] scores, List<int[]> orders) {
        if (begun.length == scores.length) {
            orders.add(begun);
            return;
        }
        double next = -1;
        for (int row = 0; row < scores.length; row++) {
            next = has(begun, row) ? next : Math.max(next, scores[row]);
        }
        for (int row = 0; row < scores.length; row++) {
            if (!has(begun, row) && scores[row] == next) {
                int[] longer = Arrays.copyOf(begun, begun.length + 1);
                longer[begun.length] = row;
                addOrders(longer, scores, orders);
            }
        }
    }

    private static boolean has(int[] rows, int row) {
        return Arrays.stream(rows).anyMatch(each -> each == row);
    }

    /** The definitions as textbooks give them, of rows in one order. */
    private static double inOrder(ListMeasure measure, int cutOff, double[] gains, int[] order) {
        int last = Math.min(cutOff, order.length);
        double[] best = gains.clone();
        Arrays.sort(best);
        int relevant = (int) Arrays.stream(gains).filter(gain -> gain > 0).count();
        double dcg = 0;
        double ideal = 0;
        double precisions = 0;
        int found = 0;
        int first = 0;
        for (int i = 0; i < order.length; i++) {
            boolean isRelevant = gains[order[i]] > 0;
            first = first == 0 && isRelevant ? i + 1 : first;
            if (i < last) {
                dcg += gains[order[i]] / (Math.log(i + 2) / Math.log(2));
                ideal += best[order.length - 1 - i] / (Math.log(i + 2) / Math.log(2));
                found += isRelevant ? 1 : 0;
                precisions += isRelevant ? (double) found / (i + 1) : 0;
            }
        }
        return switch (measure) {
            case NDCG -> dcg / ideal;
            case MAP -> precisions / Math.min(cutOff, relevant);
            case PRECISION -> (double) found / last;
            case RECALL -> (double) found / relevant;
            case HIT_RATE -> found > 0 ? 1 : 0;
            case MRR -> 1.0 / first;
        };
    }

    @Test
    void keysNameMetricsAndDepth() {
        assertThat(Metric.find("ndcg_10")).hasValue(Metric.of(ListMeasure.NDCG, 10));
        assertThat(Metric.find("mrr")).hasValue(Metric.of(ListMeasure.MRR, 3));
        assertThat(Metric.find("hit_rate_1").orElseThrow().cutOff()).isEqualTo(1);
        for (String wrong : List.of("ndcg", "ndcg_0", "ndcg_1001", "ndcg_01", "mrr_5", "auc_3", "_3")) {
            assertThat(Metric.find(wrong)).as(wrong).isEmpty();
        }
        assertThat(Metric.ranking("map_5").isBetter(0.5, 0.4)).isTrue();
        assertThat(Metric.ranking("map_5").suits(Task.MULTICLASS)).isFalse();
    }

    /** Two good lists; one of one row, one without a positive row and a row of no list are left out. */
    @Test
    void listsThatHaveNoOrderToJudgeAreLeftOut() {
        double[] labels = {1, 0, 0, 1, 1, 0, 0, 1};
        float[] answers = {.9f, .1f, .8f, .2f, .5f, .6f, .7f, .3f};
        int none = RowGroups.NONE;
        RowGroups groups = new RowGroups(new int[] {0, 0, 1, 1, 2, 3, 3, none}, 0);
        List<Metric> metrics = ListMetrics.declared(List.of(1));
        Judgement judgement = new Judgement(Task.BINARY, metrics, 0, () -> false);
        int[] rows = FoldAnswers.consecutive(0, labels.length);
        judgement.addFold(labels, answers, new double[] {0.5}, rows, rows, groups);

        Evaluation evaluation = judgement.evaluation("none", 8);

        assertThat(evaluation.metrics())
                .containsEntry("precision_1", 0.5)
                .containsEntry("hit_rate_1", 0.5)
                .containsEntry("mrr", 0.75)
                .containsKeys("roc_auc", "ndcg_1", "map_1", "recall_1");
        assertThat(evaluation.baselineMetrics())
                .containsEntry("precision_1", 0.5)
                .containsEntry("mrr", 0.75);
        assertThat(evaluation.metricIntervals()).containsKeys("precision_1", "mrr", "roc_auc");
    }

    /** A random order of 4 rows, one of them relevant, finds it first in a quarter of the lists. */
    @Test
    void theBaselineIsARandomOrder() {
        double[] labels = {0, 1, 0, 0};
        Map<Metric, Double> random = ListMetrics.of(
                        ListMetrics.declared(List.of(1, 2)), new RowGroups(new int[4], 0), labels, new double[4])
                .all();

        assertThat(random.get(Metric.of(ListMeasure.HIT_RATE, 1))).isEqualTo(0.25, within(1e-12));
        assertThat(random.get(Metric.of(ListMeasure.HIT_RATE, 2))).isEqualTo(0.5, within(1e-12));
        assertThat(random.get(Metric.of(ListMeasure.MRR, 0)))
                .isEqualTo((1 + 1 / 2.0 + 1 / 3.0 + 1 / 4.0) / 4, within(1e-12));
    }

    @Test
    void valuesAboveALimitAreRelevantAndWorthThemselves() {
        RowGroups groups = new RowGroups(new int[3], 3);
        double[] values = {2, 5, 4};
        ListMetrics lists = ListMetrics.of(ListMetrics.declared(List.of(1)), groups, values, new double[] {.9, .1, .5});

        assertThat(lists.all().get(Metric.of(ListMeasure.MRR, 0))).isEqualTo(0.5);
        assertThat(lists.all().get(Metric.of(ListMeasure.NDCG, 1))).isZero();
        assertThat(lists.all().get(Metric.of(ListMeasure.RECALL, 1))).isZero();
        assertThat(Judgement.measure(Task.REGRESSION, Metric.ranking("ndcg_2"), values, new double[] {1, 3, 2}, groups))
                .isEqualTo(1);
    }

    /** Ten equal rows of each list tell no more than one: a list is drawn whole, so intervals depend on the number of lists. */
    @Test
    void intervalsAreOverLists() {
        Interval few = interval(20);
        Interval many = interval(320);

        assertThat((few.high() - few.low()) / (many.high() - many.low())).isBetween(2.5, 6.5); // sqrt(16) = 4
    }

    private static Interval interval(int listCount) {
        int size = 5;
        double[] labels = new double[listCount * size];
        double[] scores = new double[labels.length];
        int[] groups = new int[labels.length];
        Random random = new Random(3);
        for (int row = 0; row < labels.length; row++) {
            groups[row] = row / size;
            labels[row] = row % size == 0 ? 1 : 0;
            scores[row] = 0.3 * labels[row] + random.nextDouble();
        }
        int[] rows = FoldAnswers.consecutive(0, labels.length);
        ListMetrics lists = ListMetrics.of(ListMetrics.declared(List.of(1)), new RowGroups(groups, 0), labels, scores);
        return Bootstrap.of(Task.BINARY, List.of(new FoldAnswers(labels, scores, rows, rows, lists)), 5, () -> false)
                .interval(Metric.of(ListMeasure.HIT_RATE, 1));
    }
}
