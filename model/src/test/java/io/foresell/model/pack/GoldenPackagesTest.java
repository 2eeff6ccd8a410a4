package io.foresell.model.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Packages written by earlier builds, kept as they were: every later build reads them and answers as that build did.
 * The first four come from training runs, all others hold random parameters, and names of graph values as input names; the
 * golden rows of format 2 are ONNX Runtime's answers. Never write these files anew; a new format version gets a folder of its own.
 */
class GoldenPackagesTest {
    // Linear and tree sums are kept in doubles, the probability is a float: half a step of a float near 1 is 3e-8.
    private static final double EXACT = 1e-7;
    // Networks and kernels add up to some hundred float products, in an order that layouts and vector width decide.
    private static final double SUMMED = 1e-6;

    /** Names with the tolerances of answers and of contributions, relative beyond 1. */
    static Stream<Arguments> packages() {
        return Stream.of(
                arguments("v1/logistic", EXACT, 1e-6),
                arguments("v1/boosted-trees", EXACT, 1e-6),
                arguments("v1/conv1d", SUMMED, 1e-5),
                arguments("v1/lstm", SUMMED, 1e-5),
                arguments("v1/drawn-logistic", EXACT, 1e-6),
                arguments("v1/drawn-trees", EXACT, 1e-6),
                arguments("v2/boosted", EXACT, 1e-6),
                arguments("v2/boosted-classes", EXACT, 1e-6),
                arguments("v2/forest-of-values", EXACT, 1e-6),
                arguments("v2/full-normals", SUMMED, 1e-5),
                arguments("v2/item-to-item", SUMMED, 1e-5),
                arguments("v2/k-means", SUMMED, 1e-5),
                arguments("v2/linear-regression", SUMMED, 1e-6),
                arguments("v2/multinomial", SUMMED, 1e-6),
                arguments("v2/network-over-images", SUMMED, 1e-5),
                arguments("v2/network-over-sequences", SUMMED, 1e-5),
                arguments("v2/stacked", SUMMED, 1e-5),
                arguments("v2/support-vectors", SUMMED, 1e-5));
    }

    @ParameterizedTest
    @MethodSource("packages")
    void answersAsTheBuildThatWroteIt(String name, double tolerance, double ignored) {
        ExpectedAnswers expected = ExpectedAnswers.read("/packages/" + name + ".jsonl");
        LoadedPackage loaded = load(name, expected.digest());
        Signature signature = loaded.modelPackage().signature();
        int width = loaded.modelPackage().answer().width();
        float[] together = new float[expected.rowCount() * width];

        loaded.scorer().score(expected.rows(signature, 0, expected.rowCount()), together);

        for (int row = 0; row < expected.rowCount(); row++) {
            float[] alone = new float[width];
            loaded.scorer().score(expected.rows(signature, row, row + 1), alone);
            for (int i = 0; i < width; i++) {
                double answer = expected.answers(row)[i];
                double bound = tolerance * Math.max(1, Math.abs(answer));
                String place = "%s row %d answer %d".formatted(name, row + 1, i + 1);
                assertThat((double) alone[i]).as(place).isCloseTo(answer, within(bound));
                assertThat((double) together[row * width + i]).as(place).isCloseTo(answer, within(bound));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("packages")
    void explainsAsTheBuildThatWroteIt(String name, double ignored, double tolerance) {
        ExpectedAnswers expected = ExpectedAnswers.read("/packages/" + name + ".jsonl");
        if (!expected.hasContributions()) {
            return; // A later build may explain better what was explained by occlusion.
        }
        LoadedPackage loaded = load(name, expected.digest());
        Signature signature = loaded.modelPackage().signature();
        Rows rows = expected.rows(signature, 0, expected.rowCount());
        for (int target = 0; target < loaded.modelPackage().answer().width(); target++) {
            assertThat(loaded.scorer().base(target)).isCloseTo(expected.base(target), within(tolerance));
            for (int row = 0; row < expected.rowCount(); row++) {
                double[] actual = new double[signature.inputs().size()];
                loaded.scorer().contributions(rows, row, target, actual);
                double[] contributions = expected.contributions(row, target);
                // A contribution of 26,612 to the log-odds of a float network is known to its 7 digits only, and so are
                // the others of that row.
                double scale = Arrays.stream(contributions)
                        .map(Math::abs)
                        .filter(Double::isFinite)
                        .reduce(1, Math::max);
                assertThat(actual)
                        .as("%s row %d target %d", name, row + 1, target)
                        .containsExactly(contributions, within(tolerance * scale));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("packages")
    void readsEveryFact(String name, double ignored, double ignoredToo) {
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
        assertThat(name).startsWith("v" + read.manifest().getFormatVersion() + "/");
    }

    /** A package nobody asks about is not kept readable. */
    @Test
    void knowsEveryPackageThatIsKept() throws IOException {
        List<String> asked =
                packages().map(arguments -> (String) arguments.get()[0]).toList();
        for (String version : List.of("v1", "v2")) {
            try (Stream<Path> files = Files.list(Path.of("src/test/resources/packages", version))) {
                List<String> kept = files.map(file -> version + "/" + file.getFileName())
                        .filter(file -> file.endsWith(".zip"))
                        .map(file -> file.substring(0, file.length() - ".zip".length()))
                        .toList();
                assertThat(asked).containsAll(kept);
            }
        }
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
