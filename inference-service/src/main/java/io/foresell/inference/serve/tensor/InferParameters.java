package io.foresell.inference.serve.tensor;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.openinference.InferParameter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of a request, an input or an output. Unknown ones are left alone: clients send parameters that other servers know.
 *
 * @param field where they are, for messages
 */
record InferParameters(String field, Map<String, InferParameter> values) {
    /** @throws ServiceException INVALID_ARGUMENT when it is given and no text */
    String text(String name) {
        InferParameter value = values.get(name);
        if (value == null) {
            return "";
        }
        if (!value.hasStringParam()) {
            throw wrong(name, value, "a text");
        }
        return value.getStringParam();
    }

    /** @throws ServiceException INVALID_ARGUMENT when it is given and not true or false */
    boolean flag(String name) {
        InferParameter value = values.get(name);
        if (value == null) {
            return false;
        }
        if (!value.hasBoolParam()) {
            throw wrong(name, value, "true or false");
        }
        return value.getBoolParam();
    }

    /**
     * Returns a whole number.
     *
     * @throws ServiceException INVALID_ARGUMENT when it is given and not a whole number within 0 and {@code max}
     */
    int count(String name, int absent, int max) {
        InferParameter value = values.get(name);
        if (value == null) {
            return absent;
        }
        long number =
                switch (value.getParameterChoiceCase()) {
                    case INT64_PARAM -> value.getInt64Param();
                    case UINT64_PARAM -> value.getUint64Param();
                    case BOOL_PARAM, STRING_PARAM, DOUBLE_PARAM, PARAMETERCHOICE_NOT_SET -> -1;
                };
        if (number < 0 || number > max) {
            throw wrong(name, value, "a whole number in 0.." + max);
        }
        return (int) number;
    }

    /**
     * Returns a number; null when it is absent.
     *
     * @throws ServiceException INVALID_ARGUMENT when it is given and no number
     */
    @Nullable
    Double number(String name) {
        InferParameter value = values.get(name);
        if (value == null) {
            return null;
        }
        return switch (value.getParameterChoiceCase()) {
            case INT64_PARAM -> (double) value.getInt64Param();
            case UINT64_PARAM -> (double) value.getUint64Param();
            case DOUBLE_PARAM -> value.getDoubleParam();
            case BOOL_PARAM, STRING_PARAM, PARAMETERCHOICE_NOT_SET -> throw wrong(name, value, "a number");
        };
    }

    private ServiceException wrong(String name, InferParameter value, String expected) {
        Object shown =
                switch (value.getParameterChoiceCase()) {
                    case BOOL_PARAM -> value.getBoolParam();
                    case INT64_PARAM -> value.getInt64Param();
                    case UINT64_PARAM -> Long.toUnsignedString(value.getUint64Param());
                    case DOUBLE_PARAM -> value.getDoubleParam();
                    case STRING_PARAM -> value.getStringParam();
                    case PARAMETERCHOICE_NOT_SET -> "nothing";
                };
        return new ServiceException(
                Failure.invalid("PARAMETER_INVALID", "%s['%s']".formatted(field, name), shown, expected));
    }
}
