package io.foresell.model.pack;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.RandomModels;
import io.foresell.model.manifest.Bands;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.manifest.Provenance;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sound packages to start from. */
final class Packages {
    private Packages() {}

    static PackageContent content(long seed) {
        RandomModels models = new RandomModels(seed);
        Preprocessing preprocessing = models.tabular(true);
        Signature signature = preprocessing.signature();
        byte[] onnx = models.trees(preprocessing, 5, 3);
        Rows rows = models.rows(signature, 20, 3);
        Background background = Background.of(signature, rows);
        Scorer scorer = ScorerCompiler.compile(onnx, signature, Answer.binary(), background);
        float[] probabilities = new float[rows.rowCount()];
        scorer.score(rows, probabilities);
        List<GoldenRow> golden = new ArrayList<>();
        for (int row = 0; row < rows.rowCount(); row++) {
            golden.add(GoldenRow.of(signature, rows, row, probabilities[row]));
        }
        Map<String, byte[]> source =
                Map.of("model.ubj", "b".getBytes(StandardCharsets.UTF_8), "a.json", new byte[] {1});
        return new PackageContent(manifest(signature), onnx, background, golden, source);
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
