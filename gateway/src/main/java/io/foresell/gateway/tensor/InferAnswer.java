package io.foresell.gateway.tensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import io.foresell.gateway.problem.Problem;
import io.foresell.gateway.problem.ProblemException;
import io.foresell.proto.openinference.InferParameter;
import io.foresell.proto.openinference.ModelInferResponse;
import io.foresell.proto.openinference.ModelInferResponse.InferOutputTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The body of an answer: JSON, then the tensors that the caller wants in binary.
 *
 * @param jsonLength bytes of the JSON; the length of the body when nothing follows it
 */
@SuppressWarnings("ArrayRecordComponent") // Made here and given to HTTP, never compared.
record InferAnswer(byte[] body, int jsonLength) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Returns whether binary tensors follow the JSON. */
    boolean isBinary() {
        return jsonLength < body.length;
    }

    /**
     * Writes an answer.
     *
     * @param isBinary whether an output of this name is wanted in binary
     * @throws ProblemException 400 when an element cannot be told in JSON
     */
    static InferAnswer of(ModelInferResponse response, Predicate<String> isBinary) {
        try {
            return write(response, isBinary);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
    }

    private static InferAnswer write(ModelInferResponse response, Predicate<String> isBinary) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(512);
        List<ByteString> parts = new ArrayList<>();
        try (JsonGenerator json = JSON.createGenerator(body)) {
            json.writeStartObject();
            json.writeStringField("model_name", response.getModelName());
            json.writeStringField("model_version", response.getModelVersion());
            if (!response.getId().isEmpty()) {
                json.writeStringField("id", response.getId());
            }
            if (response.getParametersCount() > 0) {
                json.writeObjectFieldStart("parameters");
                writeParameters(response.getParametersMap(), json);
                json.writeEndObject();
            }
            json.writeArrayFieldStart("outputs");
            for (int i = 0; i < response.getOutputsCount(); i++) {
                InferOutputTensor output = response.getOutputs(i);
                ByteString raw = response.getRawOutputContents(i);
                boolean asBinary = isBinary.test(output.getName());
                write(output, raw, asBinary, json);
                if (asBinary) {
                    parts.add(raw);
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        int jsonLength = body.size();
        for (ByteString part : parts) {
            part.writeTo(body);
        }
        return new InferAnswer(body.toByteArray(), jsonLength);
    }

    private static void write(InferOutputTensor output, ByteString raw, boolean asBinary, JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("name", output.getName());
        json.writeStringField("datatype", output.getDatatype());
        json.writeArrayFieldStart("shape");
        for (long dimension : output.getShapeList()) {
            json.writeNumber(dimension);
        }
        json.writeEndArray();
        if (asBinary || output.getParametersCount() > 0) {
            json.writeObjectFieldStart("parameters");
            writeParameters(output.getParametersMap(), json);
            if (asBinary) {
                json.writeNumberField(InferQuestion.BINARY_SIZE, raw.size());
            }
            json.writeEndObject();
        }
        if (!asBinary) {
            json.writeArrayFieldStart("data");
            writeElements(output, raw, json);
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void writeParameters(Map<String, InferParameter> parameters, JsonGenerator json) throws IOException {
        for (Map.Entry<String, InferParameter> entry : parameters.entrySet()) {
            json.writeFieldName(entry.getKey());
            InferParameter value = entry.getValue();
            switch (value.getParameterChoiceCase()) {
                case BOOL_PARAM -> json.writeBoolean(value.getBoolParam());
                case INT64_PARAM -> json.writeNumber(value.getInt64Param());
                case UINT64_PARAM -> json.writeNumber(Long.toUnsignedString(value.getUint64Param()));
                case DOUBLE_PARAM -> json.writeNumber(value.getDoubleParam());
                case STRING_PARAM -> json.writeString(value.getStringParam());
                case PARAMETERCHOICE_NOT_SET -> json.writeNull();
            }
        }
    }

    private static void writeElements(InferOutputTensor output, ByteString raw, JsonGenerator json) throws IOException {
        ByteBuffer bytes = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        Elements elements = Elements.of(output.getDatatype());
        if (elements == null) {
            throw new IllegalStateException("JSON cannot hold " + output.getDatatype());
        }
        while (bytes.hasRemaining()) {
            switch (elements) {
                case BOOL -> json.writeBoolean(bytes.get() != 0);
                case INT8 -> json.writeNumber(bytes.get());
                case UINT8 -> json.writeNumber(bytes.get() & 0xFF);
                case INT16 -> json.writeNumber(bytes.getShort());
                case UINT16 -> json.writeNumber(bytes.getShort() & 0xFFFF);
                case INT32 -> json.writeNumber(bytes.getInt());
                case UINT32 -> json.writeNumber(bytes.getInt() & 0xFFFF_FFFFL);
                case INT64 -> json.writeNumber(bytes.getLong());
                case UINT64 -> json.writeNumber(Long.toUnsignedString(bytes.getLong()));
                case FP32 -> writeFloat(bytes.getFloat(), json);
                case FP64 -> writeDouble(bytes.getDouble(), json);
                case BYTES -> writeText(output.getName(), raw, bytes, json);
            }
        }
    }

    /** JSON has no word for NaN and infinity. */
    private static void writeFloat(float value, JsonGenerator json) throws IOException {
        if (Float.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }

    private static void writeDouble(double value, JsonGenerator json) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }

    private static void writeText(String output, ByteString raw, ByteBuffer bytes, JsonGenerator json)
            throws IOException {
        int length = bytes.getInt();
        ByteString element = raw.substring(bytes.position(), bytes.position() + length);
        bytes.position(bytes.position() + length);
        if (!element.isValidUtf8()) {
            throw new ProblemException(Problem.invalid(
                    "TEXT_NOT_UTF8",
                    "outputs['%s']".formatted(output),
                    "bytes that are not UTF-8",
                    "asked for with parameter binary_data true"));
        }
        json.writeString(element.toStringUtf8());
    }
}
