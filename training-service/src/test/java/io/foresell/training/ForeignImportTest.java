package io.foresell.training;

import static io.foresell.training.TestService.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import io.foresell.kit.Failure;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.TensorProto;
import io.foresell.model.pack.ModelPackage;
import io.foresell.onnxruntime.RunnablePackage;
import io.foresell.proto.registry.v1.DownloadPackageRequest;
import io.foresell.proto.registry.v1.GetVersionRequest;
import io.foresell.proto.registry.v1.ImportModelHeader;
import io.foresell.proto.registry.v1.ImportModelRequest;
import io.foresell.proto.registry.v1.ImportModelResponse;
import io.foresell.proto.registry.v1.InspectModelRequest;
import io.foresell.proto.registry.v1.InspectModelResponse;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc;
import io.foresell.proto.registry.v1.ModelSignature;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.proto.registry.v1.SampleRow;
import io.foresell.proto.registry.v1.SampleRows;
import io.foresell.proto.registry.v1.SignatureBands;
import io.foresell.proto.registry.v1.SignatureColumn;
import io.foresell.proto.registry.v1.SignatureInput;
import io.foresell.store.embedded.EmbeddedStore;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of other libraries through the wire into the registry, and everything that can be wrong with them. */
final class ForeignImportTest {
    private static final EmbeddedStore STORE = EmbeddedStore.inMemory();

    @TempDir
    static Path scratch;

    private static TestService service;

    @BeforeAll
    static void start() {
        service = new TestService(STORE.uri(), scratch, TestService.NO_TRAINER, Map.of());
    }

    @AfterAll
    static void stop() {
        service.close();
        STORE.close();
    }

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

    private static byte[] download(String model) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        service.registry()
                .downloadPackage(DownloadPackageRequest.newBuilder()
                        .setModel(model)
                        .setVersion(1)
                        .build())
                .forEachRemaining(
                        response -> bytes.writeBytes(response.getChunk().toByteArray()));
        return bytes.toByteArray();
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

    @Test
    void refusesFilesThatAreNoGraphs() {
        ForeignFile file = ForeignFile.of("linear_regression");
        refused(
                Status.Code.INVALID_ARGUMENT,
                "BAD_GRAPH",
                "not an ONNX file",
                file.signature(),
                "hello".getBytes(StandardCharsets.UTF_8),
                null);
        refused(
                Status.Code.INVALID_ARGUMENT,
                "FILE_EMPTY",
                "(expected: an ONNX file)",
                file.signature(),
                new byte[0],
                null);
        byte[] cut = Arrays.copyOf(file.onnx(), file.onnx().length / 2);
        refused(Status.Code.INVALID_ARGUMENT, "BAD_GRAPH", "model.onnx", file.signature(), cut, null);
        refused(
                Status.Code.INVALID_ARGUMENT,
                "FILE_TOO_LARGE",
                "more than 67108864",
                file.signature(),
                new byte[(64 << 20) + 1],
                null);
    }

    @Test
    void refusesUnknownOperatorSets() {
        ForeignFile file = ForeignFile.of("linear_regression");
        byte[] future =
                changed(file, model -> model.getOpsetImportBuilderList().forEach(opset -> opset.setVersion(99)));
        Failure failure = refused(
                Status.Code.INVALID_ARGUMENT, "BAD_GRAPH", "onnxruntime", file.signature(), future, file.sample());
        assertThat(failure.message()).contains("opset");
    }

    @Test
    void refusesWeightsThatAreNoNumbers() {
        ForeignFile file = ForeignFile.of("mlp_regressor");
        byte[] broken = changed(file, model -> {
            TensorProto.Builder weights = model.getGraphBuilder().getInitializerBuilderList().stream()
                    .filter(tensor -> tensor.getDataType() == TensorProto.DataType.FLOAT.getNumber())
                    .findFirst()
                    .orElseThrow();
            if (weights.getFloatDataCount() > 0) {
                weights.setFloatData(0, Float.NaN);
            } else {
                byte[] raw = weights.getRawData().toByteArray();
                raw[2] = (byte) 0xC0;
                raw[3] = 0x7F;
                weights.setRawData(ByteString.copyFrom(raw));
            }
        });
        refused(
                Status.Code.INVALID_ARGUMENT,
                "ANSWER_INVALID",
                "answer NaN (expected: a finite number)",
                file.signature(),
                broken,
                file.sample());
    }

