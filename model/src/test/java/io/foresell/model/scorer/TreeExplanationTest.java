package io.foresell.model.scorer;

import static io.foresell.model.scorer.NodeGraph.integer;
import static io.foresell.model.scorer.NodeGraph.integers;
import static io.foresell.model.scorer.NodeGraph.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.Allocation;
import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.model.tree.PlainTree;
import io.foresell.model.tree.SplitRule;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Answers of trees are explained as the background says, label by label. */
class TreeExplanationTest {
    private static final int WIDTH = 5;
    private static final int CLASSES = 3;
    private static final Signature SIGNATURE = Signature.of(
            IntStream.range(0, WIDTH).mapToObj(i -> InputField.number("x" + i)).toList());
    private static final Answer ANSWER = new Answer(Task.MULTICLASS, "y", 0, List.of("a", "b", "c"));

    private final Random random = new Random(4);
    private final List<PlainTree> trees =
            PlainTree.trees(new PlainTree.Draw(WIDTH, CLASSES, 5, List.of(SplitRule.values()), false), 12, random);
    private final Rows rows = new Rows(30, PlainTree.rows(30, WIDTH, random), new String[0]);
    private final Rows samples = new Rows(20, PlainTree.rows(20, WIDTH, random), new String[0]);

    private byte[] onnx(boolean hasCovers) {
        TreeLists lists = new TreeLists("class", trees);
        if (!hasCovers) {
            lists.covers.replaceAll(cover -> 1f);
        }
        return new NodeGraph(SIGNATURE)
                .node("Concat", "x0 x1 x2 x3 x4", "x", integer("axis", 1))
                .ml(
                        "TreeEnsembleClassifier",
                        "x",
                        "label y",
                        lists.attributes(integers("classlabels_int64s", 0, 1, 2), text("post_transform", "SOFTMAX")))
                .output("y");
    }

    private Scorer scorer(boolean hasCovers, SampleRows sampleRows, ExplanationKind kind) {
        Background background = Background.of(SIGNATURE, rows).with(sampleRows, kind);
        return ScorerCompiler.compile(onnx(hasCovers), SIGNATURE, ANSWER, background);
    }

    private float[] row(Rows from, int row) {
        return Arrays.copyOfRange(from.numbers(), row * WIDTH, (row + 1) * WIDTH);
    }

    private void assertAddsUp(Scorer scorer) {
        double[] terms = new double[WIDTH];
        for (int row = 0; row < rows.rowCount(); row++) {
            for (int target = 0; target < CLASSES; target++) {
                scorer.contributions(rows, row, target, terms);
                assertThat(scorer.base(target) + Arrays.stream(terms).sum())
                        .as("row %d class %d", row, target)
                        .isCloseTo(PlainTree.sum(trees, row(rows, row), target), within(1e-6));
            }
        }
    }

    @Test
    void contributionsAddUpToTheScoreOfEachClass() {
        assertAddsUp(scorer(true, SampleRows.NONE, ExplanationKind.AUTOMATIC));
        assertAddsUp(scorer(true, SampleRows.of(samples), ExplanationKind.PATH_DEPENDENT));
        assertAddsUp(scorer(true, SampleRows.of(samples), ExplanationKind.INTERVENTIONAL));
    }

    @Test
    void comparesWithTheSampleRowsWhenAsked() {
        Scorer byPath = scorer(true, SampleRows.of(samples), ExplanationKind.AUTOMATIC);
        Scorer bySamples = scorer(true, SampleRows.of(samples), ExplanationKind.INTERVENTIONAL);
        for (int target = 0; target < CLASSES; target++) {
            int label = target;
            double mean = IntStream.range(0, samples.rowCount())
                    .mapToDouble(row -> PlainTree.sum(trees, row(samples, row), label))
                    .average()
                    .orElseThrow();
            assertThat(bySamples.base(target)).isCloseTo(mean, within(1e-6));
            assertThat(byPath.base(target)).isNotCloseTo(mean, within(1e-6));
        }
    }

    @Test
    void treesWithoutCoversNeedSampleRows() {
        assertAddsUp(scorer(false, SampleRows.of(samples), ExplanationKind.AUTOMATIC));
        Scorer alone = scorer(false, SampleRows.NONE, ExplanationKind.AUTOMATIC);
        assertThat(alone.base(0)).isNaN();
        alone.contributions(rows, 0, 0, new double[WIDTH]);
    }

    @Test
    void occludesWhenAsked() {
        assertThat(scorer(true, SampleRows.of(samples), ExplanationKind.OCCLUSION)
                        .base(0))
                .isNaN();
    }

    @Test
    void allocatesNothingPerRow() {
        double[] terms = new double[WIDTH];
        float[] answers = new float[rows.rowCount() * CLASSES];
        for (ExplanationKind kind : List.of(ExplanationKind.AUTOMATIC, ExplanationKind.INTERVENTIONAL)) {
            Scorer scorer = scorer(true, SampleRows.of(samples), kind);
            assertThat(Allocation.of(() -> scorer.score(rows, answers))).isLessThan(Allocation.NOTHING);
            assertThat(Allocation.of(() -> scorer.contributions(rows, 3, 1, terms)))
                    .isLessThan(Allocation.NOTHING);
        }
    }
}
