package io.foresell.model.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.model.PackageException;
import io.foresell.model.PackageException.Reason;
import io.foresell.model.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackageRoundTripTest {
    @TempDir
    Path folder;

    @Test
    void readsBackWhatWasWritten() throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            PackageContent content = Packages.content(seed);
            byte[] bytes = PackageWriter.write(content);
            Path file = Files.write(folder.resolve(seed + ".zip"), bytes);

            ModelPackage read = ModelPackage.read(file);

            Manifest expected =
                    content.manifest().toBuilder().setFormatVersion(1).build();
            assertThat(read.manifest()).isEqualTo(expected);
            assertThat(read.signature()).isEqualTo(content.signature());
            assertThat(read.onnx()).isEqualTo(content.onnx());
            assertThat(read.background()).isEqualTo(content.background());
            assertThat(read.goldenRows()).isEqualTo(content.goldenRows());
            assertThat(read.packageBytes()).isEqualTo(bytes.length);
            assertThat(read.digest()).isEqualTo(ModelPackage.digestOf(bytes)).hasSize(64);
        }
    }

    @Test
    void sameContentGivesSameBytes() {
        PackageContent content = Packages.content(1);
        Map<String, byte[]> reordered = new HashMap<>();
        reordered.put("a.json", content.source().get("a.json"));
        reordered.put("model.ubj", content.source().get("model.ubj"));
        Manifest.Builder manifest = content.manifest().toBuilder();
        manifest.getProvenanceBuilder()
                .clearParameters()
                .putParameters("depth", "3")
                .putParameters("trees", "5");
        PackageContent same = new PackageContent(
                manifest.build(), content.onnx(), content.background(), content.goldenRows(), reordered);

        assertThat(PackageWriter.write(same)).isEqualTo(PackageWriter.write(content));
    }

    @Test
    void loadsAndReplaysGoldenRows() {
        byte[] bytes = PackageWriter.write(Packages.content(2));
        LoadedPackage loaded = LoadedPackage.load(bytes, ModelPackage.digestOf(bytes), LoadedPackage.COMPILED);
        assertThat(loaded.scorer().engine()).isEqualTo("compiled");
        assertThat(loaded.modelPackage().band(0.29)).isEqualTo("low");
        assertThat(loaded.modelPackage().band(0.3)).isEqualTo("medium");
        assertThat(loaded.modelPackage().band(0.6)).isEqualTo("high");
    }

    @ParameterizedTest
    @CsvSource({"0.7, true", "0.25, true", "0.8, false", "0.1, false", "NaN, true"})
    void anAnswerOfTwoClassesIsRefusedWhenNeitherIsLikelyEnough(float probability, boolean isRefused) {
        PackageContent content = Packages.content(2);
        Manifest careful = content.manifest().toBuilder().setRefuseBelow(0.8).build();
        PackageContent refusing = new PackageContent(
                careful, content.onnx(), content.background(), content.goldenRows(), content.source());

        float[] answers = {probability};
        assertThat(ModelPackage.read(PackageWriter.write(refusing)).refuses(answers, 0))
                .isEqualTo(isRefused);
        assertThat(ModelPackage.read(PackageWriter.write(content)).refuses(answers, 0))
                .isFalse();
    }

    @Test
    void refusesGoldenRowThatDiffers() {
        PackageContent content = Packages.content(3);
        List<GoldenRow> golden = new ArrayList<>(content.goldenRows());
        GoldenRow row = golden.get(4);
        double wrong = row.answers().get(0) + (row.answers().get(0) > 0.5 ? -2e-5 : 2e-5);
        golden.set(4, new GoldenRow(row.numbers(), row.texts(), List.of(wrong)));
        byte[] bytes = PackageWriter.write(
                new PackageContent(content.manifest(), content.onnx(), content.background(), golden, content.source()));

        assertThatThrownBy(() -> LoadedPackage.load(bytes, "", LoadedPackage.COMPILED))
                .isInstanceOfSatisfying(
                        PackageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.GOLDEN_MISMATCH))
                .hasMessageContaining("golden row 5: answer 1 is ")
                .hasMessageContaining("expected: " + wrong);
    }

    @Test
    void refusesOtherDigest() {
        byte[] bytes = PackageWriter.write(Packages.content(4));
        assertThatThrownBy(() -> LoadedPackage.load(bytes, "0".repeat(64), LoadedPackage.COMPILED))
                .isInstanceOfSatisfying(
                        PackageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DIGEST_MISMATCH));
    }
}
