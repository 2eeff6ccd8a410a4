package io.foresell.kit;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a call could not be answered: one row of the error table in {@code docs/architecture.md}. Immutable.
 *
 * @param code the canonical status, chosen by what the caller should do next
 * @param reason the cause in UPPER_SNAKE, stable for programs
 * @param message one sentence for a developer: value and expectation, free of internals
 * @param metadata every value in the message, by name
 * @param violations the request fields at fault, for {@code INVALID_ARGUMENT}
 * @param retryAfter how long to wait before trying again, or null when trying again cannot help
 */
public record Failure(
        Status.Code code,
        String reason,
        String message,
        Map<String, String> metadata,
        List<FieldViolation> violations,
        @Nullable Duration retryAfter) {

    /** A request field at fault. {@code field} is a path such as {@code features[3].name}. */
    public record FieldViolation(String field, String description) {}

    public Failure {
        metadata = Map.copyOf(metadata);
        violations = List.copyOf(violations);
    }

    private static Failure of(Status.Code code, String reason, String message) {
        return new Failure(code, reason, message, Map.of(), List.of(), null);
    }

    /** The caller must fix one field: {@code "row_count: 5000 (expected: 1..4096)"}. */
    public static Failure invalid(String reason, String field, @Nullable Object value, String expected) {
        String shown = shown(value);
        return of(Status.Code.INVALID_ARGUMENT, reason, "%s: %s (expected: %s)".formatted(field, shown, expected))
                .violating(field, "%s (expected: %s)".formatted(shown, expected))
                .with("field", field)
                .with("value", shown)
                .with("expected", expected);
    }

    /** The caller must fix the request as a whole. */
    public static Failure invalid(String reason, String message) {
        return of(Status.Code.INVALID_ARGUMENT, reason, message);
    }

    /** The caller must fix several fields, all named at once. {@code violations} must not be empty. */
    public static Failure invalid(String reason, List<FieldViolation> violations) {
        StringBuilder message = new StringBuilder();
        for (FieldViolation violation : violations) {
            message.append(message.isEmpty() ? "" : "; ")
                    .append(violation.field())
                    .append(": ");
            message.append(violation.description());
        }
        return new Failure(Status.Code.INVALID_ARGUMENT, reason, message.toString(), Map.of(), violations, null);
    }

    /** Nothing of that kind and name exists; {@code known} says what does. */
    public static Failure notFound(String kind, String name, String known) {
        return of(
                        Status.Code.NOT_FOUND,
                        kind.toUpperCase(java.util.Locale.ROOT) + "_NOT_FOUND",
                        "%s: '%s' not found (expected: %s)".formatted(kind, name, known))
                .with(kind, name);
    }

    /** Something of that name exists already and differs. */
    public static Failure alreadyExists(String kind, String name) {
        return of(
                        Status.Code.ALREADY_EXISTS,
                        kind.toUpperCase(java.util.Locale.ROOT) + "_EXISTS",
                        "%s: '%s' exists already".formatted(kind, name))
                .with(kind, name);
    }

    /** A compare-and-set lost: read again and try again. */
    public static Failure conflict(String reason, String field, Object expected, Object actual) {
        return of(Status.Code.ABORTED, reason, "%s: %s (expected: %s)".formatted(field, actual, expected))
                .with("field", field)
                .with("expected", String.valueOf(expected))
                .with("actual", String.valueOf(actual));
    }

    /** Some state must change before the call can succeed. */
    public static Failure precondition(String reason, String message) {
        return of(Status.Code.FAILED_PRECONDITION, reason, message);
    }

    /** A bounded resource is full: slow down. */
    public static Failure exhausted(String reason, String message, Duration retryAfter) {
        return new Failure(Status.Code.RESOURCE_EXHAUSTED, reason, message, Map.of(), List.of(), retryAfter);
    }

    /** A dependency is away or this process is starting or draining: back off and try again. */
    public static Failure unavailable(String reason, String message, Duration retryAfter) {
        return new Failure(Status.Code.UNAVAILABLE, reason, message, Map.of(), List.of(), retryAfter);
    }

    /** Stored bytes are not what was written. */
    public static Failure dataLoss(String reason, String message) {
        return of(Status.Code.DATA_LOSS, reason, message);
    }

    /** The caller is not signed in. */
    public static Failure unauthenticated(String reason, String message) {
        return of(Status.Code.UNAUTHENTICATED, reason, message);
    }

    /** The caller is signed in and may not do this. */
    public static Failure denied(String reason, String message) {
        return of(Status.Code.PERMISSION_DENIED, reason, message);
    }

    /** Returns this failure with one more metadata value. */
    public Failure with(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(metadata);
        more.put(key, value);
        return new Failure(code, reason, message, more, violations, retryAfter);
    }

    /** Returns this failure with one more field at fault. */
    public Failure violating(String field, String description) {
        List<FieldViolation> more = new ArrayList<>(violations);
        more.add(new FieldViolation(field, description));
        return new Failure(code, reason, message, metadata, more, retryAfter);
    }

    private static String shown(@Nullable Object value) {
        String text = String.valueOf(value);
        if (value instanceof CharSequence) {
            text = "'" + text + "'";
        }
        return text.length() <= 120 ? text : text.substring(0, 117) + "...";
    }
}
