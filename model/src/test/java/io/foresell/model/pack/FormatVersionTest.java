package io.foresell.model.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.PackageException;
import io.foresell.model.PackageException.Reason;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.ExplanationKind;
import io.foresell.model.scorer.SampleRows;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A package carries the lowest format version whose readers would not misread it. */
class FormatVersionTest {
    private static final PackageContent BINARY = Packages.content(5);

    private static PackageContent with(UnaryOperator<Manifest.Builder> change) {
        return new PackageContent(
                change.apply(BINARY.manifest().toBuilder()).build(),
                BINARY.onnx(),
                BINARY.background(),
                BINARY.goldenRows(),
                BINARY.source());
    }

    private static PackageContent with(Background background) {
        return new PackageContent(BINARY.manifest(), BINARY.onnx(), background, BINARY.goldenRows(), BINARY.source());
    }

    /** The same graph, its probability taken for a number. */
    private static PackageContent regression() {
        Answer answer = new Answer(Task.REGRESSION, "probability", 0, List.of());
        return with(manifest -> manifest.setTask("regression").clearBands().setAnswer(PackageContent.answerOf(answer)));
    }

    private static String entry(byte[] packageBytes, String name) {
        return new String(Entries.read(packageBytes).getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
    }

    private static PackageException refusal(PackageContent content, String old, String replacement) {
        byte[] sound = PackageWriter.write(content);
        Map<String, byte[]> entries = new LinkedHashMap<>(Entries.read(sound));
        entries.replaceAll((name, bytes) -> name.endsWith(".onnx")
                ? bytes
                : new String(bytes, StandardCharsets.UTF_8)
                        .replace(old, replacement)
                        .getBytes(StandardCharsets.UTF_8));
        PackageException refusal =
                catchThrowableOfType(PackageException.class, () -> ModelPackage.read(Entries.write(entries)));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    @Test
    void oneProbabilityIsWrittenAsBefore() {
        byte[] plain = PackageWriter.write(BINARY);
        assertThat(ModelPackage.read(plain).manifest().getFormatVersion()).isEqualTo(1);
        assertThat(entry(plain, "manifest.json")).doesNotContain("answer").doesNotContain("goldenTolerance");
        assertThat(entry(plain, "golden.jsonl")).contains("probability").doesNotContain("answers");
        byte[] said = PackageWriter.write(with(manifest ->
                manifest.setAnswer(PackageContent.answerOf(Answer.binary())).setGoldenTolerance(1e-5)));
        assertThat(said).isEqualTo(plain);
    }

    @Test
    void whatOlderReadersMayIgnoreNeedsNoNewerFormat() {
        byte[] bytes = PackageWriter.write(with(
                manifest -> manifest.putMeaning("en", "risk").setThreshold(0.4).setCalibration("platt")));
        ModelPackage read = ModelPackage.read(bytes);
        assertThat(read.manifest().getFormatVersion()).isEqualTo(1);
        assertThat(read.manifest().getThreshold()).isEqualTo(0.4);
        assertThat(read.manifest().getMeaningMap()).containsEntry("en", "risk");
    }

    @Test
    void anotherAnswerNeedsTheSecondFormat() {
        byte[] bytes = PackageWriter.write(regression());
        LoadedPackage loaded = LoadedPackage.load(bytes, "", LoadedPackage.COMPILED);
        assertThat(loaded.modelPackage().manifest().getFormatVersion()).isEqualTo(2);
        assertThat(loaded.modelPackage().answer().task()).isEqualTo(Task.REGRESSION);
        assertThat(loaded.modelPackage().band(0.5)).isEmpty();
        assertThat(entry(bytes, "golden.jsonl")).contains("answers").doesNotContain("probability");
    }

    @Test
    void aWiderToleranceNeedsTheSecondFormatAndHolds() {
        List<GoldenRow> golden = new ArrayList<>(BINARY.goldenRows());
        GoldenRow row = golden.get(2);
        golden.set(
                2,
                new GoldenRow(row.numbers(), row.texts(), List.of(row.answers().get(0) + 4e-5)));
        PackageContent wide = with(manifest -> manifest.setGoldenTolerance(5e-5));
        byte[] bytes = PackageWriter.write(
                new PackageContent(wide.manifest(), wide.onnx(), wide.background(), golden, wide.source()));
        assertThat(LoadedPackage.load(bytes, "", LoadedPackage.COMPILED)
                        .modelPackage()
                        .goldenTolerance())
                .isEqualTo(5e-5);
        byte[] usual = PackageWriter.write(
                new PackageContent(BINARY.manifest(), wide.onnx(), wide.background(), golden, wide.source()));
        assertThat(catchThrowableOfType(
                                PackageException.class, () -> LoadedPackage.load(usual, "", LoadedPackage.COMPILED))
                        .reason())
                .isEqualTo(Reason.GOLDEN_MISMATCH);
    }

    @Test
    void toleranceIsRelativeBeyondOne() {
        // The graph answers 0.5 or so; golden answers around 1e4 would be far off whatever the scale.
        List<GoldenRow> golden = BINARY.goldenRows().stream()
                .map(row -> new GoldenRow(
                        row.numbers(), row.texts(), List.of(row.answers().get(0) + 1e4)))
                .toList();
        PackageContent content = regression();
        byte[] bytes = PackageWriter.write(
                new PackageContent(content.manifest(), content.onnx(), content.background(), golden, content.source()));
        PackageException refusal = catchThrowableOfType(
                PackageException.class, () -> LoadedPackage.load(bytes, "", LoadedPackage.COMPILED));
        assertThat(refusal).hasMessageContaining("+-0.1000");
    }

    @Test
    void keepsSampleRowsAndTheKindOfExplanation() {
        Signature signature = BINARY.signature();
        float[] numbers = new float[3 * signature.numberWidth()];
        numbers[1] = Float.NaN;
        String[] texts = new String[3 * signature.textWidth()];
        Arrays.fill(texts, "一年");
        SampleRows samples = SampleRows.of(new Rows(3, numbers, texts));
        Background background = BINARY.background().with(samples, ExplanationKind.INTERVENTIONAL);
        byte[] bytes = PackageWriter.write(with(background));
        assertThat(ModelPackage.read(bytes).background()).isEqualTo(background);
        assertThat(ModelPackage.read(bytes).manifest().getFormatVersion()).isEqualTo(1);
        assertThat(background.sampleRows().rows().texts()).isEqualTo(texts);
    }

    @Test
    void drawsSampleRowsEvenly() {
        Signature signature = Signature.of(List.of(InputField.number("x")));
        Rows rows = new Rows(5, new float[] {0, 1, 2, 3, 4}, new String[0]);
        assertThat(SampleRows.evenly(signature, rows, 3).rows().numbers()).containsExactly(0, 1, 3);
        assertThat(SampleRows.evenly(signature, rows, 9).rowCount()).isEqualTo(5);
    }

    @Test
    void refusesWhatContradictsItsFormat() {
        assertRefused(refusal(regression(), "\"formatVersion\": 2", "\"formatVersion\": 1"), "task: regression");
        assertRefused(refusal(BINARY, "\"formatVersion\": 1", "\"formatVersion\": 0"), "0 (expected: 1..2)");
        assertRefused(refusal(BINARY, "\"formatVersion\": 1", "\"formatVersion\": 2"), "answer: absent");
        assertRefused(
                refusal(BINARY, "\"formatVersion\": 1", "\"formatVersion\": 1, \"goldenTolerance\": 1e-4"),
                "golden_tolerance: given (expected: format_version 2)");
        assertRefused(
                refusal(BINARY, "\"formatVersion\": 1", "\"formatVersion\": 1, \"answer\": {\"output\": \"x\"}"),
                "answer: given (expected: format_version 2)");
        assertRefused(
                refusal(regression(), "\"formatVersion\": 2", "\"formatVersion\": 2, \"goldenTolerance\": 1e-3"),
                "golden_tolerance: 0.001 (expected: 0..1.0E-4)");
        assertRefused(
                refusal(regression(), "\"formatVersion\": 2", "\"formatVersion\": 2, \"goldenTolerance\": \"NaN\""),
                "golden_tolerance: NaN");
        assertRefused(
                refusal(BINARY, "\"formatVersion\": 1", "\"formatVersion\": 1, \"threshold\": 1.5"), "threshold: 1.5");
        assertRefused(
                refusal(BINARY, "\"formatVersion\": 1", "\"formatVersion\": 1, \"refuseBelow\": 0"),
                "refuse_below: 0.0 (expected: above 0, at most 1, of task binary or multiclass)");
        assertRefused(
                refusal(regression(), "\"formatVersion\": 2", "\"formatVersion\": 2, \"refuseBelow\": 0.5"),
                "refuse_below: 0.5");
        assertRefused(
                refusal(BINARY, "\"formatVersion\": 1", "\"formatVersion\": 1, \"meaning\": {\"en\": \"  \"}"),
                "meaning");
        assertRefused(
                refusal(regression(), "\"regression\"", "\"fortune\""), "task: fortune (expected: one of [binary");
        assertRefused(refusal(regression(), "\"regression\"", "\"ranking\""), "labels: 0 for task ranking");
    }

    private static void assertRefused(PackageException refusal, String message) {
        assertThat(refusal).hasMessageContaining(message);
        assertThat(refusal.reason()).isEqualTo(Reason.BAD_MANIFEST);
    }

    @Test
    void refusesGoldenAnswersOfAnotherWidthOrRange() {
        assertThat(refusal(regression(), "\"answers\":[", "\"answers\":[1,").reason())
                .isEqualTo(Reason.BAD_GOLDEN);
        assertThat(refusal(regression(), "\"answers\":[", "\"answers\":[\"Infinity\"],\"x\":[")
                        .reason())
                .isEqualTo(Reason.BAD_GOLDEN);
        assertThat(refusal(BINARY, "\"probability\":", "\"probability\":7").reason())
                .isEqualTo(Reason.BAD_GOLDEN);
    }

    @Test
    void refusesSamplesThatDoNotFit() {
        String old = "{\n  \"numbers\": [{";
        assertThat(refusal(
                        BINARY, old, "{\n  \"explanation\": \"EXPLANATION_KIND_INTERVENTIONAL\",\n  \"numbers\": [{"))
                .hasMessageContaining("sample_rows: 0 (expected: 1..256")
                .extracting(PackageException::reason)
                .isEqualTo(Reason.BAD_REASONS);
        assertThat(refusal(BINARY, old, "{\n  \"sampleRows\": [{\"numbers\": [1]}],\n  \"numbers\": [{"))
                .hasMessageContaining("sample row 1");
        assertThat(refusal(BINARY, old, "{\n  \"sampleRows\": [" + "{},".repeat(300) + "{}],\n  \"numbers\": [{"))
                .hasMessageContaining("sample_rows: 301");
    }
}
