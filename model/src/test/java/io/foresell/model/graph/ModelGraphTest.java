package io.foresell.model.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ai.onnxruntime.OrtException;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** ONNX Runtime answers random models of each family as their definition in doubles does. */
class ModelGraphTest {

    @Test
    void linearRegression() throws OrtException {
        check(20, false, LinearFamilies::linearRegression);
    }

    @Test
    void logisticRegression() throws OrtException {
        check(20, false, LinearFamilies::logistic);
    }

    @Test
    void multinomialRegression() throws OrtException {
        check(20, false, LinearFamilies::multinomial);
    }

    @Test
    void linearClassifiersEachAgainstTheRest() throws OrtException {
        check(20, false, LinearFamilies::oneVersusRest);
    }

    @Test
    void boostedTreesOfOneOutput() throws OrtException {
        check(20, true, TreeFamilies::boosted);
    }

    @Test
    void boostedTreesOfSeveralClasses() throws OrtException {
        check(20, true, TreeFamilies::boostedClasses);
    }

    @Test
    void forestsOfValues() throws OrtException {
        check(20, true, TreeFamilies::forestOfValues);
    }

    @Test
    void forestsOfProbabilities() throws OrtException {
        check(20, true, TreeFamilies::forestOfProbabilities);
    }

    @Test
    void supportVectorMachines() throws OrtException {
        check(20, false, DistanceFamilies::supportVectors);
    }

    @Test
    void kMeans() throws OrtException {
        check(20, false, DistanceFamilies::kMeans);
    }

    @Test
    void examplesOfClusters() throws OrtException {
        check(20, false, DistanceFamilies::examples);
    }

    @Test
    void independentNormalDistributions() throws OrtException {
        check(20, false, NormalFamilies::independentNormals);
    }

    @Test
    void naiveBayes() throws OrtException {
        check(20, false, NormalFamilies::naiveBayes);
    }

    @Test
    void nearestNeighbors() throws OrtException {
        check(20, false, DistanceFamilies::neighbors);
    }

    @Test
    void normalDistributionsWithCovariances() throws OrtException {
        check(20, false, NormalFamilies::fullNormals);
    }

    @Test
    void meansOfSeveralModels() throws OrtException {
        check(20, false, EnsembleFamilies::averaged);
    }

    @Test
    void modelsStackedOnModels() throws OrtException {
        check(20, false, EnsembleFamilies::stacked);
    }

    private interface Draw {
        Case draw(RandomDraw draw, Preprocessing preprocessing);
    }

    private static void check(int seeds, boolean keepsMissing, Draw family) throws OrtException {
        int varied = 0;
        for (int seed = 0; seed < seeds; seed++) {
            int rowCount = seed == 0 ? 1000 : 200;
            Preprocessing preprocessing = new RandomEncodings(seed, keepsMissing).draw();
            Case drawn = family.draw(new RandomDraw(seed), preprocessing);
            Signature signature = preprocessing.signature();
            Rows rows = new RandomModels(seed).rowsWithInfinities(signature, rowCount, 30);
            try (GraphRun graph = new GraphRun(drawn.onnx(), signature)) {
                float[] actual = graph.only(rows);
                float[] encoded = preprocessing.encode(rows);
                for (int row = 0; row < rowCount; row++) {
                    check(seed, row, drawn, columns(encoded, row, preprocessing), actual, row);
                }
                float[] alone = graph.only(RandomModels.single(rows, 1, signature));
                check(seed, 1, drawn, columns(encoded, 1, preprocessing), alone, 0);
                varied += distinct(actual) > 1 ? 1 : 0;
                CompiledAnswers.check("seed " + seed, drawn.onnx(), signature, rows, actual);
            }
        }
        assertThat(varied).isGreaterThan(seeds * 3 / 4);
    }

    private static double[] columns(float[] encoded, int row, Preprocessing preprocessing) {
        double[] columns = new double[preprocessing.encodedWidth()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = encoded[row * columns.length + i];
        }
        return columns;
    }

    private static void check(int seed, int row, Case drawn, double[] columns, float[] answers, int at) {
        double[] expected = drawn.oracle().answer(columns);
        for (int i = 0; i < expected.length; i++) {
            double actual = answers[at * expected.length + i];
            // Infinity minus infinity is nobody's answer; engines differ in what they make of it.
            boolean isSame = Double.isFinite(expected[i])
                    ? Math.abs(actual - expected[i]) <= 1e-5 * Math.max(1, Math.abs(expected[i]))
                    : Arrays.stream(columns).anyMatch(Double::isInfinite);
            if (!isSame) {
                fail("seed %d row %d output %d: %s (expected: %s)".formatted(seed, row, i, actual, expected[i]));
            }
        }
    }

    private static long distinct(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return Arrays.stream(doubles).distinct().count();
    }
}
