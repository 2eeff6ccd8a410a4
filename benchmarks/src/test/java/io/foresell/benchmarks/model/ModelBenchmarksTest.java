package io.foresell.benchmarks.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.model.pack.LoadedPackage;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every benchmark can be set up, and what it is about to time gives equal answers; nothing is timed here. */
final class ModelBenchmarksTest {
    @TempDir
    static Path models;

    @BeforeAll
    static void shareSmallModels() {
        System.setProperty(TestedModel.DIRECTORY_PROPERTY, models.toString());
        System.setProperty(Scale.SMALL_PROPERTY, "true");
    }

    @AfterAll
    static void stopSharing() {
        System.clearProperty(TestedModel.DIRECTORY_PROPERTY);
        System.clearProperty(Scale.SMALL_PROPERTY);
    }

    @ParameterizedTest
    @EnumSource
    void enginesAgree(ModelFamily family) {
        TestedModel tested = TestedModel.of(family);
        assertThat(spread(tested.expected())).isGreaterThan(0.05);
        for (EngineKind kind : EngineKind.values()) {
            if (kind == EngineKind.DL4J && tested.network().length == 0) {
                continue;
            }
            for (int batchRows : new int[] {1, 64}) {
                ScorerBenchmark benchmark = new ScorerBenchmark();
                benchmark.model = family;
                benchmark.engine = kind;
                benchmark.batchRows = batchRows;
                benchmark.open();
                assertThat(benchmark.score()).hasSize(batchRows);
                benchmark.close();
            }
        }
    }

    @Test
    void refusesToTimeAWrongAnswer() {
        TestedModel tested = TestedModel.of(ModelFamily.LOGISTIC);
        Engine wrong = batch -> {
            float[] answers = tested.expected().clone();
            answers[7] += 1e-3f;
            return answers;
        };
        assertThatThrownBy(() -> Parity.require(tested, wrong, tested.expected().length))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("row 7");
    }

    @ParameterizedTest
    @EnumSource(names = {"BOOSTED", "LOGISTIC"})
    void contributionsAddUp(ModelFamily family) {
        ExplanationBenchmark benchmark = new ExplanationBenchmark();
        benchmark.model = family;
        benchmark.open();
        assertThat(Arrays.stream(benchmark.explain())).anyMatch(contribution -> Math.abs(contribution) > 0.01);
    }

    @Test
    void packagesHaveTheSizesTheyAreCalledBy() throws IOException {
        LoadBenchmark.prepare(models);
        LoadBenchmark benchmark = new LoadBenchmark();
        benchmark.read();
        assertThat(benchmark.again().modelPackage().packageBytes()).isBetween(900_000L, 1_200_000L);
        for (int i = 0; i < 3; i++) {
            byte[] small = Packages.small(i);
            assertThat(small.length).isBetween(1_000, 100_000);
            assertThat(LoadedPackage.load(small, "", LoadedPackage.COMPILED)
                            .scorer()
                            .engine())
                    .isEqualTo("compiled");
        }
    }

    @Test
    void everySubjectNamesABenchmarkAndARival() {
        for (Subject subject : Subjects.all()) {
            String method = subject.benchmark().substring(subject.benchmark().lastIndexOf('.') + 1);
            String type = subject.benchmark().substring(0, subject.benchmark().lastIndexOf('.'));
            assertThat(Arrays.stream(typeOf(type).getMethods()).map(Method::getName))
                    .contains(method);
            for (Subject.Target target : subject.targets()) {
                if (target instanceof Subject.Faster faster) {
                    assertThat(Subjects.all())
                            .anyMatch(other -> other.group().equals(subject.group())
                                    && other.name().equals(faster.rival()));
                }
            }
        }
    }

    private static Class<?> typeOf(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static double spread(float[] answers) {
        float[] sorted = answers.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length - 1] - sorted[0];
    }
}
