package io.foresell.training.registry.foreign;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.PackageException;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.model.adopt.AdoptedGraph;
import io.foresell.model.pack.GoldenRow;
import io.foresell.model.scorer.Background;
import io.foresell.onnxruntime.OnnxRuntimeScorer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows with the answers of ONNX Runtime, of which a few become the golden rows. */
final class JudgedRows {
    private static final int MAX_GOLDEN_ROWS = 100;
    private static final long MAX_GOLDEN_VALUES = 500_000; // they travel as text
    private static final double PROBABILITY_SLACK = 1e-5; // sums of float32 end a little beyond 1

    private final AdoptedGraph graph;
    private final Rows rows;
    private final List<String> warnings;

    /** Takes what to judge, and where to say what was found. */
    JudgedRows(AdoptedGraph graph, Rows rows, List<String> warnings) {
        this.graph = graph;
        this.rows = rows;
        this.warnings = warnings;
    }

    /**
     * Returns golden rows at even distances, and one where everything is missing if the model answers that.
     *
     * @throws ServiceException INVALID_ARGUMENT when no row gets an answer of the task
     * @throws PackageException when ONNX Runtime cannot run the graph
     */
    List<GoldenRow> golden() {
        Signature signature = graph.signature();
        int width = graph.answer().width();
        long rowValues = (long) signature.numberWidth() + signature.textWidth() + width;
        int count = (int) Math.max(1, Math.min(MAX_GOLDEN_ROWS, MAX_GOLDEN_VALUES / rowValues));
        List<GoldenRow> golden = new ArrayList<>();
        String refusal = "";
        int refusedCount = 0;
        try (OnnxRuntimeScorer judge =
                OnnxRuntimeScorer.open(graph.onnx(), signature, graph.answer(), Background.missing(signature), 1)) {
            int taken = Math.min(count, rows.rowCount());
            for (int i = 0; i < taken; i++) {
                int row = (int) ((long) i * rows.rowCount() / taken);
                double[] answers = answers(judge, row(row), width);
                String problem = problem(answers);
                if (problem.isEmpty()) {
                    golden.add(GoldenRow.of(signature, rows, row, answers));
                } else {
                    refusal = "row %d: %s".formatted(row + 1, problem);
                    refusedCount++;
                }
            }
            if (golden.isEmpty()) {
                throw new ServiceException(Failure.invalid(
                        "ANSWER_INVALID",
                        "output %s by onnxruntime, %s, no row with another"
                                .formatted(graph.answer().output(), refusal)));
            }
            if (refusedCount > 0) {
                warnings.add("%d of %d sample rows get no answer of the task and were left out, e.g. %s."
                        .formatted(refusedCount, taken, refusal));
            }
            addMissing(judge, golden);
        }
        return golden;
    }

    private Rows row(int row) {
        int numberWidth = graph.signature().numberWidth();
        int textWidth = graph.signature().textWidth();
        return new Rows(
                1,
                Arrays.copyOfRange(rows.numbers(), row * numberWidth, (row + 1) * numberWidth),
                Arrays.copyOfRange(rows.texts(), row * textWidth, (row + 1) * textWidth));
    }

    private void addMissing(OnnxRuntimeScorer judge, List<GoldenRow> golden) {
        float[] numbers = new float[graph.signature().numberWidth()];
        String[] texts = new String[graph.signature().textWidth()];
        Arrays.fill(numbers, Float.NaN);
        Arrays.fill(texts, "");
        Rows missing = new Rows(1, numbers, texts);
        try {
            double[] answers = answers(judge, missing, graph.answer().width());
            if (problem(answers).isEmpty()) {
                golden.add(GoldenRow.of(graph.signature(), missing, 0, answers));
                return;
            }
        } catch (PackageException e) {
            warnings.add("A row with everything missing fails in onnxruntime: %s.".formatted(e.getMessage()));
            return;
        }
        warnings.add("A row with everything missing gets no answer of the task: the model wants complete rows.");
    }

    private double[] answers(OnnxRuntimeScorer judge, Rows row, int width) {
        float[] found = new float[width];
        judge.score(row, found);
        double[] answers = new double[width];
        for (int i = 0; i < width; i++) {
            double answer = found[i];
            boolean isRounded = isProbability() && Math.abs(answer - 0.5) <= 0.5 + PROBABILITY_SLACK;
            answers[i] = isRounded ? Math.max(0, Math.min(1, answer)) : answer;
        }
        return answers;
    }

    private boolean isProbability() {
        Task task = graph.answer().task();
        return task == Task.BINARY || task == Task.MULTICLASS;
    }

    /** Returns what is wrong with answers; empty when they are of the task. */
    private String problem(double[] answers) {
        for (double answer : answers) {
            if (!Double.isFinite(answer)) {
                return "answer %s (expected: a finite number)".formatted(answer);
            }
            if (isProbability() && (answer < 0 || answer > 1)) {
                return "answer %s (expected: a probability in 0..1 for task %s)"
                        .formatted((float) answer, graph.answer().task().key());
            }
        }
        return "";
    }
}
