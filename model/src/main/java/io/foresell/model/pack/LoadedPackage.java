package io.foresell.model.pack;

import io.foresell.model.PackageException;
import io.foresell.model.PackageException.Reason;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import java.util.List;

/**
 * A package whose scorer answered every golden row as the training library did.
 *
 * @param modelPackage what was read
 * @param scorer what answers
 */
public record LoadedPackage(ModelPackage modelPackage, Scorer scorer) {
    /** Compiles; throws {@link io.foresell.model.scorer.UnsupportedOperatorException} when it cannot. */
    public static final ScorerFactory COMPILED = modelPackage -> ScorerCompiler.compile(
            modelPackage.onnx(), modelPackage.signature(), modelPackage.answer(), modelPackage.background());

    /**
     * Verifies the digest, reads, makes the scorer and replays the golden rows.
     *
     * @param expectedDigest lower-case hex SHA-256, or empty to skip the comparison
     * @throws io.foresell.model.PackageException naming the reason when any of it fails
     */
    public static LoadedPackage load(byte[] packageBytes, String expectedDigest, ScorerFactory factory) {
        String digest = ModelPackage.digestOf(packageBytes);
        if (!expectedDigest.isEmpty() && !expectedDigest.equals(digest)) {
            throw new PackageException(
                    Reason.DIGEST_MISMATCH, "package: sha-256 %s (expected: %s)".formatted(digest, expectedDigest));
        }
        return load(ModelPackage.read(packageBytes), factory);
    }

    /** Makes the scorer of a package that was read, and replays the golden rows. */
    public static LoadedPackage load(ModelPackage modelPackage, ScorerFactory factory) {
        Scorer scorer = factory.create(modelPackage);
        replay(modelPackage, scorer);
        return new LoadedPackage(modelPackage, scorer);
    }

    private static void replay(ModelPackage modelPackage, Scorer scorer) {
        Signature signature = modelPackage.signature();
        List<GoldenRow> golden = modelPackage.goldenRows();
        float[] numbers = new float[golden.size() * signature.numberWidth()];
        String[] texts = new String[golden.size() * signature.textWidth()];
        int number = 0;
        int text = 0;
        for (GoldenRow row : golden) {
            for (float value : row.numbers()) {
                numbers[number++] = value;
            }
            for (String value : row.texts()) {
                texts[text++] = value;
            }
        }
        int width = modelPackage.answer().width();
        float[] answers = new float[golden.size() * width];
        scorer.score(new Rows(golden.size(), numbers, texts), answers);
        double[] given = new double[answers.length];
        for (int i = 0; i < given.length; i++) {
            given[i] = golden.get(i / width).answers().get(i % width);
        }
        double[] scales = modelPackage.answer().scales(given);
        for (int i = 0; i < answers.length; i++) {
            double expected = given[i];
            double tolerance = modelPackage.goldenTolerance() * scales[i];
            // Written so that a NaN answer is refused too.
            if (!(Math.abs(answers[i] - expected) <= tolerance)) {
                throw new PackageException(
                        Reason.GOLDEN_MISMATCH,
                        "golden row %d: answer %d is %s by %s (expected: %s +-%s by the training library)"
                                .formatted(
                                        i / width + 1,
                                        i % width + 1,
                                        answers[i],
                                        scorer.engine(),
                                        expected,
                                        tolerance));
            }
        }
    }
}
