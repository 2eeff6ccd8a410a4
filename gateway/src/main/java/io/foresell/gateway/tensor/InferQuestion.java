package io.foresell.gateway.tensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.foresell.gateway.problem.Problem;
import io.foresell.gateway.problem.ProblemException;
import io.foresell.proto.openinference.InferParameter;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelInferRequest.InferInputTensor;
import io.foresell.proto.openinference.ModelInferRequest.InferRequestedOutputTensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request read from its body: JSON, then the binary parts it announces. Element by element straight into raw bytes, whatever
 * order the keys have. Keys that are not known are left alone: clients send more than the protocol has.
 */
final class InferQuestion {
    /** Length of the JSON when binary parts follow it. */
    static final String JSON_LENGTH = "Inference-Header-Content-Length";

    /** Parameter of a tensor: bytes of its binary part. */
    static final String BINARY_SIZE = "binary_data_size";

    private static final String BINARY_OUTPUT = "binary_data";
    private static final String BINARY_OUTPUTS = "binary_data_output";
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();
    private static final ObjectMapper TOKENS = new ObjectMapper();

    private final ModelInferRequest.Builder request = ModelInferRequest.newBuilder();
    private final Set<String> binaryOutputs = new LinkedHashSet<>();
    private final Set<String> jsonOutputs = new LinkedHashSet<>();
    private final byte[] body;
    private final int jsonLength;
    private boolean isBinaryByDefault;
    private int binaryAt;

    private InferQuestion(byte[] body, int jsonLength) {
        this.body = body;
        this.jsonLength = jsonLength;
        this.binaryAt = jsonLength;
    }

    /** What an input is before it is known to be whole. */
    private static final class Input {
        private final Map<String, InferParameter> parameters = new TreeMap<>();
        private final List<Long> shape = new ArrayList<>();
        private @Nullable String name;
        private @Nullable String datatype;
        private @Nullable TokenBuffer early; // data that came before its datatype
        private Elements.@Nullable Read data;
    }

    /**
     * Reads a body.
     *
     * @param jsonLength the header {@value #JSON_LENGTH}, or null when all of the body is JSON
     * @throws ProblemException 400 naming what is wrong and what was expected
     */
    static InferQuestion read(byte[] body, @Nullable String jsonLength) {
        InferQuestion question = new InferQuestion(body, length(jsonLength, body.length));
        try (JsonParser json = JSON.createParser(body, 0, question.jsonLength)) {
            question.readObject(json);
        } catch (IOException e) { // bytes that are no text at all are none of Jackson's own exceptions
            String place = e instanceof JsonProcessingException json && json.getLocation() != null
                    ? "line %d, column %d"
                            .formatted(
                                    json.getLocation().getLineNr(),
                                    json.getLocation().getColumnNr())
                    : "its beginning";
            throw new ProblemException(Problem.of(
                    400,
                    "JSON_MALFORMED",
                    "failed to parse the request JSON at %s (expected: an object)".formatted(place)));
        }
        if (question.binaryAt != body.length) {
            throw new ProblemException(Problem.invalid(
                    "BINARY_SIZE",
                    "binary data",
                    body.length - question.jsonLength + " bytes after the JSON",
                    "%d, the sum of all %s".formatted(question.binaryAt - question.jsonLength, BINARY_SIZE)));
        }
        return question;
    }

    private static int length(@Nullable String header, int bodyLength) {
        if (header == null) {
            return bodyLength;
        }
        String expected = "the bytes of the JSON, 1..%d".formatted(bodyLength);
        try {
            int length = Integer.parseInt(header.strip());
            if (length >= 1 && length <= bodyLength) {
                return length;
            }
        } catch (NumberFormatException e) {
            throw new ProblemException(Problem.invalid("HEADER_INVALID", JSON_LENGTH, "'" + header + "'", expected));
        }
        throw new ProblemException(Problem.invalid("HEADER_INVALID", JSON_LENGTH, "'" + header + "'", expected));
    }

    /** Returns the request to a version; empty for the released one. */
    ModelInferRequest to(String model, String version) {
        return request.setModelName(model).setModelVersion(version).build();
    }

