package io.foresell.model.adopt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OrtException;
import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.OnnxRuntimeJudge;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import io.foresell.model.scorer.UnsupportedOperatorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Models fitted on real data: the training library, ONNX Runtime and compiled code answer alike, for the files of other exporters and for
 * those that our writer makes of the same parameters. Skipped unless the property foresell.real-models names a folder that
 * {@code src/test/python/real_data_models.py} filled.
 */
class RealModelsParityTest {
    private static final double TOLERANCE = 1e-5;
    /** Eight units in the last place of a sum's absolute terms: what single precision loses where they cancel. */
    private static final double ROUNDING = 8 * 0x1p-24;

    private static final int BATCH = 1000;

    private final List<String> failures = new ArrayList<>();

    @Test
    void answerLikeTheirLibraryAndOnnxRuntime() throws IOException, OrtException {
        String folder = System.getProperty("foresell.real-models", "");
        assumeTrue(!folder.isEmpty(), "no folder of models in foresell.real-models");
        List<String> names = names(Path.of(folder));
        assertThat(names).isNotEmpty();
        System.out.println("model | file | engine | rows answered by the library/all | ONNX Runtime - library"
                + " | compiled - library | compiled - ONNX Runtime | 1 row - 1,000 rows");
        for (String name : names) {
            try {
                check(name, RealModel.read(Path.of(folder), name));
            } catch (RuntimeException e) {
                failures.add(name + ": " + e);
            }
        }
        assertThat(failures).isEmpty();
    }

