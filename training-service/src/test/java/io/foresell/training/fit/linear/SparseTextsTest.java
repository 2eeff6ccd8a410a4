package io.foresell.training.fit.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.Rows;
import io.foresell.training.dataset.PlannedRows;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.Coefficient;
import io.foresell.training.fit.FitListener;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.Parity;
import io.foresell.training.prepare.ColumnRule;
import io.foresell.training.prepare.Preparation;
import io.foresell.training.prepare.RowRules;
import io.foresell.training.prepare.TextPlan;
import io.foresell.training.prepare.TextRule;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Multinomial regressions on many columns that are mostly zero. */
final class SparseTextsTest {
    private static final int ROWS = 120;

    /** Texts by a formula that the oracle repeats. */
    private static String text(int i) {
        StringBuilder text = new StringBuilder();
        for (int j = 0; j < 4 + i % 5; j++) {
            text.append(j > 0 ? " w" : "w").append((i * 7 + j * j * 3 + i % 3 * j) % 40);
        }
        return text.toString();
    }

    private static FitRequest request(BooleanSupplier isCancelled) {
        TrainingFold fold = TrainingFold.all(PlannedRows.of(ROWS)
                .text("t", PlannedRows.texts(ROWS, SparseTextsTest::text))
                .labelled(PlannedRows.texts(
                        ROWS, i -> "abc".substring((i * i / 7 + i % 3) % 3).substring(0, 1))));
        TextRule words = new TextRule.Words(1, 2, new TextRule.TermChoice(50_000, 1, true, true, true));
        Preparation plan = new Preparation(
                RowRules.NONE,
                List.of(new ColumnRule(List.of("t"), new TextPlan(words, false, false))),
                List.of(),
                List.of());
        return new FitRequest(fold, plan, ClassWeights.EQUAL, 7, FitListener.NONE, isCancelled);
    }

    private static FittedLinear fit(int threadCount) {
        return (FittedLinear) new LogisticRegression(10).fitter(threadCount).fit(request(() -> false));
    }

    /** Scikit-learn 1.9.1: TfidfVectorizer(sublinear_tf, ngram_range (1, 2)), LogisticRegression(C=10, tol=1e-12). */
    @Test
    void agreesWithScikitLearn() throws Exception {
        FittedLinear model = fit(1);
        assertThat(model.preprocessing().encodedWidth()).isEqualTo(640);
        assertThat(model.table().figures().get("log_loss") - 0.20363667).isCloseTo(0, within(1e-6));
        assertEstimates(model, "t has W0", -0.2529239, 0.08964861, 0.16327529);
        assertEstimates(model, "t has W0 w3", 1.1179371, -0.57841039, -0.53952671);
        assertEstimates(model, "t has W25 w6", -0.11757302, -0.34382953, 0.46140255);
        assertEstimates(model, Coefficient.INTERCEPT, -0.62493838, 0.17335743, 0.45158095);
        TrainingFold fold = request(() -> false).fold();
        Parity.check(model, fold, fold.rows(model.signature()));
    }

    private static void assertEstimates(FittedLinear model, String name, double... expected) {
        double[] found = model.table().coefficients().stream()
                .filter(row -> row.name().equals(name))
                .mapToDouble(Coefficient::estimate)
                .toArray();
        assertThat(found).as(name).containsExactly(expected, within(2e-4));
    }

    @Test
    void anyNumberOfThreadsGivesTheSameBytes() {
        FittedLinear one = fit(1);
        FittedLinear three = fit(3);
        assertThat(three.onnx()).isEqualTo(one.onnx());
        assertThat(three.source().get("coefficients.json"))
                .isEqualTo(one.source().get("coefficients.json"));
    }

