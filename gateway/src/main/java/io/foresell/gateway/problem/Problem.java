package io.foresell.gateway.problem;

import com.fasterxml.jackson.annotation.JsonIgnore;
import jakarta.ws.rs.core.Response.Status;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An error as RFC 9457 writes it, with the reason and the fields at fault. Immutable. */
@Schema(description = "An error (RFC 9457) with a stable reason and the request fields at fault.")
public record Problem(
        @Schema(
                        description = "Identifies the kind of problem by its reason.",
                        examples = "urn:foresell:problem:entity_not_found")
                String type,
        @Schema(description = "Names the HTTP status.", examples = "Not Found") String title,
        @Schema(description = "Is the HTTP status.", examples = "404") int status,
        @Schema(
                        description = "States the value at fault and what was expected.",
                        examples = "entity: 'C-9' not found (expected: a customer with features)")
                String detail,
        @Schema(description = "Is the path asked.", examples = "/v1/customers/C-9/churn") String instance,
        @Schema(description = "Is the cause in UPPER_SNAKE, stable for programs.", examples = "ENTITY_NOT_FOUND")
                String reason,
        @Schema(description = "Names the service that found the problem.", examples = "inference") String domain,
        @Schema(description = "Lists the request fields at fault.") List<Violation> violations,
        @Schema(description = "Holds every value in the detail, by name.") Map<String, String> metadata,
        @JsonIgnore @Schema(hidden = true) @Nullable Duration retryAfter) {

    /** A request field at fault. */
    @Schema(description = "A request field at fault.")
    public record Violation(
            @Schema(description = "Is the path of the field.", examples = "rows[0].tenure") String field,
            @Schema(description = "States value and expectation.", examples = "'abc' (expected: a number)")
                    String description) {}

    /** What a caller sent is told back, but not all of it: nobody reads 8 MB of an error. */
    private static final int MAX_DETAIL_CHARS = 2_000;

    private static final int MAX_TEXT_CHARS = 500;
    private static final int MAX_VIOLATIONS = 20;

    public Problem {
        detail = cut(detail, MAX_DETAIL_CHARS);
        instance = cut(instance, MAX_TEXT_CHARS);
        violations = violations.stream()
                .limit(MAX_VIOLATIONS)
                .map(violation -> new Violation(
                        cut(violation.field(), MAX_TEXT_CHARS), cut(violation.description(), MAX_TEXT_CHARS)))
                .toList();
        metadata = metadata.entrySet().stream()
                .limit(MAX_VIOLATIONS)
                .collect(Collectors.toUnmodifiableMap(
                        entry -> cut(entry.getKey(), MAX_TEXT_CHARS),
                        entry -> cut(entry.getValue(), MAX_TEXT_CHARS),
                        (first, second) -> first));
    }

    /** Returns a text or its beginning; never half of a pair. */
    private static String cut(String text, int maxChars) {
        if (text.length() <= maxChars) {
            return text;
        }
        int end = maxChars - 3;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "...";
    }

    /** Returns a problem found by the gateway itself. */
    public static Problem of(int status, String reason, String detail) {
        return of(status, reason, detail, "gateway");
    }

    /** Returns a 400 for one field. */
    public static Problem invalid(String reason, String field, Object value, String expected) {
        String shown = "%s (expected: %s)".formatted(value, expected);
        return of(400, reason, field + ": " + shown).violating(List.of(new Violation(field, shown)));
    }

    /** Returns the problem of a request above what is worked on at once. */
    public static Problem busy() {
        return of(503, "GATEWAY_BUSY", "gateway: as many requests at work and waiting as it takes")
                .retryAfter(Duration.ofSeconds(1));
    }

    /** Returns how long to wait in whole seconds, at least one; 0 when waiting does not help. */
    long retryAfterSeconds() {
        return retryAfter == null ? 0 : Math.max(1, (retryAfter.toMillis() + 999) / 1000);
    }

    static Problem of(int status, String reason, String detail, String domain) {
        Status known = Status.fromStatusCode(status);
        return new Problem(
                "urn:foresell:problem:" + reason.toLowerCase(Locale.ROOT),
                known == null ? "Error" : known.getReasonPhrase(),
                status,
                detail,
                "",
                reason,
                domain,
                List.of(),
                Map.of(),
                null);
    }

    /** Returns the same problem, found at a path. */
    public Problem at(String path) {
        return new Problem(type, title, status, detail, path, reason, domain, violations, metadata, retryAfter);
    }

    Problem violating(List<Violation> fields) {
        return new Problem(type, title, status, detail, instance, reason, domain, fields, metadata, retryAfter);
    }

    Problem with(Map<String, String> values) {
        return new Problem(type, title, status, detail, instance, reason, domain, violations, values, retryAfter);
    }

    Problem retryAfter(@Nullable Duration delay) {
        return new Problem(type, title, status, detail, instance, reason, domain, violations, metadata, delay);
    }
}
