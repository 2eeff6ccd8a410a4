package io.foresell.training.fit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.model.Rows;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import java.util.Arrays;

/** Fits on all rows of a set and asks both the model itself and what will serve. */
final class ClusterFits {
    private ClusterFits() {}

    static FittedModel fit(Algorithm algorithm, TrainingSet set, int threads, long seed) {
        return algorithm.fitter(threads).fit(FitRequest.of(TrainingFold.all(set), seed));
    }

    /** Returns the label index of every row by the compiled scorer, which answers like the model itself. */
    static int[] served(FittedModel model, TrainingSet set) {
        Rows rows = TrainingFold.all(set).rows(model.signature());
        int width = model.answer().width();
        double[] exact = model.predict(rows);
        Scorer scorer = ScorerCompiler.compile(
                model.onnx(), model.signature(), model.answer(), Background.missing(model.signature()));
        float[] answers = new float[exact.length];
        scorer.score(rows, answers);
        int[] labels = new int[rows.rowCount()];
        for (int i = 0; i < answers.length; i++) {
            double allowed = model.parityTolerance() * Math.max(1, Math.abs(exact[i]));
            assertThat(Math.abs(answers[i] - exact[i])).isLessThanOrEqualTo(allowed);
            int row = i / width;
            labels[row] = answers[i] > answers[row * width + labels[row]] ? i % width : labels[row];
        }
        return labels;
    }

    static int[] sizes(int[] labels, int count) {
        int[] sizes = new int[count];
        Arrays.stream(labels).forEach(label -> sizes[label]++);
        return sizes;
    }

    /** Returns the first number after a word of the notes. */
    static double noted(FittedModel model, String word) {
        String notes = String.join(" ", model.notes());
        String after = notes.substring(notes.indexOf(word) + word.length()).strip();
        return Double.parseDouble(after.split("[ ,]", 2)[0]);
    }
}
