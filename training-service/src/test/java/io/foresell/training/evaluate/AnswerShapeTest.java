package io.foresell.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.training.evaluate.ClassShape.ClassRow;
import io.foresell.training.evaluate.ClassShape.Pair;
import io.foresell.training.evaluate.ClusterProfile.Trait;
import io.foresell.training.evaluate.TwoClassShape.Point;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Shapes keep the figures they draw, however many rows they stand for. */
final class AnswerShapeTest {
    private static final int ROWS = 5000;

    private final double[] labels = new double[ROWS];
    private final double[] answers = new double[ROWS];

    private TwoClassShape twoClasses() {
        Random random = new Random(11);
        for (int row = 0; row < ROWS; row++) {
            answers[row] = random.nextInt(200) / 200.0; // with ties
            labels[row] = random.nextDouble() < answers[row] * answers[row] ? 1 : 0;
        }
        return (TwoClassShape)
                AnswerShape.of(Task.BINARY, List.of(), labels, answers).orElseThrow();
    }

    @Test
    void theAreaUnderTheThinnedCurveIsTheMetric() {
        List<Point> roc = twoClasses().roc();

        double area = 0;
        for (int i = 1; i < roc.size(); i++) {
            assertThat(roc.get(i).x()).isGreaterThanOrEqualTo(roc.get(i - 1).x());
            area += (roc.get(i).x() - roc.get(i - 1).x())
                    * (roc.get(i).y() + roc.get(i - 1).y())
                    / 2;
        }
        assertThat(area).isCloseTo(Metrics.of(labels, answers).rocAuc(), within(2e-4));
        assertThat(roc).hasSizeLessThan(340).startsWith(new Point(0, 0)).endsWith(new Point(1, 1));
    }

    @Test
    void precisionEndsAtTheBaseRate() {
        List<Point> curve = twoClasses().precisionRecall();

        assertThat(curve.get(curve.size() - 1))
                .isEqualTo(new Point(1, Metrics.of(labels, answers).baseRate()));
    }

    @Test
    void binsCountWhatLiesAboveEachThreshold() {
        TwoClassShape shape = twoClasses();

        for (int bin = 0; bin < TwoClassShape.BINS; bin++) {
            double from = shape.scores().get(bin).from();
            long above = IntStream.range(0, ROWS)
                    .filter(row -> labels[row] == 1 && answers[row] >= from)
                    .count();
            assertThat(shape.scores().stream()
                            .skip(bin)
                            .mapToLong(TwoClassShape.ScoreBin::positiveCount)
                            .sum())
                    .as("from %s", from)
                    .isEqualTo(above);
        }
    }

    @Test
    void oneClassHasNoCurves() {
        TwoClassShape shape = TwoClassShape.of(new double[] {1, 1}, new double[] {0.2, 1});

        assertThat(shape.roc()).isEmpty();
        assertThat(shape.precisionRecall()).isEmpty();
        assertThat(shape.scores().get(19).positiveCount()).isEqualTo(1);
    }

    @Test
    void classesAreCountedByTruthAndAnswer() {
        ClassShape shape = ClassShape.of(List.of("a", "b", "c"), new double[] {0, 0, 1, 1, 1}, new double[] {
            .6, .3, .1, .2, .7, .1, .1, .8, .1, .2, .5, .3, .3, .3, .4
        });

        assertThat(shape.classes())
                .containsExactly(new ClassRow("a", 2, 1, 1), new ClassRow("b", 3, 3, 2), new ClassRow("c", 0, 1, 0));
        assertThat(shape.pairs())
                .containsExactly(new Pair(1, 1, 2), new Pair(0, 0, 1), new Pair(0, 1, 1), new Pair(1, 2, 1));
        assertThat(shape.classes().get(1).precision()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(shape.classes().get(1).recall()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(shape.classes().get(2).recall()).isNaN();
        assertThat(shape.classes().get(2).f1()).isZero();
    }

    @Test
    void errorsOfValuesAreCountedOnceEach() {
        double[] actual = new double[1003];
        double[] answered = new double[1003];
        Random random = new Random(2);
        for (int row = 0; row < actual.length; row++) {
            actual[row] = row;
            answered[row] = row + 2 + random.nextGaussian();
        }
        ValueShape shape = ValueShape.of(actual, answered);

        assertThat(shape.sample()).hasSize(ValueShape.MAX_SAMPLE);
        assertThat(shape.errors().stream().mapToLong(ValueShape.ErrorBin::count).sum())
                .isEqualTo(1003);
        assertThat(shape.tenths().stream().mapToLong(ValueShape.Tenth::count).sum())
                .isEqualTo(1003);
        assertThat(shape.tenths()).allSatisfy(tenth -> {
            assertThat(tenth.medianError()).isCloseTo(2, within(0.5));
            assertThat(tenth.highError() - tenth.lowError()).isCloseTo(2 * 1.2816, within(0.7));
        });
    }

    @Test
    void clustersAreProfiledByMeansAndShares() {
        Signature signature = Signature.of(List.of(InputField.number("age"), InputField.text("plan")));
        Rows rows =
                new Rows(4, new float[] {20, 30, 60, Float.NaN}, new String[] {"basic", "basic", "premium", "basic"});
        ClusterProfiler profiler = new ClusterProfiler(signature, List.of("young", "old", "nobody"));
        for (int row = 0; row < 4; row++) {
            profiler.add(rows, row, row < 2 ? 0 : 1);
        }

        ClusterProfile profile = profiler.profile();

        assertThat(profile.sizes()).containsExactly(2L, 2L, 0L);
        Trait age = profile.traits().stream()
                .filter(trait -> trait.input().equals("age"))
                .findFirst()
                .orElseThrow();
        assertThat(age.byCluster().subList(0, 2)).containsExactly(25.0, 60.0);
        assertThat(age.overall()).isCloseTo(110 / 3.0, within(1e-9));
        assertThat(age.shift(1)).isCloseTo((60 - 110 / 3.0) / Math.sqrt(2600 / 9.0), within(1e-6));
        assertThat(age.shift(2)).isZero();
        assertThat(profile.traits())
                .filteredOn(trait -> trait.text().equals("basic"))
                .singleElement()
                .satisfies(trait -> assertThat(trait.byCluster().subList(0, 2)).containsExactly(1.0, 0.5));
    }
}
