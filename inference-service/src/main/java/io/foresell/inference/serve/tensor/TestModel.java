package io.foresell.inference.serve.tensor;

import com.google.protobuf.ByteString;
import io.foresell.inference.route.CallStatistics;
import io.foresell.inference.route.Usage;
import io.foresell.inference.shadow.AnsweredRows;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A built-in model that needs no package, under a name that clients' own examples ask for.
 *
 * @param width second dimension; -1 for any
 * @param maxRows greatest first dimension
 */
record TestModel(String name, Kind kind, Datatype datatype, long width, int maxRows, CallStatistics statistics)
        implements TensorModel {
    private static final String VERSION = "1";
    private static final List<String> ONE_INPUT = List.of("INPUT0");
    private static final List<String> TWO_INPUTS = List.of("INPUT0", "INPUT1");
    private static final List<String> ONE_OUTPUT = List.of("OUTPUT0");
    private static final List<String> TWO_OUTPUTS = List.of("OUTPUT0", "OUTPUT1");

    /** What a test model computes. */
    enum Kind {
        /** OUTPUT0 = INPUT0. */
        IDENTITY,
        /** OUTPUT0 = INPUT0 + INPUT1, OUTPUT1 = INPUT0 - INPUT1, wrapping around; of texts the whole numbers they hold. */
        ADD_SUB
    }

    @Override
    public String version() {
        return VERSION;
    }

    @Override
    public List<String> versions() {
        return List.of(VERSION);
    }

    @Override
    public String platform() {
        return "foresell_test";
    }

    @Override
    public List<TensorSpec> inputs() {
        return specs(kind == Kind.IDENTITY ? ONE_INPUT : TWO_INPUTS);
    }

    @Override
    public List<TensorSpec> outputs() {
        return specs(kind == Kind.IDENTITY ? ONE_OUTPUT : TWO_OUTPUTS);
    }

    private List<TensorSpec> specs(List<String> names) {
        return names.stream()
                .map(tensor -> TensorSpec.of(tensor, datatype, TensorSpec.ANY, width))
                .toList();
    }

    @Override
    public Map<String, String> facts() {
        return Map.of();
    }

    @Override
    public @Nullable Usage usage() {
        return null;
    }

    @Override
    public double nanos(TensorRequest request) {
        return 0;
    }

    @Override
    public void answered(long totalNanos, int rowCount) {}

    @Override
    public void failed(Throwable error) {}

    @Override
    public boolean isHeldOut() {
        return false;
    }

    @Override
    public List<OutputTensor> infer(TensorRequest request, RowIds ids, Phases phases, Consumer<AnsweredRows> shadows) {
        List<String> names = kind == Kind.IDENTITY ? ONE_INPUT : TWO_INPUTS;
        for (InputTensor input : request.inputs().values()) {
            if (!names.contains(input.name())) {
                throw new ServiceException(
                        Failure.invalid("INPUT_UNKNOWN", "inputs", input.name(), "of " + String.join(", ", names)));
            }
        }
        List<InputTensor> inputs = new ArrayList<>();
        for (String tensor : names) {
            InputTensor input = request.inputs().get(tensor);
            if (input == null) {
                throw new ServiceException(Failure.invalid(
                        "INPUT_MISSING",
                        "inputs: missing %s (expected: %s)".formatted(tensor, String.join(", ", names))));
            }
            requireFit(input, request.rowCount());
            inputs.add(input);
        }
        List<String> wanted = wanted(request);
        phases.read();
        List<OutputTensor> outputs = new ArrayList<>();
        for (String output : wanted) {
            outputs.add(
                    kind == Kind.IDENTITY
                            ? identity(output, inputs.get(0))
                            : addSub(output, inputs.get(0), inputs.get(1), output.equals("OUTPUT0") ? 1 : -1));
        }
        phases.inferred();
        return outputs;
    }

    private void requireFit(InputTensor input, int rowCount) {
        if (input.datatype() != datatype) {
            throw new ServiceException(Failure.invalid(
                    "INPUT_TYPE", input.path() + ".datatype", input.datatype().name(), datatype.name()));
        }
        List<Long> shape = input.shape();
        boolean isFitting = shape.size() == 2
                && shape.get(0) == rowCount
                && rowCount >= 1
                && rowCount <= maxRows
                && (width == TensorSpec.ANY || shape.get(1) == width);
        if (!isFitting) {
            throw new ServiceException(Failure.invalid(
                    "INPUT_SHAPE",
                    input.path() + ".shape",
                    shape,
                    "[1..%d, %s], the same rows for all inputs".formatted(maxRows, width < 0 ? "any" : width)));
        }
    }

    private List<String> wanted(TensorRequest request) {
        List<String> known = kind == Kind.IDENTITY ? ONE_OUTPUT : TWO_OUTPUTS;
        if (request.outputs().isEmpty()) {
            return known;
        }
        List<String> wanted = new ArrayList<>();
        for (TensorRequest.RequestedOutput output : request.outputs()) {
            if (!known.contains(output.name())) {
                throw PackageQuestion.unknownOutput(output.name(), known);
            }
            if (output.classCount() > 0) {
                throw new ServiceException(Failure.invalid(
                        "CLASSIFICATION_UNSUPPORTED",
                        "outputs['%s'].parameters['classification']".formatted(output.name()),
                        output.classCount(),
                        "absent: test models have no classes"));
            }
            wanted.add(output.name());
        }
        return wanted;
    }

    private OutputTensor identity(String output, InputTensor input) {
        return switch (datatype) {
            case BYTES -> OutputTensor.bytes(output, input.shape(), input.elements());
            case FP32 -> OutputTensor.floats(output, input.shape(), input.floats());
            default -> OutputTensor.integers(output, datatype, input.shape(), input.integers());
        };
    }

    private OutputTensor addSub(String output, InputTensor first, InputTensor second, int sign) {
        if (datatype == Datatype.BYTES) {
            List<ByteString> a = first.elements();
            List<ByteString> b = second.elements();
            List<ByteString> results = new ArrayList<>(a.size());
            for (int i = 0; i < a.size(); i++) {
                long result = integer(first, i, a.get(i)) + (long) sign * integer(second, i, b.get(i));
                results.add(ByteString.copyFromUtf8(Long.toString(result)));
            }
            return OutputTensor.bytes(output, first.shape(), results);
        }
        long[] a = first.integers();
        long[] b = second.integers();
        for (int i = 0; i < a.length; i++) {
            long result = a[i] + sign * b[i];
            a[i] = datatype == Datatype.INT8 ? (byte) result : (int) result;
        }
        return OutputTensor.integers(output, datatype, first.shape(), a);
    }

    private static int integer(InputTensor input, int element, ByteString text) {
        try {
            return Integer.parseInt(text.toStringUtf8());
        } catch (NumberFormatException e) {
            throw new ServiceException(
                    Failure.invalid(
                            "INPUT_TYPE",
                            "%s element %d".formatted(input.path(), element),
                            text.size() > 40 ? text.size() + " bytes" : text.toStringUtf8(),
                            "a whole number as text"),
                    e);
        }
    }
}