    /** Returns whether the caller wants an output in binary. */
    boolean isBinary(String output) {
        return binaryOutputs.contains(output) || (isBinaryByDefault && !jsonOutputs.contains(output));
    }

    private void readObject(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw Elements.wrong("body", json, "an object");
        }
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            json.nextToken();
            switch (key) {
                case "id" -> request.setId(text(json, "id"));
                case "parameters" -> readParameters(json);
                case "inputs" -> readInputs(json);
                case "outputs" -> readOutputs(json);
                default -> json.skipChildren();
            }
        }
        if (json.nextToken() != null) {
            throw Elements.wrong("body", json, "nothing after the object");
        }
    }

    private void readParameters(JsonParser json) throws IOException {
        Map<String, InferParameter> parameters = parameters(json, "parameters");
        isBinaryByDefault = flag(parameters.remove(BINARY_OUTPUTS), "parameters." + BINARY_OUTPUTS);
        request.putAllParameters(parameters);
    }

    private void readInputs(JsonParser json) throws IOException {
        requireArray(json, "inputs");
        for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
            String path = "inputs[" + i + "]";
            addInput(readInput(json, path), path);
        }
    }

    private static Input readInput(JsonParser json, String path) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw Elements.wrong(path, json, "an object");
        }
        Input input = new Input();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            json.nextToken();
            switch (key) {
                case "name" -> input.name = text(json, path + ".name");
                case "datatype" -> input.datatype = text(json, path + ".datatype");
                case "shape" -> readShape(json, path + ".shape", input.shape);
                case "parameters" -> input.parameters.putAll(parameters(json, path + ".parameters"));
                case "data" -> readData(json, path, input);
                default -> json.skipChildren();
            }
        }
        if (input.early != null) {
            try (JsonParser early = input.early.asParser()) {
                early.nextToken();
                input.data = elements(input.datatype, path).read(early, path + ".data");
            }
        }
        return input;
    }

    private static void readData(JsonParser json, String path, Input input) throws IOException {
        if (input.datatype != null) {
            input.data = elements(input.datatype, path).read(json, path + ".data");
            return;
        }
        TokenBuffer buffer = new TokenBuffer(TOKENS, false);
        buffer.copyCurrentStructure(json);
        input.early = buffer;
    }

    private static Elements elements(@Nullable String datatype, String path) {
        Elements elements = datatype == null ? null : Elements.of(datatype);
        if (elements == null) {
            throw new ProblemException(Problem.invalid(
                    "DATATYPE_UNKNOWN",
                    path + ".datatype",
                    datatype == null ? "missing" : "'" + shortened(datatype) + "'",
                    "one of %s; FP16 and BF16 in binary".formatted(Elements.names())));
        }
        return elements;
    }

    private void addInput(Input input, String path) {
        if (input.name == null || input.datatype == null) {
            String missing = input.name == null ? ".name" : ".datatype";
            throw new ProblemException(Problem.invalid("KEY_MISSING", path + missing, "missing", "a text"));
        }
        InferParameter size = input.parameters.remove(BINARY_SIZE);
        if ((size == null) == (input.data == null)) {
            throw new ProblemException(Problem.invalid(
                    "DATA_INVALID",
                    path,
                    size == null ? "neither data nor " + BINARY_SIZE : "both data and " + BINARY_SIZE,
                    "exactly one of them"));
        }
        request.addInputs(InferInputTensor.newBuilder()
                .setName(input.name)
                .setDatatype(input.datatype)
                .addAllShape(input.shape)
                .putAllParameters(input.parameters));
        if (size != null) {
            request.addRawInputContents(binary(size, path));
        } else if (input.data != null) {
            requireCount(input.data.count(), input.shape, path);
            request.addRawInputContents(input.data.raw());
        }
    }

    private ByteString binary(InferParameter size, String path) {
        int left = body.length - binaryAt;
        long wanted = size.hasInt64Param() ? size.getInt64Param() : -1;
        if (wanted < 0 || wanted > left) {
            throw new ProblemException(Problem.invalid(
                    "BINARY_SIZE",
                    path + ".parameters." + BINARY_SIZE,
                    size.hasInt64Param() ? wanted : "no whole number",
                    "0..%d, the bytes left after the JSON of %d bytes".formatted(left, jsonLength)));
        }
        ByteString part = UnsafeByteOperations.unsafeWrap(body, binaryAt, (int) wanted);
        binaryAt += (int) wanted;
        return part;
    }

    /** A shape that is none is the inference service's to refuse. */
    private static void requireCount(int count, List<Long> shape, String path) {
        long expected = 1;
        for (long dimension : shape) {
            if (dimension < 0 || dimension > Integer.MAX_VALUE || expected > Integer.MAX_VALUE) {
                return;
            }
            expected *= dimension;
        }
        if (count != expected) {
            throw new ProblemException(Problem.invalid(
                    "DATA_COUNT", path + ".data", count + " elements", "%d for shape %s".formatted(expected, shape)));
        }
    }

    private void readOutputs(JsonParser json) throws IOException {
        requireArray(json, "outputs");
        for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
            String path = "outputs[" + i + "]";
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw Elements.wrong(path, json, "an object");
            }
            InferRequestedOutputTensor.Builder output = InferRequestedOutputTensor.newBuilder();
            InferParameter isBinary = null;
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String key = json.currentName();
                json.nextToken();
                switch (key) {
                    case "name" -> output.setName(text(json, path + ".name"));
                    case "parameters" -> {
                        Map<String, InferParameter> parameters = parameters(json, path + ".parameters");
                        isBinary = parameters.remove(BINARY_OUTPUT);
                        output.putAllParameters(parameters);
                    }
                    default -> json.skipChildren();
                }
            }
            if (isBinary != null) {
                boolean wantsBinary = flag(isBinary, path + ".parameters." + BINARY_OUTPUT);
                (wantsBinary ? binaryOutputs : jsonOutputs).add(output.getName());
            }
            request.addOutputs(output);
        }
    }

    private static void readShape(JsonParser json, String path, List<Long> shape) throws IOException {
        requireArray(json, path);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            boolean isWhole = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
            if (!isWhole) {
                throw Elements.wrong("%s[%d]".formatted(path, shape.size()), json, "a whole number");
            }
            shape.add(json.getLongValue());
        }
    }

    private static Map<String, InferParameter> parameters(JsonParser json, String path) throws IOException {
        Map<String, InferParameter> parameters = new TreeMap<>();
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return parameters;
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw Elements.wrong(path, json, "an object");
        }
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            if (json.currentToken() != JsonToken.VALUE_NULL) {
                parameters.put(name, parameter(json, path + "." + name));
            }
        }
        return parameters;
    }

    private static InferParameter parameter(JsonParser json, String path) throws IOException {
        InferParameter.Builder parameter = InferParameter.newBuilder();
        switch (json.currentToken()) {
            case VALUE_TRUE, VALUE_FALSE -> parameter.setBoolParam(json.getBooleanValue());
            case VALUE_STRING -> parameter.setStringParam(json.getText());
            case VALUE_NUMBER_FLOAT -> parameter.setDoubleParam(json.getDoubleValue());
            case VALUE_NUMBER_INT -> {
                if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    parameter.setDoubleParam(json.getDoubleValue());
                } else {
                    parameter.setInt64Param(json.getLongValue());
                }
            }
            default -> throw Elements.wrong(path, json, "a truth value, a number or a text");
        }
        return parameter.build();
    }

    private static boolean flag(@Nullable InferParameter parameter, String path) {
        if (parameter == null) {
            return false;
        }
        if (!parameter.hasBoolParam()) {
            throw new ProblemException(Problem.invalid("PARAMETER_INVALID", path, "another value", "true or false"));
        }
        return parameter.getBoolParam();
    }

    private static String text(JsonParser json, String path) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw Elements.wrong(path, json, "a text");
        }
        return json.getText();
    }

    private static void requireArray(JsonParser json, String path) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw Elements.wrong(path, json, "an array");
        }
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