    @Test
    void blocksOfRowsAndForgottenProbabilitiesChangeNothing() {
        DesignMatrix rows = matrix();
        float[] labels = request(() -> false).fold().labels();
        float[] weights = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            weights[row] = 0.5f + row % 3;
        }
        Random random = new Random(1);
        double[] point = random.doubles(rows.width * 3L, -1, 1).toArray();
        double[] direction = random.doubles(rows.width * 3L, -1, 1).toArray();
        double[][] found = new double[2][];
        try (ChunkedLoops loops = new ChunkedLoops(2, () -> false)) {
            for (int i = 0; i < 2; i++) {
                ClassLikelihood likelihood = i == 0
                        ? new ClassLikelihood(rows, labels, weights, 3, 1e-3, loops)
                        : new ClassLikelihood(rows, labels, weights, 3, 1e-3, loops, 21, 0);
                double[] all = new double[3 * point.length + 1];
                double[] part = new double[point.length];
                all[3 * point.length] = likelihood.value(point, part);
                System.arraycopy(part, 0, all, 0, part.length);
                likelihood.curvatures(part);
                System.arraycopy(part, 0, all, part.length, part.length);
                likelihood.curvatureTimes(direction, part);
                System.arraycopy(part, 0, all, 2 * part.length, part.length);
                found[i] = all;
            }
        }
        assertThat(found[1]).containsExactly(found[0], within(1e-7));
    }

    @Test
    void derivativesAreThoseOfTheValue() {
        DesignMatrix rows = matrix();
        float[] labels = request(() -> false).fold().labels();
        float[] weights = new float[ROWS];
        Arrays.fill(weights, 1);
        Random random = new Random(2);
        double[] point = random.doubles(rows.width * 3L, -1, 1).toArray();
        double[] direction = random.doubles(rows.width * 3L, -1, 1).toArray();
        double step = 1e-5;
        double[] ahead = new double[point.length];
        double[] behind = new double[point.length];
        Arrays.setAll(ahead, i -> point[i] + step * direction[i]);
        Arrays.setAll(behind, i -> point[i] - step * direction[i]);
        try (ChunkedLoops loops = new ChunkedLoops(1, () -> false)) {
            ClassLikelihood likelihood = new ClassLikelihood(rows, labels, weights, 3, 1e-3, loops);
            double[] gradientAhead = new double[point.length];
            double[] gradientBehind = new double[point.length];
            double valueAhead = likelihood.value(ahead, gradientAhead);
            double valueBehind = likelihood.value(behind, gradientBehind);
            double[] gradient = new double[point.length];
            likelihood.value(point, gradient);
            double slope = 0;
            for (int i = 0; i < point.length; i++) {
                slope += gradient[i] * direction[i];
            }
            assertThat((valueAhead - valueBehind) / (2 * step)).isCloseTo(slope, within(1e-7));
            double[] product = new double[point.length];
            likelihood.curvatureTimes(direction, product);
            for (int i = 0; i < point.length; i++) {
                assertThat((gradientAhead[i] - gradientBehind[i]) / (2 * step)).isCloseTo(product[i], within(1e-6));
            }
            double[] curvatures = new double[point.length];
            likelihood.curvatures(curvatures);
            double[] unit = new double[point.length];
            for (int i = 0; i < point.length; i += 97) {
                Arrays.fill(unit, 0);
                unit[i] = 1;
                likelihood.curvatureTimes(unit, product);
                assertThat(curvatures[i]).isCloseTo(product[i], within(1e-8));
            }
        }
    }

    private static DesignMatrix matrix() {
        FitRequest request = request(() -> false);
        Rows rows = request.encodings().rows();
        return new DesignMatrix(request.encodings().standardizedFlat(), rows);
    }

    @Test
    void stopsInTheMiddleWhenCancelled() {
        for (int threads = 1; threads <= 2; threads++) {
            AtomicInteger asked = new AtomicInteger();
            int count = threads;
            assertThatThrownBy(() ->
                            new LogisticRegression(10).fitter(count).fit(request(() -> asked.incrementAndGet() > 300)))
                    .isInstanceOf(CancellationException.class);
            assertThat(asked).hasValue(301);
        }
    }
}