    @Test
    void refusesShapesThatAreNotSaid() {
        ForeignFile file = ForeignFile.of("linear_regression");
        byte[] open = changed(file, model -> model.getGraphBuilder()
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(1)
                .setDimParam("columns"));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "SIGNATURE_INVALID",
                "fixed dimensions but the first",
                file.signature(),
                open,
                file.sample());
    }

    @Test
    void refusesSignaturesThatDoNotFit() {
        ForeignFile file = ForeignFile.of("lightgbm_multiclass");
        misfit(file, "signature.output.labels: 4 (expected: 3 labels, one for each column", s -> s.getOutputBuilder()
                .addLabels("more"));
        misfit(file, "expected: an output of the graph", s -> s.getOutputBuilder()
                .setName("scores"));
        misfit(file, "task: fortune (expected: one of [binary", s -> s.setTask("fortune"));
        misfit(file, "columns of 7 values (expected: 6)", s -> s.getInputsBuilder(0)
                .addColumns(column("extra")));
        misfit(file, "no columns (expected: some for each input)", s -> s.clearInputs());
        misfit(file, "input: other (expected: one of", s -> s.getInputsBuilder(0)
                .setName("other"));
        misfit(file, "a name for each", s -> s.getInputsBuilder(0)
                .getColumnsBuilder(2)
                .clearName());
        misfit(file, "is a TEXT", s -> s.getInputsBuilder(0)
                .getColumnsBuilder(0)
                .setKind(io.foresell.proto.registry.v1.ColumnKind.COLUMN_KIND_TEXT));
        misfit(file, "none for task multiclass", s -> s.getBandsBuilder().setHighFrom(1));
        misfit(file, "0 <= medium_from <= high_from <= 1", s -> s.getBandsBuilder()
                .setMediumFrom(2));
        misfit(file, "entity, feature_set and feature_set_hash together", s -> s.setFeatureSet("customer_set"));
    }

    private static SignatureColumn column(String name) {
        return SignatureColumn.newBuilder().setName(name).build();
    }

    private static void misfit(ForeignFile file, String message, Consumer<ModelSignature.Builder> change) {
        ModelSignature.Builder signature = file.signature().toBuilder();
        change.accept(signature);
        refused(
                Status.Code.INVALID_ARGUMENT,
                "SIGNATURE_INVALID",
                message,
                signature.build(),
                file.onnx(),
                file.sample());
    }

    @Test
    void refusesSamplesThatDoNotFit() {
        ForeignFile file = ForeignFile.of("pipeline_lightgbm");
        badSample(file, "no 'age' (expected: every column of the model", s -> s.setColumns(0, "years"));
        badSample(file, "unique names", s -> s.setColumns(0, "city"));
        badSample(file, "sample.rows[1].spend: 'much' (expected: a number", s -> s.getRowsBuilder(1)
                .setCells(1, "much"));
        badSample(file, "'1e99' (expected: a number within", s -> s.getRowsBuilder(0)
                .setCells(2, "1e99"));
        badSample(
                file,
                "sample.rows[0]: 4 (expected: 5 cells",
                s -> s.setRows(0, SampleRow.newBuilder().addAllCells(List.of("1", "2", "3", "4"))));
    }

    private static void badSample(ForeignFile file, String message, Consumer<SampleRows.Builder> change) {
        SampleRows.Builder sample = file.sample().toBuilder();
        change.accept(sample);
        refused(Status.Code.INVALID_ARGUMENT, "SAMPLE_INVALID", message, file.signature(), file.onnx(), sample.build());
    }

    @Test
    void refusesAnswersThatAreNoProbabilities() {
        ForeignFile file = ForeignFile.of("linear_regression");
        ModelSignature binary = file.signature().toBuilder().setTask("binary").build();
        refused(
                Status.Code.INVALID_ARGUMENT,
                "ANSWER_INVALID",
                "a probability in 0..1 for task binary",
                binary,
                file.onnx(),
                file.sample());
    }

    private static Failure refused(
            Status.Code code, String reason, String message, ModelSignature signature, byte[] onnx, SampleRows sample) {
        Failure failure = assertRefused(code, reason, () -> imported("refused", signature, onnx, sample));
        assertThat(failure.message()).contains(message);
        assertRefused(Status.Code.NOT_FOUND, "MODEL_NOT_FOUND", () -> download("refused"));
        return failure;
    }

    private static byte[] changed(ForeignFile file, Consumer<ModelProto.Builder> change) {
        try {
            ModelProto.Builder model = ModelProto.parseFrom(file.onnx()).toBuilder();
            change.accept(model);
            return model.build().toByteArray();
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ImportModelResponse imported(String model, ModelSignature signature, byte[] onnx, SampleRows sample)
            throws Exception {
        return call(stub()::importModel, requests -> {
            requests.onNext(ImportModelRequest.newBuilder()
                    .setHeader(ImportModelHeader.newBuilder().setModel(model).setSignature(signature))
                    .build());
            chunks(
                    onnx,
                    chunk -> requests.onNext(
                            ImportModelRequest.newBuilder().setChunk(chunk).build()));
            if (sample != null) {
                requests.onNext(
                        ImportModelRequest.newBuilder().setSample(sample).build());
            }
        });
    }

    private static InspectModelResponse inspected(byte[] onnx) throws Exception {
        return call(
                stub()::inspectModel,
                requests -> chunks(
                        onnx,
                        chunk -> requests.onNext(
                                InspectModelRequest.newBuilder().setChunk(chunk).build())));
    }

    private static ModelRegistryServiceGrpc.ModelRegistryServiceStub stub() {
        return ModelRegistryServiceGrpc.newStub(service.channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    private static void chunks(byte[] onnx, Consumer<ByteString> take) {
        for (int from = 0; from < onnx.length; from += 1 << 20) {
            take.accept(ByteString.copyFrom(onnx, from, Math.min(1 << 20, onnx.length - from)));
        }
    }

    private static <Q, A> A call(
            Function<StreamObserver<A>, StreamObserver<Q>> method, Consumer<StreamObserver<Q>> send) throws Exception {
        CompletableFuture<A> answer = new CompletableFuture<>();
        StreamObserver<Q> requests = method.apply(new StreamObserver<>() {
            @Override
            public void onNext(A message) {
                answer.complete(message);
            }

            @Override
            public void onError(Throwable error) {
                answer.completeExceptionally(error);
            }

            @Override
            public void onCompleted() {}
        });
        send.accept(requests);
        requests.onCompleted();
        try {
            return answer.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (StatusRuntimeException) e.getCause();
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
