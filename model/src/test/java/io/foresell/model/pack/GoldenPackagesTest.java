package io.foresell.model.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.scorer.Scorer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Packages written by earlier builds, kept as they were: every later build reads them and answers as that build did.
 * The first four come from training runs, the drawn ones hold random parameters, and
 * names of graph values as input names. Never write these files anew; a new format version gets a folder of its own.
 */
class GoldenPackagesTest {
    // Linear and tree sums are kept in doubles, the probability is a float: half a step of a float near 1 is 3e-8.
    private static final double EXACT = 1e-7;
    // Networks add up to some hundred float products, in an order that layouts and vector width decide.
    private static final double SUMMED = 1e-6;

    @ParameterizedTest
    @CsvSource({
        "v1/logistic," + EXACT,
        "v1/boosted-trees," + EXACT,
        "v1/conv1d," + SUMMED,
        "v1/lstm," + SUMMED,
        "v1/drawn-logistic," + EXACT,
        "v1/drawn-trees," + EXACT
    })
    void answersAsTheBuildThatWroteIt(String name, double tolerance) {
        ExpectedAnswers expected = ExpectedAnswers.read("/packages/" + name + ".jsonl");
        LoadedPackage loaded = load(name, expected.digest());
        Signature signature = loaded.modelPackage().signature();
        float[] together = new float[expected.rowCount()];

        loaded.scorer().score(expected.rows(signature, 0, expected.rowCount()), together);

        for (int row = 0; row < expected.rowCount(); row++) {
            float[] alone = new float[1];
            loaded.scorer().score(expected.rows(signature, row, row + 1), alone);
            String place = "%s row %d".formatted(name, row + 1);
            assertThat((double) alone[0]).as(place).isCloseTo(expected.probability(row), within(tolerance));
            assertThat((double) together[row]).as(place).isCloseTo(expected.probability(row), within(tolerance));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "v1/logistic,1e-6",
        "v1/boosted-trees,1e-6",
        "v1/conv1d,1e-5",
        "v1/lstm,1e-5",
        "v1/drawn-logistic,1e-6",
        "v1/drawn-trees,1e-6"
    })
    void explainsAsTheBuildThatWroteIt(String name, double tolerance) {
        ExpectedAnswers expected = ExpectedAnswers.read("/packages/" + name + ".jsonl");
        LoadedPackage loaded = load(name, expected.digest());
        Scorer scorer = loaded.scorer();
        Signature signature = loaded.modelPackage().signature();
        Rows rows = expected.rows(signature, 0, expected.rowCount());

        assertThat(scorer.base(0)).isCloseTo(expected.base(), within(tolerance));
        for (int row = 0; row < expected.rowCount(); row++) {
            double[] actual = new double[signature.inputs().size()];
            scorer.contributions(rows, row, 0, actual);
            double[] contributions = expected.contributions(row);
            // A contribution of 26,612 to the log-odds of a float network is known to its 7 digits only, and so are
            // the others of that row.
            double scale = Arrays.stream(contributions)
                    .map(Math::abs)
                    .filter(Double::isFinite)
                    .reduce(1, Math::max);
            assertThat(actual).as("%s row %d", name, row + 1).containsExactly(contributions, within(tolerance * scale));
        }
    }

    @ParameterizedTest
    @CsvSource({"v1/logistic", "v1/boosted-trees", "v1/conv1d", "v1/lstm", "v1/drawn-logistic", "v1/drawn-trees"})
    void readsEveryFact(String name) {
        byte[] bytes = ExpectedAnswers.bytes("/packages/" + name + ".zip");
        Map<String, byte[]> entries = Entries.read(bytes);
        ModelPackage read = ModelPackage.read(bytes);

        GoldenJson golden =
                new GoldenJson(read.signature(), read.answer(), read.manifest().getFormatVersion());
        assertThat(text(ManifestJson.write(read.manifest()))).isEqualTo(text(entries, Entries.MANIFEST));
        assertThat(text(ReasonsJson.write(read.background(), read.signature())))
                .isEqualTo(text(entries, Entries.REASONS));
        assertThat(text(golden.write(read.goldenRows()))).isEqualTo(text(entries, Entries.GOLDEN));
        assertThat(read.onnx()).isEqualTo(entries.get(Entries.ONNX));
        assertThat(read.packageBytes()).isEqualTo(bytes.length);
    }

    private static LoadedPackage load(String name, String digest) {
        LoadedPackage loaded =
                LoadedPackage.load(ExpectedAnswers.bytes("/packages/" + name + ".zip"), digest, LoadedPackage.COMPILED);
        assertThat(loaded.scorer().engine()).isEqualTo("compiled");
        return loaded;
    }

    private static String text(Map<String, byte[]> entries, String name) {
        byte[] content = entries.get(name);
        assertThat(content).isNotNull();
        return text(content);
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
