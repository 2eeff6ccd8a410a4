package io.foresell.gateway.problem;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is wrong with a JSON body, in words that name line, column, field and expectation. */
final class JsonProblems {
    private JsonProblems() {}

    static Problem of(JsonProcessingException error) {
        if (error instanceof UnrecognizedPropertyException unknown) {
            return unknownKey(unknown);
        }
        if (error instanceof MismatchedInputException mismatch) {
            return mismatch(mismatch);
        }
        @Nullable JsonLocation location = error.getLocation();
        String place = location == null
                ? "body"
                : "line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
        return Problem.of(400, "JSON_MALFORMED", "%s: %s (expected: a JSON object)".formatted(place, said(error)))
                .with(
                        location == null
                                ? Map.of()
                                : Map.of(
                                        "line", String.valueOf(location.getLineNr()),
                                        "column", String.valueOf(location.getColumnNr())));
    }

    private static Problem unknownKey(UnrecognizedPropertyException unknown) {
        @Nullable Collection<Object> ids = unknown.getKnownPropertyIds();
        List<String> known = ids == null
                ? List.of()
                : ids.stream().map(String::valueOf).sorted().toList();
        String key = unknown.getPropertyName();
        String nearest = Nearest.to(key, known);
        return Problem.invalid(
                        "KEY_UNKNOWN",
                        path(unknown),
                        "unknown key, nearest is '" + nearest + "'",
                        "one of " + String.join(", ", known))
                .with(Map.of("key", key, "nearest", nearest));
    }

    private static Problem mismatch(MismatchedInputException mismatch) {
        String field = path(mismatch);
        return Problem.invalid(
                "VALUE_INVALID", field.isEmpty() ? "body" : field, "wrong type", expected(mismatch.getTargetType()));
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "another type";
        }
        if (Integer.class.isAssignableFrom(type) || type == int.class) {
            return "an integer";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "an array";
        }
        return type == String.class ? "a text" : "an object";
    }

    /** Returns the parser's words without its hints for programmers. */
    private static String said(JsonProcessingException error) {
        String message = error.getOriginalMessage();
        if (message == null) {
            return "not JSON";
        }
        int hint = message.indexOf("\n");
        String line = hint < 0 ? message : message.substring(0, hint);
        return line.isEmpty() ? "not JSON" : line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1);
    }

    private static String path(JsonMappingException error) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : error.getPath()) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.toString();
    }
}
