package io.foresell.training.registry.foreign;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.model.adopt.AdoptedGraph;
import io.foresell.model.adopt.Adoption;
import io.foresell.model.adopt.Element;
import io.foresell.model.adopt.ForeignGraph;
import io.foresell.model.adopt.ForeignPort;
import io.foresell.model.manifest.Bands;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.manifest.Provenance;
import io.foresell.model.pack.GoldenRow;
import io.foresell.model.pack.ModelPackage;
import io.foresell.model.pack.PackageContent;
import io.foresell.model.pack.PackageWriter;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.ExplanationKind;
import io.foresell.model.scorer.SampleRows;
import io.foresell.onnxruntime.OnnxRuntimeScorer;
import io.foresell.onnxruntime.RunnablePackage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A foreign file made into a package: the graph asked by columns, ONNX Runtime's answers as golden rows.
 *
 * @param bytes the package file; equal imports give equal bytes
 * @param engine what runs it: "compiled" or "onnxruntime"
 * @param fallbackReason why it does not compile; empty when it does
 * @param warnings what the person who brings it must know
 */
@SuppressWarnings("ArrayRecordComponent")
public record ForeignPackage(byte[] bytes, String engine, String fallbackReason, List<String> warnings) {
    /** The largest file taken, as large as a package's graph may be. */
    public static final int MAX_ONNX_BYTES = 64 << 20;

    private static final int JUDGE_THREADS = 1;
    private static final Bands DEFAULT_BANDS =
            Bands.newBuilder().setMediumFrom(0.3).setHighFrom(0.7).build();

    // So many floats of sample rows at most: they travel as text.
    private static final int MAX_SAMPLE_VALUES = 400_000;

    /**
     * Makes the package.
     *
     * @param fileName the file's plain name, under which it is kept
     * @throws ServiceException INVALID_ARGUMENT when file, signature and sample do not fit together
     */
    public static ForeignPackage of(
            String model, String fileName, byte[] onnx, ForeignSignature signature, Sample sample) {
        return Refusals.of(() -> assembled(model, fileName, onnx, signature, sample));
    }

    private static ForeignPackage assembled(
            String model, String fileName, byte[] onnx, ForeignSignature signature, Sample sample) {
        List<String> warnings = new ArrayList<>();
        ForeignGraph graph = ForeignGraph.inspect(onnx);
        Answer wish = AnswerChoice.of(graph, signature);
        AdoptedGraph adopted = graph.adopt(new Adoption(
                columns(graph, signature, warnings), wish, signature.output().isNegated()));
        Rows rows =
                sample.isEmpty() ? DrawnRows.of(adopted.onnx(), adopted.signature()) : sample.rows(adopted.signature());
        if (sample.isEmpty()) {
            warnings.add(
                    "No sample rows came with the model: golden rows were drawn at random, and reasons compare with them.");
        }
        List<GoldenRow> golden = new JudgedRows(adopted, rows, warnings).golden();
        byte[] bytes = PackageWriter.write(new PackageContent(
                manifest(model, fileName, onnx, graph, signature, adopted, warnings),
                adopted.onnx(),
                background(adopted.signature(), rows, sample.isEmpty()),
                golden,
                Map.of(fileName, onnx)));
        try (RunnablePackage runnable = RunnablePackage.load(ModelPackage.read(bytes), JUDGE_THREADS)) {
            return new ForeignPackage(
                    bytes, runnable.scorer().engine(), runnable.fallbackReason(), List.copyOf(warnings));
        }
    }

    private static Map<String, List<InputField>> columns(
            ForeignGraph graph, ForeignSignature signature, List<String> warnings) {
        Map<String, List<InputField>> columns = new LinkedHashMap<>();
        Map<String, Element> elements = new LinkedHashMap<>();
        graph.inputs().forEach(input -> elements.put(input.name(), input.element()));
        signature.inputs().forEach((input, given) -> {
            boolean isText = elements.get(input) == Element.STRING;
            columns.put(
                    input, given.stream().map(column -> field(column, isText)).toList());
        });
        for (ForeignPort input : graph.inputs()) {
            boolean isWhole =
                    switch (input.element()) {
                        case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, BOOL -> true;
                        case FLOAT, DOUBLE, FLOAT16, BFLOAT16, STRING, OTHER, SEQUENCE -> false;
                    };
            if (isWhole) {
                warnings.add("Input %s takes whole numbers: a missing value has none, and fractions are cut off."
                        .formatted(input.name()));
            }
        }
        return columns;
    }

    private static InputField field(ForeignSignature.Column column, boolean isText) {
        InputKind asked = column.kind();
        InputKind kind = asked != null ? asked : isText ? InputKind.TEXT : InputKind.NUMBER;
        return new InputField(column.name(), kind, column.width());
    }

    private static Background background(Signature signature, Rows rows, boolean isDrawn) {
        Background background = Background.of(signature, rows);
        int rowWidth = signature.numberWidth() + signature.textWidth();
        int count = Math.max(1, Math.min(SampleRows.MAX_ROWS, MAX_SAMPLE_VALUES / rowWidth));
        return isDrawn
                ? background
                : background.with(SampleRows.evenly(signature, rows, count), ExplanationKind.AUTOMATIC);
    }

    private static Manifest manifest(
            String model,
            String fileName,
            byte[] onnx,
            ForeignGraph graph,
            ForeignSignature signature,
            AdoptedGraph adopted,
            List<String> warnings) {
        Map<String, String> descriptions = new LinkedHashMap<>();
        signature
                .inputs()
                .values()
                .forEach(columns -> columns.forEach(column -> descriptions.put(column.name(), column.description())));
        Manifest.Builder manifest = Manifest.newBuilder()
                .setModel(model)
                .setTask(signature.task().key())
                .setAlgorithm(signature.algorithm().isEmpty() ? "imported" : signature.algorithm())
                .setDescription(signature.description())
                .setEntity(signature.entity())
                .setFeatureSet(signature.featureSet())
                .setFeatureSetHash(signature.featureSetHash())
                .addAllInputs(PackageContent.inputsOf(adopted.signature(), descriptions))
                .setAnswer(PackageContent.answerOf(adopted.answer()))
                .setProvenance(provenance(fileName, onnx, graph))
                .addLimits("Trained elsewhere: Foresell knows neither its training data nor how well it does.")
                .addAllLimits(warnings);
        Bands bands = signature.bands();
        if (bands != null && signature.task() != Task.BINARY && signature.task() != Task.REGRESSION) {
            throw new ServiceException(Failure.invalid(
                    "SIGNATURE_INVALID",
                    "signature.bands",
                    "given",
                    "none for task " + signature.task().key()));
        }
        if (bands != null || signature.task() == Task.BINARY) {
            manifest.setBands(bands == null ? DEFAULT_BANDS : bands);
        }
        return manifest.build();
    }

    private static Provenance provenance(String fileName, byte[] onnx, ForeignGraph graph) {
        return Provenance.newBuilder()
                .putParameters("source_file", fileName)
                .putParameters("source_sha256", ModelPackage.digestOf(onnx))
                .putParameters("producer", graph.producer())
                .putParameters("judge", "onnxruntime " + OnnxRuntimeScorer.version())
                .build();
    }
}
