package io.foresell.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.pack.ModelPackage;
import io.foresell.onnxruntime.RunnablePackage;
import io.foresell.proto.registry.v1.GetVersionRequest;
import io.foresell.proto.registry.v1.ImportModelResponse;
import io.foresell.proto.registry.v1.InspectModelResponse;
import io.foresell.proto.registry.v1.ModelSignature;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.proto.registry.v1.SampleRow;
import io.foresell.proto.registry.v1.SampleRows;
import io.foresell.proto.registry.v1.SignatureBands;
import io.foresell.proto.registry.v1.SignatureInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of other libraries through the wire into the registry. */
final class ForeignImportTest extends RunningImports {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "pipeline_lightgbm",
                "pipeline_imputed_texts",
                "lightgbm_multiclass",
                "xgboost_binary",
                "nearest_neighbours_classifier",
                "k_means",
                "gaussian_mixture_full",
                "linear_regression",
                "logistic_double",
                "forest_integers",
                "text_tfidf"
            })
    void importedModelAnswersLikeTheLibraryThatTrainedIt(String name) throws Exception {
        ForeignFile file = ForeignFile.of(name);
        ImportModelResponse response = imported(name, file.signature(), file.onnx(), file.sample());
        assertThat(response.getVersion().getVersion()).isEqualTo(1);
        assertThat(response.getVersion().getAlgorithm()).isEqualTo("imported");
        assertThat(response.getEngine().equals("compiled"))
                .isEqualTo(response.getFallbackReason().isEmpty());
        ModelPackage read = ModelPackage.read(download(name));
        assertThat(read.background().sampleRows().rowCount()).isPositive();
        try (RunnablePackage runnable = RunnablePackage.load(read, 1)) {
            assertThat(runnable.scorer().engine()).isEqualTo(response.getEngine());
            Rows rows = rows(file, read.signature());
            float[] answers = new float[rows.rowCount() * read.answer().width()];
            runnable.scorer().score(rows, answers);
            for (int i = 0; i < answers.length; i++) {
                double expected = file.expected()
                        .get(i / read.answer().width())
                        .get(i % read.answer().width());
                assertThat((double) answers[i]).isCloseTo(expected, within(1e-5 * Math.max(1, Math.abs(expected))));
            }
        }
    }

    private static Rows rows(ForeignFile file, Signature signature) {
        SampleRows sample = file.sample();
        float[] numbers = new float[sample.getRowsCount() * signature.numberWidth()];
        String[] texts = new String[sample.getRowsCount() * signature.textWidth()];
        int number = 0;
        int text = 0;
        for (SampleRow row : sample.getRowsList()) {
            for (int i = 0; i < row.getCellsCount(); i++) {
                String cell = row.getCells(i);
                if (signature.input(sample.getColumns(i)).kind() == io.foresell.model.InputKind.TEXT) {
                    texts[text++] = cell;
                } else {
                    numbers[number++] = cell.isEmpty() ? Float.NaN : Float.parseFloat(cell);
                }
            }
        }
        return new Rows(sample.getRowsCount(), numbers, texts);
    }

    @Test
    void whatDoesNotCompileSaysWhichOperator() throws Exception {
        ForeignFile file = ForeignFile.of("nearest_neighbours_regressor");
        ImportModelResponse response = imported("neighbours", file.signature(), file.onnx(), file.sample());
        assertThat(response.getEngine()).isEqualTo("onnxruntime");
        assertThat(response.getFallbackReason()).startsWith("operator ");
        ModelVersion kept = service.registry()
                .getVersion(GetVersionRequest.newBuilder()
                        .setModel("neighbours")
                        .setVersion(1)
                        .build())
                .getVersion();
        assertThat(kept.getEngine()).isEqualTo("onnxruntime");
        assertThat(kept.getFallbackReason()).isEqualTo(response.getFallbackReason());
    }

    @Test
    void withoutSampleRowsAreDrawnAndThatIsSaid() throws Exception {
        ForeignFile file = ForeignFile.of("pipeline_lightgbm");
        ImportModelResponse first = imported("drawn", file.signature(), file.onnx(), null);
        assertThat(first.getWarningsList()).anyMatch(warning -> warning.startsWith("No sample rows"));
        assertThat(ModelPackage.read(download("drawn")).manifest().getLimitsList())
                .anyMatch(limit -> limit.startsWith("No sample rows"));
        assertThat(imported("drawn", file.signature(), file.onnx(), null).getVersion())
                .isEqualTo(first.getVersion());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipeline_lightgbm", "lightgbm_multiclass", "k_means", "linear_regression", "text_count"})
    void draftedSignatureImportsAsItIs(String name) throws Exception {
        ForeignFile file = ForeignFile.of(name);
        InspectModelResponse draft = inspected(file.onnx());
        assertThat(draft.getSignature().getTask()).isEqualTo(file.signature().getTask());
        assertThat(draft.getSignature().getOutput().getIsNegated())
                .isEqualTo(file.signature().getOutput().getIsNegated());
        assertThat(draft.getSignature().getInputsList())
                .extracting(SignatureInput::getName)
                .containsExactlyElementsOf(file.signature().getInputsList().stream()
                        .map(SignatureInput::getName)
                        .toList());
        assertThat(draft.getOutputsList()).isNotEmpty();
        ImportModelResponse response = imported("drafted_" + name, draft.getSignature(), file.onnx(), file.sample());
        assertThat(response.getVersion().getTask()).isEqualTo(file.signature().getTask());
    }

    @Test
    void keepsTheOriginalAndWhatWasSaidAboutIt() throws Exception {
        ForeignFile file = ForeignFile.of("pipeline_lightgbm");
        ModelSignature signature = file.signature().toBuilder()
                .setAlgorithm("boosted_trees")
                .setDescription("Who buys again")
                .setBands(SignatureBands.newBuilder().setMediumFrom(0.1).setHighFrom(0.2))
                .setEntity("customer")
                .setFeatureSet("customer_set")
                .setFeatureSetHash("abc")
                .build();
        ImportModelResponse response = imported("kept", signature, file.onnx(), file.sample());
        assertThat(response.getVersion().getAlgorithm()).isEqualTo("boosted_trees");
        assertThat(response.getVersion().getFeatureSetHash()).isEqualTo("abc");
        assertThat(response.getVersion().getParametersMap())
                .containsEntry("source_sha256", ModelPackage.digestOf(file.onnx()))
                .containsEntry("source_file", "original.onnx");
        byte[] bytes = download("kept");
        ModelPackage read = ModelPackage.read(bytes);
        assertThat(read.manifest().getBands().getHighFrom()).isEqualTo(0.2);
        assertThat(read.manifest().getDescription()).isEqualTo("Who buys again");
        assertThat(ByteString.copyFrom(bytes).toStringUtf8()).contains("source/original.onnx");
    }
}
