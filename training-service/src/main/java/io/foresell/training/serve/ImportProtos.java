package io.foresell.training.serve;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputKind;
import io.foresell.model.Task;
import io.foresell.model.adopt.ForeignPort;
import io.foresell.model.manifest.Bands;
import io.foresell.proto.registry.v1.ColumnKind;
import io.foresell.proto.registry.v1.GraphOutput;
import io.foresell.proto.registry.v1.ImportModelResponse;
import io.foresell.proto.registry.v1.InspectModelResponse;
import io.foresell.proto.registry.v1.ModelSignature;
import io.foresell.proto.registry.v1.SignatureBands;
import io.foresell.proto.registry.v1.SignatureColumn;
import io.foresell.proto.registry.v1.SignatureInput;
import io.foresell.proto.registry.v1.SignatureOutput;
import io.foresell.training.registry.foreign.ForeignImports.Imported;
import io.foresell.training.registry.foreign.ForeignSignature;
import io.foresell.training.registry.foreign.SignatureDraft;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The messages of imports, both ways. */
final class ImportProtos {
    private ImportProtos() {}

    /**
     * Returns what a signature says.
     *
     * @throws ServiceException INVALID_ARGUMENT naming the field
     */
    static ForeignSignature toSignature(ModelSignature message) {
        Map<String, List<ForeignSignature.Column>> inputs = new LinkedHashMap<>();
        for (int i = 0; i < message.getInputsCount(); i++) {
            SignatureInput input = message.getInputs(i);
            String path = "signature.inputs[%d]".formatted(i);
            List<ForeignSignature.Column> columns = input.getColumnsList().stream()
                    .map(column -> toColumn(path, column))
                    .toList();
            if (inputs.put(input.getName(), columns) != null) {
                throw invalid(path + ".name", input.getName(), "each input of the graph once");
            }
        }
        SignatureOutput output = message.getOutput();
        return new ForeignSignature(
                toTask(message.getTask()),
                message.getDescription(),
                message.getAlgorithm(),
                new ForeignSignature.Output(
                        output.getName(),
                        output.hasColumn() ? output.getColumn() : null,
                        output.getLabelsList(),
                        output.getIsNegated()),
                inputs,
                message.hasBands() ? toBands(message.getBands()) : null,
                message.getEntity(),
                message.getFeatureSet(),
                message.getFeatureSetHash());
    }

    private static Task toTask(String key) {
        try {
            return Task.of(key);
        } catch (IllegalArgumentException e) {
            throw new ServiceException(Failure.invalid("SIGNATURE_INVALID", "signature." + e.getMessage()), e);
        }
    }

    private static Bands toBands(SignatureBands bands) {
        double medium = bands.getMediumFrom();
        double high = bands.getHighFrom();
        if (!(medium >= 0 && medium <= high && high <= 1)) {
            throw invalid("signature.bands", medium + ", " + high, "0 <= medium_from <= high_from <= 1");
        }
        return Bands.newBuilder().setMediumFrom(medium).setHighFrom(high).build();
    }

    private static ForeignSignature.Column toColumn(String path, SignatureColumn column) {
        if (column.getName().isEmpty()) {
            throw invalid(path + ".columns", "one without a name", "a name for each");
        }
        return new ForeignSignature.Column(
                column.getName(),
                toKind(path, column),
                column.getWidth() == 0 ? 1 : column.getWidth(),
                column.getDescription());
    }

    private static @Nullable InputKind toKind(String path, SignatureColumn column) {
        return switch (column.getKind()) {
            case COLUMN_KIND_UNSPECIFIED -> null;
            case COLUMN_KIND_NUMBER -> InputKind.NUMBER;
            case COLUMN_KIND_TEXT -> InputKind.TEXT;
            case UNRECOGNIZED -> throw invalid(
                    "%s.columns['%s'].kind".formatted(path, column.getName()), column.getKindValue(), "number or text");
        };
    }

    private static ServiceException invalid(String field, Object value, String expected) {
        return new ServiceException(Failure.invalid("SIGNATURE_INVALID", field, value, expected));
    }

    static ImportModelResponse ofImported(Imported imported) {
        return ImportModelResponse.newBuilder()
                .setVersion(RegistryProtos.ofVersion(imported.version()))
                .setEngine(imported.engine())
                .setFallbackReason(imported.fallbackReason())
                .addAllWarnings(imported.warnings())
                .build();
    }

    static InspectModelResponse ofDraft(SignatureDraft draft) {
        ForeignSignature signature = draft.signature();
        ModelSignature.Builder message =
                ModelSignature.newBuilder().setTask(signature.task().key());
        SignatureOutput.Builder output = SignatureOutput.newBuilder()
                .setName(signature.output().name())
                .addAllLabels(signature.output().labels())
                .setIsNegated(signature.output().isNegated());
        Integer column = signature.output().column();
        if (column != null) {
            output.setColumn(column);
        }
        message.setOutput(output);
        signature
                .inputs()
                .forEach((name, columns) -> message.addInputs(SignatureInput.newBuilder()
                        .setName(name)
                        .addAllColumns(
                                columns.stream().map(ImportProtos::ofColumn).toList())));
        InspectModelResponse.Builder response = InspectModelResponse.newBuilder()
                .setSignature(message)
                .setProducer(draft.producer())
                .addAllWarnings(draft.warnings());
        for (ForeignPort port : draft.outputs()) {
            response.addOutputs(GraphOutput.newBuilder()
                    .setName(port.name())
                    .setType(port.toString().substring(port.name().length() + 2)));
        }
        return response.build();
    }

    private static SignatureColumn ofColumn(ForeignSignature.Column column) {
        return SignatureColumn.newBuilder()
                .setName(column.name())
                .setKind(column.kind() == InputKind.TEXT ? ColumnKind.COLUMN_KIND_TEXT : ColumnKind.COLUMN_KIND_NUMBER)
                .build();
    }
}