    private void check(String name, RealModel model) throws IOException, OrtException {
        if (model.isExported()) {
            AdoptedGraph adopted = model.adopted();
            check(
                    name,
                    "exported",
                    ForeignModels.withLocale(adopted.onnx()),
                    adopted.signature(),
                    adopted.answer(),
                    model);
        }
        if (model.isWritten()) {
            WrittenModel written = model.written();
            check(name, "written", written.onnx(), written.signature(), written.answer(model.labels()), model);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".json"))
                    .map(file -> file.substring(0, file.length() - ".json".length()))
                    .sorted()
                    .toList();
        }
    }

    private void check(String name, String file, byte[] onnx, Signature signature, Answer answer, RealModel model)
            throws OrtException {
        int width = answer.width();
        double[] expected = model.expected(width);
        Gap byRuntime = new Gap(width, model.sizes(), expected);
        Gap byCompiled = new Gap(width, model.sizes(), expected);
        Gap between = new Gap(width, model.sizes(), expected);
        Gap alone = new Gap(width, model.sizes(), expected);
        String engine = "onnxruntime";
        try (OnnxRuntimeJudge judge = new OnnxRuntimeJudge(onnx, signature)) {
            Batches runtime = new Batches(model.rows(), signature, width, rows -> ofRuntime(judge, rows, answer));
            double[] whole = runtime.answers(BATCH);
            byRuntime.add(whole, expected);
            alone.add(runtime.answers(1), whole);
            try {
                Scorer scorer = ScorerCompiler.compile(onnx, signature, answer, Background.missing(signature));
                engine = scorer.engine();
                Batches compiled = new Batches(model.rows(), signature, width, rows -> ofScorer(scorer, rows, width));
                double[] own = compiled.answers(BATCH);
                byCompiled.add(own, expected);
                between.add(own, whole);
                alone.add(compiled.answers(1), own);
            } catch (UnsupportedOperatorException e) {
                engine += ", " + e.operator();
            }
        }
        long answered = model.rows().rowCount() - unanswered(expected, width);
        String known = file.equals("exported") ? model.known() : model.knownOfWritten();
        String line = "%s | %s | %s | %d/%d | %s | %s | %s | %s | %s"
                .formatted(
                        name,
                        file,
                        engine,
                        answered,
                        model.rows().rowCount(),
                        byRuntime,
                        byCompiled,
                        between,
                        alone,
                        known);
        System.out.println(line);
        boolean isKnown = !known.isEmpty();
        if (!between.isClose() || !alone.isClose() || (!isKnown && !(byRuntime.isClose() && byCompiled.isClose()))) {
            failures.add(line);
        }
    }

    private static long unanswered(double[] expected, int width) {
        return Arrays.stream(expected).filter(Double::isNaN).count() / width;
    }

    private static float[] ofScorer(Scorer scorer, Rows rows, int width) {
        float[] answers = new float[rows.rowCount() * width];
        scorer.score(rows, answers);
        return answers;
    }

    private static float[] ofRuntime(OnnxRuntimeJudge judge, Rows rows, Answer answer) throws OrtException {
        float[] whole = judge.answers(rows, answer.output());
        int columns = whole.length / rows.rowCount();
        float[] answers = new float[rows.rowCount() * answer.width()];
        for (int row = 0; row < rows.rowCount(); row++) {
            System.arraycopy(
                    whole, row * columns + answer.firstColumn(), answers, row * answer.width(), answer.width());
        }
        return answers;
    }

    private interface Engine {
        float[] answers(Rows rows) throws OrtException;
    }

    /** Rows asked in batches of one size; the last batch is filled up with the first rows. */
    private record Batches(Rows rows, Signature signature, int width, Engine engine) {
        double[] answers(int size) throws OrtException {
            double[] answers = new double[rows.rowCount() * width];
            for (int from = 0; from < rows.rowCount(); from += size) {
                float[] found = engine.answers(batch(from, size));
                for (int i = 0; i < found.length && from * width + i < answers.length; i++) {
                    answers[from * width + i] = found[i];
                }
            }
            return answers;
        }

        private Rows batch(int from, int size) {
            int numberWidth = signature.numberWidth();
            int textWidth = signature.textWidth();
            float[] numbers = new float[size * numberWidth];
            String[] texts = new String[size * textWidth];
            for (int i = 0; i < size; i++) {
                int row = (from + i) % rows.rowCount();
                System.arraycopy(rows.numbers(), row * numberWidth, numbers, i * numberWidth, numberWidth);
                System.arraycopy(rows.texts(), row * textWidth, texts, i * textWidth, textWidth);
            }
            return new Rows(size, numbers, texts);
        }
    }

    /**
     * How far answers are apart, as a share of the greater of 1 and the answer, and how many rows differ too much. Where the library refuses
     * a row, all for their infinities, there is no answer: where engines differ is counted apart.
     */
    private static final class Gap {
        private final int width;
        private final double[] sizes;
        private final double[] library;
        private double largest;
        private int rowsRounded;
        private int rowsBeyond;
        private int refusedBeyond;
        private int firstBeyond = -1;

        Gap(int width, double[] sizes, double[] library) {
            this.width = width;
            this.sizes = sizes;
            this.library = library;
        }

        void add(double[] actual, double[] expected) {
            for (int row = 0; row < sizes.length; row++) {
                double ofRow = 0;
                boolean isRounding = true;
                for (int i = row * width; i < (row + 1) * width; i++) {
                    boolean isRefused = Double.isNaN(library[i]);
                    if (!isRefused || (Double.isFinite(actual[i]) && Double.isFinite(expected[i]))) {
                        double gap = gap(actual[i], expected[i]);
                        if (isRefused && gap > TOLERANCE) {
                            refusedBeyond++;
                            continue;
                        }
                        ofRow = Math.max(ofRow, gap);
                        isRounding &= gap <= TOLERANCE || Math.abs(actual[i] - expected[i]) <= ROUNDING * sizes[row];
                    }
                }
                largest = Math.max(largest, ofRow);
                if (ofRow > TOLERANCE && isRounding) {
                    rowsRounded++;
                } else if (ofRow > TOLERANCE) {
                    rowsBeyond++;
                    firstBeyond = firstBeyond < 0 ? row : firstBeyond;
                }
            }
        }

        private static double gap(double actual, double expected) {
            if (Double.compare(actual, expected) == 0) {
                return 0;
            }
            double gap = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
            return Double.isNaN(gap) ? Double.POSITIVE_INFINITY : gap;
        }

        boolean isClose() {
            return rowsBeyond == 0;
        }

        @Override
        public String toString() {
            String text = String.format(Locale.ROOT, "%.1e", largest);
            text = rowsRounded == 0 ? text : text + " (%d rounded)".formatted(rowsRounded);
            text = refusedBeyond == 0 ? text : text + " (%d that the library refuses)".formatted(refusedBeyond);
            return rowsBeyond == 0 ? text : text + " (%d beyond, first %d)".formatted(rowsBeyond, firstBeyond);
        }
    }
}
