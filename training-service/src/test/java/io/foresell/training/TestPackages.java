package io.foresell.training;

import io.foresell.model.Rows;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.LinearModel;
import io.foresell.model.graph.ModelGraph;
import io.foresell.model.graph.NumberEncoding;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.manifest.Bands;
import io.foresell.model.manifest.Evaluation;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.manifest.Provenance;
import io.foresell.model.pack.GoldenRow;
import io.foresell.model.pack.PackageContent;
import io.foresell.model.pack.PackageWriter;
import io.foresell.model.scorer.Background;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Small real packages: a logistic regression of one number. */
final class TestPackages {
    private TestPackages() {}

    /** Returns a sound package; another coefficient is another digest. */
    static byte[] sound(String model, double coefficient) {
        return of(model, coefficient, sigmoid(coefficient * 2));
    }

    /** Returns a sound package of a candidate; another coefficient is another package. */
    static byte[] ofCandidate(String model, String candidate, double coefficient) {
        return of(model, candidate, coefficient, sigmoid(2 * coefficient), Map.of());
    }

    /** Returns a sound package that reads another input than the others do. */
    static byte[] reading(String model, String input, double coefficient) {
        return of(model, "", coefficient, sigmoid(2 * coefficient), Map.of(), input);
    }

    /** Returns a package whose golden row says something else than its graph. */
    static byte[] withWrongGolden(String model) {
        return of(model, 1, 0.123);
    }

    /** Returns a sound package that fills several chunks. */
    static byte[] large(String model, int sourceBytes) {
        byte[] noise = new byte[sourceBytes];
        new java.util.Random(7).nextBytes(noise);
        return of(model, 1, sigmoid(2), Map.of("model.bin", noise));
    }

    /** Returns a sound package with files of the training library. */
    static byte[] with(String model, Map<String, byte[]> source) {
        return of(model, 1, sigmoid(2), source);
    }

    private static byte[] of(String model, double coefficient, double golden) {
        return of(model, coefficient, golden, Map.of());
    }

    private static byte[] of(String model, double coefficient, double golden, Map<String, byte[]> source) {
        return of(model, "", coefficient, golden, source);
    }

    private static byte[] of(
            String model, String candidate, double coefficient, double golden, Map<String, byte[]> source) {
        return of(model, candidate, coefficient, golden, source, "x");
    }

    private static byte[] of(
            String model,
            String candidate,
            double coefficient,
            double golden,
            Map<String, byte[]> source,
            String input) {
        Preprocessing preprocessing = new Preprocessing(List.of(new NumberEncoding(input, 0, 0, 1)));
        byte[] onnx = ModelGraph.write(
                preprocessing, LinearModel.of(new double[] {coefficient}, 0), Head.binary(Calibration.NONE));
        Rows rows = new Rows(1, new float[] {2}, new String[0]);
        Manifest manifest = Manifest.newBuilder()
                .setModel(model)
                .setTask("binary")
                .setAlgorithm("logistic_regression")
                .setEntity("customer")
                .setFeatureSet("customer_features")
                .setFeatureSetHash("abc")
                .setLabelView("churned")
                .addAllInputs(PackageContent.inputsOf(preprocessing.signature(), Map.of(input, "a number")))
                .setBands(Bands.newBuilder().setMediumFrom(0.3).setHighFrom(0.6))
                .setProvenance(Provenance.newBuilder()
                        .setDataDigest("d".repeat(64))
                        .setRowCount(10)
                        .putParameters("inverse_penalty", "1.0")
                        .putParameters("candidate", candidate))
                .setEvaluation(
                        Evaluation.newBuilder().putMetrics("roc_auc", 0.75).setSplit("k_fold(k=5, by=ROW_INDEX)"))
                .build();
        return PackageWriter.write(new PackageContent(
                manifest,
                onnx,
                Background.missing(preprocessing.signature()),
                List.of(GoldenRow.of(preprocessing.signature(), rows, 0, golden)),
                source));
    }

    private static double sigmoid(double logOdds) {
        return 1 / (1 + Math.exp(-logOdds));
    }

    static String digestOf(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
