package io.foresell.training.run;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.pack.GoldenRow;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.fit.CoefficientTable;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.prepare.Touched;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All that is kept of a fitted model once the training library has been closed. The scorer has been proven equal to the
 * library on rows of the training fold.
 *
 * @param onnx the graph; not copied
 * @param scorer compiled from the graph: what judges is what serves
 * @param goldenRows rows with the library's answers: training rows, one with everything missing, one with unseen texts
 * @param tolerance greatest difference between the library's answers and the scorer's
 * @param source the library's own files by plain name
 * @param coefficients the weights of a linear model
 * @param notes sentences on what was special about this fit
 * @param calibration how probabilities were calibrated; empty when they were not
 * @param fold the rows it was fitted on
 * @param touched what preparing them changed
 */
@SuppressWarnings("ArrayRecordComponent")
record FittedParts(
        Signature signature,
        Answer answer,
        byte[] onnx,
        Scorer scorer,
        Background background,
        List<GoldenRow> goldenRows,
        double tolerance,
        Map<String, byte[]> source,
        Map<String, String> libraryVersions,
        Optional<CoefficientTable> coefficients,
        List<String> notes,
        String calibration,
        TrainingFold fold,
        List<Touched> touched) {
    private static final int GOLDEN_TRAINING_ROWS = 18;
    private static final int PARITY_ROWS = 512;
    private static final String UNSEEN = "(a text that no training row has)";

    /** Takes a model apart and closes it. */
    static FittedParts of(FittedModel model, FitRequest request) {
        TrainingFold fold = request.fold().asStored();
        try (model) {
            Signature signature = model.signature();
            Rows training = fold.rows(signature);
            Background background = Background.of(signature, training);
            byte[] onnx = model.onnx();
            Scorer scorer = ScorerCompiler.compile(onnx, signature, model.answer(), background);
            Rows probes = probes(signature, training);
            double[] expected = model.predict(probes);
            requireParity(scorer, probes, expected, model.parityTolerance());
            return new FittedParts(
                    signature,
                    model.answer(),
                    onnx,
                    scorer,
                    background,
                    goldenRows(signature, probes, expected, model.answer().width()),
                    model.parityTolerance(),
                    model.source(),
                    model.libraryVersions(),
                    model.coefficients(),
                    model.notes(),
                    model.calibration(),
                    fold,
                    request.prepared().touched());
        }
    }

    /** Returns this with one more file beside the library's own. */
    FittedParts withFile(String name, byte[] content) {
        Map<String, byte[]> files = new TreeMap<>(source);
        files.put(name, content);
        return new FittedParts(
                signature,
                answer,
                onnx,
                scorer,
                background,
                goldenRows,
                tolerance,
                files,
                libraryVersions,
                coefficients,
                notes,
                calibration,
                fold,
                touched);
    }

    /** Returns training rows at even distances, then a row with everything missing, then one with unseen texts. */
    private static Rows probes(Signature signature, Rows training) {
        int sampled = Math.min(PARITY_ROWS, training.rowCount());
        int numberWidth = signature.numberWidth();
        int textWidth = signature.textWidth();
        float[] numbers = new float[(sampled + 2) * numberWidth];
        String[] texts = new String[(sampled + 2) * textWidth];
        for (int i = 0; i < sampled + 2; i++) {
            int row = (int) ((long) Math.min(i, sampled - 1) * training.rowCount() / sampled);
            System.arraycopy(training.numbers(), row * numberWidth, numbers, i * numberWidth, numberWidth);
            System.arraycopy(training.texts(), row * textWidth, texts, i * textWidth, textWidth);
        }
        Arrays.fill(numbers, sampled * numberWidth, (sampled + 1) * numberWidth, Float.NaN);
        Arrays.fill(texts, sampled * textWidth, (sampled + 1) * textWidth, "");
        Arrays.fill(texts, (sampled + 1) * textWidth, texts.length, UNSEEN);
        return new Rows(sampled + 2, numbers, texts);
    }

    private static List<GoldenRow> goldenRows(Signature signature, Rows probes, double[] expected, int width) {
        int sampled = probes.rowCount() - 2;
        int count = Math.min(GOLDEN_TRAINING_ROWS, sampled);
        List<GoldenRow> golden = new ArrayList<>();
        for (int i = 0; i < count + 2; i++) {
            int row = i < count ? i * sampled / count : sampled + i - count;
            golden.add(
                    GoldenRow.of(signature, probes, row, Arrays.copyOfRange(expected, row * width, (row + 1) * width)));
        }
        return golden;
    }

    private static void requireParity(Scorer scorer, Rows rows, double[] expected, double tolerance) {
        int width = scorer.answer().width();
        float[] actual = new float[rows.rowCount() * width];
        scorer.score(rows, actual);
        double[] scales = scorer.answer().scales(expected);
        for (int i = 0; i < actual.length; i++) {
            double allowed = tolerance * scales[i];
            if (!(Math.abs(actual[i] - expected[i]) <= allowed)) {
                throw new IllegalStateException("answer %d of probe row %d: %s by our scorer (expected: %s +- %s)"
                        .formatted(i % width, i / width, actual[i], expected[i], allowed));
            }
        }
    }
}
