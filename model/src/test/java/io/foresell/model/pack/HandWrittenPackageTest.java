package io.foresell.model.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.Rows;
import io.foresell.model.reason.Language;
import io.foresell.model.reason.Reason;
import io.foresell.model.reason.ReasonWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What docs/model-package/write_package.py wrote, with nothing but zip, JSON and the onnx package, is a package like ours. */
class HandWrittenPackageTest {
    private final LoadedPackage loaded = LoadedPackage.load(
            ExpectedAnswers.bytes("/packages/by-hand/churn.zip"),
            "998d0a7d6d804c78e551537822d0fbdb0e4dd7d6ce119f0a20ec1f82624c1b02",
            LoadedPackage.COMPILED);

    @Test
    void loadsAndAnswers() {
        assertThat(loaded.scorer().engine()).isEqualTo("compiled");
        assertThat(loaded.modelPackage().goldenRows()).hasSize(4);
        float[] answer = new float[1];
        loaded.scorer().score(new Rows(1, new float[] {32.4f, Float.NaN}, new String[] {"neither"}), answer);
        assertThat((double) answer[0]).isCloseTo(1 / (1 + Math.exp(1.2)), within(1e-6));
    }

    @Test
    void explainsInTheWordsOfItsManifest() {
        Rows rows = new Rows(1, new float[] {1, 64.8f}, new String[] {"Two year"});
        double[] contributions = new double[3];
        loaded.scorer().contributions(rows, 0, 0, contributions);
        ReasonWriter writer = new ReasonWriter(
                loaded.modelPackage().signature(),
                loaded.modelPackage().answer(),
                loaded.modelPackage().manifest());
        List<String> sentences = writer.strongest(rows, 0, contributions, 2, Language.ENGLISH).stream()
                .map(Reason::sentence)
                .toList();
        assertThat(sentences)
                .containsExactly(
                        "contract is Two year: lowers the risk of leaving",
                        "months as a customer is 1: raises the risk of leaving");
        assertThat(contributions[0]).isCloseTo(-0.8 * (1 - 32.4) / 24.5, within(1e-5));
    }
}
