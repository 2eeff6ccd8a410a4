package io.foresell.training.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import io.foresell.training.dataset.TrainingFold;

/** Holds the compiled scorer and ONNX Runtime against what a fitted model itself answers. */
public final class Parity {
    private Parity() {}

    /** Returns the greatest difference relative to answers beyond 1, after checking it against the model's tolerance. */
    public static double check(FittedModel model, TrainingFold fold, Rows rows) throws Exception {
        Signature signature = model.signature();
        double[] expected = model.predict(rows);
        byte[] onnx = model.onnx();
        Scorer scorer =
                ScorerCompiler.compile(onnx, signature, model.answer(), Background.of(signature, fold.rows(signature)));
        float[] compiled = new float[expected.length];
        scorer.score(rows, compiled);
        float[] judged = OnnxRuntimeJudge.score(onnx, signature, rows);
        double greatest = 0;
        double[] scales = model.answer().scales(expected);
        for (int i = 0; i < expected.length; i++) {
            greatest = Math.max(greatest, Math.abs(compiled[i] - expected[i]) / scales[i]);
            greatest = Math.max(greatest, Math.abs(judged[i] - expected[i]) / scales[i]);
        }
        assertThat(expected).doesNotContain(Double.NaN);
        assertThat(model.parityTolerance()).isLessThanOrEqualTo(1e-4);
        assertThat(greatest).isLessThanOrEqualTo(model.parityTolerance());
        return greatest;
    }
}
