package io.foresell.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Task;
import io.foresell.training.evaluate.Judged.CalibrationCheck;
import io.foresell.training.evaluate.Judged.Comparison;
import io.foresell.training.evaluate.Judged.Decision;
import io.foresell.training.evaluate.Judged.Slices;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class JudgedTest {
    private final Random random = new Random(23);

    private double[] probabilities(int count) {
        double[] p = new double[count];
        Arrays.setAll(p, i -> 0.02 + 0.96 * random.nextDouble());
        return p;
    }

    private double[] drawn(double[] p) {
        double[] labels = new double[p.length];
        Arrays.setAll(labels, i -> random.nextDouble() < p[i] ? 1 : 0);
        return labels;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private Judgement judged(double[] labels, double[] answers) {
        Judgement judgement = new Judgement(Task.BINARY);
        judgement.addFold(labels, floats(answers), new double[] {0.5});
        return judgement;
    }

    @Test
    void aCalibratedModelIsNotBlamedForChance() {
        int blamed = 0;
        for (int round = 0; round < 40; round++) {
            double[] p = probabilities(1000);
            CalibrationCheck check = judged(drawn(p), p).calibrationCheck("none");
            assertThat(check).isNotNull();
            blamed += check.pValue() < 0.05 ? 1 : 0;
            assertThat(check.floor()).isBetween(0.01, 0.06);
        }
        assertThat(blamed).isLessThanOrEqualTo(6);
        double[] p = probabilities(1000);
        double[] tooSure = Arrays.stream(p).map(q -> Math.sqrt(q)).toArray();
        assertThat(judged(drawn(p), tooSure).calibrationCheck("none").pValue()).isLessThan(0.01);
    }

    @Test
    void theCalibrationErrorIsThatOfAllRowsTogether() {
        double[] p = probabilities(1000);
        double[] labels = drawn(p);
        Judgement whole = judged(labels, p);
        Judgement folded = new Judgement(Task.BINARY);
        for (int fold = 0; fold < 5; fold++) {
            folded.addFold(
                    Arrays.copyOfRange(labels, fold * 200, fold * 200 + 200),
                    floats(Arrays.copyOfRange(p, fold * 200, fold * 200 + 200)),
                    new double[] {0.5});
        }

        assertThat(folded.evaluation("k_fold", 1000).metric(Metric.EXPECTED_CALIBRATION_ERROR))
                .isCloseTo(whole.evaluation("k_fold", 1000).metric(Metric.EXPECTED_CALIBRATION_ERROR), within(1e-12));
        assertThat(folded.calibrationCheck("none").errorPerFold())
                .isGreaterThan(folded.calibrationCheck("none").error());
    }

    /** scipy.stats.binomtest(7, 40).proportion_ci(method="wilson"). */
    @Test
    void sharesHaveWilsonsInterval() {
        Interval interval = CalibrationJudge.wilson(7 / 40.0, 40);

        assertThat(interval.low()).isCloseTo(0.0874541, within(1e-6));
        assertThat(interval.high()).isCloseTo(0.3194999, within(1e-6));
    }

    @Test
    void tellsABetterCandidateFromALuckyOne() {
        double[] p = probabilities(2000);
        double[] labels = drawn(p);
        double[] blurred =
                Arrays.stream(p).map(q -> 0.5 * q + 0.5 * random.nextDouble()).toArray();
        double[] nearly =
                Arrays.stream(p).map(q -> q + 1e-3 * random.nextDouble()).toArray();

        Comparison better =
                Comparisons.of(Metric.ROC_AUC, "sharp", judged(labels, p), "blurred", judged(labels, blurred));
        Comparison byBootstrap =
                Comparisons.of(Metric.BRIER, "blurred", judged(labels, blurred), "sharp", judged(labels, p));
        Comparison same = Comparisons.of(Metric.ROC_AUC, "a", judged(labels, p), "b", judged(labels, nearly));

        assertThat(better.test()).isEqualTo("delong");
        assertThat(better.pValue()).isLessThan(1e-6);
        assertThat(better.low()).isPositive();
        assertThat(better.sentence()).startsWith("sharp is better than blurred: roc_auc");
        assertThat(byBootstrap.test()).isEqualTo("paired_bootstrap");
        assertThat(byBootstrap.sentence()).startsWith("blurred is worse than sharp");
        assertThat(same.sentence()).startsWith("a and b cannot be told apart");
    }

    @Test
    void costsChooseTheThreshold() {
        double[] p = probabilities(5000);
        Judgement judgement = judged(drawn(p), p);
        Payoff payoff = new Payoff(10, 0, 30, 0, "EUR");

        Decision byCosts = judgement.rows().decision(payoff, null);
        Decision byCapacity = judgement.rows().decision(payoff, new Capacity(100, 1000));

        assertThat(payoff.threshold()).isCloseTo(0.25, within(1e-12));
        assertThat(byCosts).isNotNull();
        assertThat(byCosts.threshold()).isCloseTo(0.25, within(1e-12));
        assertThat(byCosts.bestThreshold()).isCloseTo(0.25, within(0.1));
        assertThat(byCosts.bestProfitPerThousand()).isGreaterThanOrEqualTo(byCosts.profitPerThousand());
        assertThat(byCapacity.rule()).isEqualTo("capacity");
        assertThat(byCapacity.actedShare()).isCloseTo(0.1, within(0.001));
        assertThat(byCapacity.profitPerThousand()).isLessThan(byCosts.profitPerThousand());
        assertThat(judgement.rows().decision(null, null)).isNull();
    }

    @Test
    void refusesCostsThatDecideNothing() {
        assertThatThrownBy(() -> new Payoff(-1, 0, 1, 0, "")).isInstanceOf(ServiceException.class);
        assertThatThrownBy(() -> new Payoff(1, 0, 0, 0, "")).hasMessageContaining("always, worth it");
        assertThatThrownBy(() -> new Capacity(10, 5)).hasMessageContaining("5 (expected: 0, or 10 or more)");
    }

    /** Of 20 slices of noise none is named; one that was spoilt is. */
    @Test
    void namesTheSliceThatIsWorseAndNoOther() {
        int count = 6000;
        double[] p = probabilities(count);
        double[] labels = drawn(p);
        int[] noise = new int[count];
        Arrays.setAll(noise, i -> random.nextInt(20));
        double[] answers = p.clone();
        for (int i = 0; i < count; i++) {
            answers[i] = i % 10 == 3 ? random.nextDouble() : p[i];
        }
        int[] spoilt = new int[count];
        Arrays.setAll(spoilt, i -> i % 10);
        Slicer slicer = new Slicer(judged(labels, answers).rows());
        List<String> digits = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        slicer.add("noise", IntStream.range(0, 20).mapToObj(i -> "n" + i).toList(), noise);
        slicer.add("digit", digits, spoilt);

        Slices slices = slicer.slices();

        assertThat(slices.testedCount()).isEqualTo(30);
        assertThat(slices.worst()).hasSize(1);
        assertThat(slices.worst().get(0).column()).isEqualTo("digit");
        assertThat(slices.worst().get(0).value()).isEqualTo("3");
        assertThat(slices.worst().get(0).sentence()).contains("Where digit is 3 (600 rows), roc_auc is 0.");
    }

    @Test
    void binsHaveEqualCountsAndKeepEqualValuesTogether() {
        float[] values = new float[1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i < 300 ? 0 : i % 50 == 0 ? Float.NaN : i;
        }
        InputField field = new InputField("x", InputKind.NUMBER, 1);
        Rows rows = new Rows(1000, values, new String[0]);

        Binning binning = Binning.of(field, rows, 5, 20);

        assertThat(binning.labels()).startsWith("0").endsWith(Binning.MISSING);
        int[] bins = binning.bins(rows);
        assertThat(Arrays.stream(bins).limit(300).distinct().toArray()).containsExactly(0);
        assertThat(Arrays.stream(bins).filter(bin -> bin == binning.count() - 1).count())
                .isEqualTo(14);
        assertThat(Binning.shown(0.123456)).isEqualTo("0.1235");
        assertThat(Binning.shown(12)).isEqualTo("12");
    }

    @Test
    void ranksShareTheirMeanWhereValuesAreEqual() {
        assertThat(ImportanceSummary.ranks(new double[] {3, 1, 2, 2})).containsExactly(4, 1, 2.5, 2.5);
    }

    @Test
    void jsonIsReadBackAndSmall() {
        double[] p = probabilities(500);
        Judgement judgement = judged(drawn(p), p);
        Judged judged = new Judged(
                Judged.FORMAT_VERSION,
                "a",
                "binary",
                "roc_auc",
                List.of(),
                "k_fold",
                500,
                500,
                judgement.rows().positiveCount(),
                new Judged.IntervalMethod(0.95, 1000, "row"),
                List.of(new Judged.MeasuredMetric("roc_auc", 0.123456789, Double.NaN, null, null, null)),
                List.of(),
                null,
                judgement.calibrationCheck("none"),
                List.of(),
                judgement.rows().thresholds(null),
                null,
                null,
                List.of(),
                List.of(),
                null,
                List.of(),
                null,
                List.of("read me"),
                List.of("It is the best."),
                null);

        byte[] json = JudgementJson.write(judged);
        Judged read = JudgementJson.read(json);

        assertThat(new String(json, StandardCharsets.UTF_8))
                .contains("\"judged_row_count\":500")
                .contains("{\"metric\":\"roc_auc\",\"value\":0.123457}")
                .doesNotContain("null")
                .doesNotContain("NaN");
        assertThat(read.warnings()).containsExactly("read me");
        assertThat(read.choice()).containsExactly("It is the best.");
        assertThat(read.thresholds()).hasSize(19);
        assertThat(read.calibration().bins()).hasSize(10);
        assertThat(JudgementJson.write(read)).isEqualTo(json);
    }
}
