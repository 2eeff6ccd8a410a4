package io.foresell.model.pack;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.DrawnGraphs;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.RandomModels;
import io.foresell.model.manifest.Bands;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.manifest.Provenance;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import io.foresell.model.scorer.UnsupportedOperatorException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sound packages to start from. */
final class Packages {
    private Packages() {}

    static PackageContent content(long seed) {
        RandomModels models = new RandomModels(seed);
        Preprocessing preprocessing = models.tabular(true);
        Signature signature = preprocessing.signature();
        byte[] onnx = models.trees(preprocessing, 5, 3);
        Rows rows = models.rows(signature, 20, 3);
        return content(manifest(signature), onnx, Answer.binary(), rows).orElseThrow();
    }

    /** Returns a package of many trees over numbers. */
    static PackageContent forest(long seed, int treeCount, int depth) {
        RandomModels models = new RandomModels(seed);
        Preprocessing preprocessing = models.tabular(true);
        byte[] onnx = models.trees(preprocessing, treeCount, depth);
        Rows rows = models.rows(preprocessing.signature(), 20, 3);
        return content(manifest(preprocessing.signature()), onnx, Answer.binary(), rows)
                .orElseThrow();
    }

    /** Returns packages of all tasks and families that compile. */
    static List<PackageContent> ofEveryTask(int seed) {
        List<PackageContent> contents = new ArrayList<>();
        for (DrawnGraphs.Drawn drawn : DrawnGraphs.of(seed)) {
            Answer answer = drawn.answer();
            Manifest manifest = manifest(drawn.signature()).toBuilder()
                    .setModel(drawn.family())
                    .setTask(answer.task().key())
                    .setAnswer(PackageContent.answerOf(answer))
                    .clearBands()
                    .build();
            Rows rows = new RandomModels(seed).rows(drawn.signature(), 10, 3);
            content(manifest, drawn.onnx(), answer, rows).ifPresent(contents::add);
        }
        return contents;
    }

    /** Returns nothing when the graph does not compile. */
    private static Optional<PackageContent> content(Manifest manifest, byte[] onnx, Answer answer, Rows rows) {
        Signature signature = PackageContent.signatureOf(manifest);
        Background background = Background.of(signature, rows);
        try {
            Scorer scorer = ScorerCompiler.compile(onnx, signature, answer, background);
            return Optional.of(content(manifest, onnx, background, rows, scorer));
        } catch (UnsupportedOperatorException e) {
            return Optional.empty();
        }
    }

    private static PackageContent content(
            Manifest manifest, byte[] onnx, Background background, Rows rows, Scorer scorer) {
        Signature signature = scorer.signature();
        Answer answer = scorer.answer();
        float[] answers = new float[rows.rowCount() * answer.width()];
        scorer.score(rows, answers);
        List<GoldenRow> golden = new ArrayList<>();
        for (int row = 0; row < rows.rowCount(); row++) {
            double[] expected = new double[answer.width()];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = answers[row * expected.length + i];
            }
            golden.add(GoldenRow.of(signature, rows, row, expected));
        }
        Map<String, byte[]> source =
                Map.of("model.ubj", "b".getBytes(StandardCharsets.UTF_8), "a.json", new byte[] {1});
        return new PackageContent(manifest, onnx, background, golden, source);
    }

    static Manifest manifest(Signature signature) {
        return Manifest.newBuilder()
                .setModel("churn")
                .setTask("binary")
                .setAlgorithm("boosted_trees")
                .addAllInputs(PackageContent.inputsOf(signature, Map.of("客户 年龄", "Age of the customer")))
                .setBands(Bands.newBuilder().setMediumFrom(0.3).setHighFrom(0.6))
                .setProvenance(Provenance.newBuilder()
                        .setSeed(42)
                        .putParameters("trees", "5")
                        .putParameters("depth", "3")
                        .putLibraryVersions("xgboost4j", "3.0.4"))
                .build();
    }
}
