package io.foresell.inference.load;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.EnsembleModel;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.LinearModel;
import io.foresell.model.graph.Member;
import io.foresell.model.graph.ModelGraph;
import io.foresell.model.graph.NumberEncoding;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.TextEncoding;
import io.foresell.model.graph.Tree;
import io.foresell.model.graph.TreeEnsembleModel;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.pack.GoldenRow;
import io.foresell.model.pack.PackageContent;
import io.foresell.model.pack.PackageWriter;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The built-in package of trees and a linear model, as large as real ones. */
final class RehearsalPackage {
    /** With few trees the loops over their nodes stay interpreted. */
    private static final int TREE_COUNT = 150;

    private static final int DEPTH = 6;
    private static final int GOLDEN_ROWS = 8;
    private static final long SEED = 7;
    private static final Preprocessing INPUTS = new Preprocessing(List.of(
            new NumberEncoding("tenure", 0, 10, 5),
            new NumberEncoding("spend", 0, 20, 9),
            new TextEncoding("plan", List.of("basic", "gold"))));

    private RehearsalPackage() {}

    static byte[] bytes() {
        return pack("rehearsal", INPUTS, onnx(new Random(SEED)), rows());
    }

    /** Returns a package of a binary model; its own answers to the rows are the golden ones. */
    static byte[] pack(String model, Preprocessing inputs, byte[] onnx, Rows rows) {
        Signature signature = inputs.signature();
        Background background = Background.of(signature, rows);
        float[] answers = new float[rows.rowCount()];
        Scorer scorer = ScorerCompiler.compile(onnx, signature, Answer.binary(), background);
        scorer.score(rows, answers);
        List<GoldenRow> golden = new ArrayList<>();
        for (int row = 0; row < answers.length; row++) {
            golden.add(GoldenRow.of(signature, rows, row, answers[row]));
        }
        Manifest manifest = Manifest.newBuilder()
                .setModel(model)
                .setTask("binary")
                .setAnswer(PackageContent.answerOf(Answer.binary()))
                .addAllInputs(PackageContent.inputsOf(signature, Map.of()))
                .build();
        return PackageWriter.write(new PackageContent(manifest, onnx, background, golden, Map.of()));
    }

    private static byte[] onnx(Random random) {
        int width = INPUTS.encodedWidth();
        Head head = Head.binary(Calibration.NONE);
        // Trees and weights as members of one model: one load exercises both.
        List<Tree> trees = trees(TREE_COUNT, width, DEPTH, random);
        Member linear =
                new Member(LinearModel.of(random.doubles(width, -0.5, 0.5).toArray(), 0.1), head);
        Member boosted = new Member(TreeEnsembleModel.boosted(width, trees, 0), head);
        EnsembleModel mean = EnsembleModel.mean(List.of(linear, boosted), new double[] {1, 1});
        return ModelGraph.write(INPUTS, mean, Head.binaryOfProbability(Calibration.NONE));
    }

    /** Returns full trees with nodes in breadth-first order. */
    static List<Tree> trees(int count, int width, int depth, Random random) {
        List<Tree> trees = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            trees.add(tree(width, depth, random));
        }
        return trees;
    }

    private static Tree tree(int width, int depth, Random random) {
        int nodes = (1 << (depth + 1)) - 1;
        int inner = nodes / 2;
        int[] feature = new int[nodes];
        float[] threshold = new float[nodes];
        int[] yes = new int[nodes];
        int[] no = new int[nodes];
        float[] leaf = new float[nodes];
        float[] cover = new float[nodes];
        for (int node = 0; node < nodes; node++) {
            feature[node] = node < inner ? random.nextInt(width) : -1;
            threshold[node] = (float) random.nextGaussian();
            yes[node] = 2 * node + 1;
            no[node] = 2 * node + 2;
            leaf[node] = (float) (0.1 * random.nextGaussian());
            cover[node] = nodes / (node + 1f);
        }
        return new Tree(feature, threshold, yes, no, yes, leaf, cover);
    }

    /** Returns rows as the package reads them, the same ones each time. */
    static Rows rows() {
        Random random = new Random(SEED);
        float[] numbers = new float[2 * GOLDEN_ROWS];
        String[] plans = new String[GOLDEN_ROWS];
        for (int row = 0; row < GOLDEN_ROWS; row++) {
            numbers[2 * row] = (float) (10 + 5 * random.nextGaussian());
            numbers[2 * row + 1] = (float) (20 + 9 * random.nextGaussian());
            plans[row] = random.nextBoolean() ? "basic" : "gold";
        }
        return new Rows(GOLDEN_ROWS, numbers, plans);
    }
}
