package io.foresell.kit;

import io.foresell.kit.Failure.FieldViolation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps a failure within what a caller reads. It travels in trailers, of which gRPC's callers take 8 KiB unless told otherwise; more than that
 * they report as INTERNAL, and nobody learns what was wrong.
 */
final class FailureBounds {
    /** Of 8192 bytes, without what else is in trailers. */
    static final int MAX_BYTES = 7_000;

    private static final int MAX_MESSAGE_BYTES = 2_000;
    private static final int MAX_TEXT_BYTES = 300;
    private static final int ENTRY_BYTES = 16;
    private static final String CUT = "...";

    private FailureBounds() {}

    /** Returns the failure itself, or a shorter one: texts cut, and as many fields and values as there is room for. */
    static Failure within(Failure failure) {
        if (bytes(failure) <= MAX_BYTES) {
            return failure;
        }
        Failure kept = new Failure(
                failure.code(),
                cut(failure.reason(), MAX_TEXT_BYTES),
                cut(failure.message(), MAX_MESSAGE_BYTES),
                Map.of(),
                List.of(),
                failure.retryAfter());
        int room = MAX_BYTES - bytes(kept);
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, String> entry : failure.metadata().entrySet()) {
            String key = cut(entry.getKey(), MAX_TEXT_BYTES);
            String value = cut(entry.getValue(), MAX_TEXT_BYTES);
            room -= packed(key, value);
            if (room >= 0) {
                metadata.put(key, value);
            }
        }
        List<FieldViolation> violations = new ArrayList<>();
        for (FieldViolation violation : failure.violations()) {
            String field = cut(violation.field(), MAX_TEXT_BYTES);
            String description = cut(violation.description(), MAX_TEXT_BYTES);
            room -= packed(field, description);
            if (room >= 0) {
                violations.add(new FieldViolation(field, description));
            }
        }
        return new Failure(kept.code(), kept.reason(), kept.message(), metadata, violations, kept.retryAfter());
    }

    /** Returns about how many bytes of trailers the failure takes: its message in words, and everything again packed. */
    private static int bytes(Failure failure) {
        long bytes = (long) spelled(failure.message()) + packed(failure.message(), failure.reason());
        for (Map.Entry<String, String> entry : failure.metadata().entrySet()) {
            bytes += packed(entry.getKey(), entry.getValue());
        }
        for (FieldViolation violation : failure.violations()) {
            bytes += packed(violation.field(), violation.description());
        }
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }

    /** Base 64 takes four thirds. */
    private static int packed(String first, String second) {
        return (utf8(first) + utf8(second) + 2 * ENTRY_BYTES) * 4 / 3;
    }

    private static int utf8(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            bytes += utf8(text.charAt(i));
        }
        return bytes;
    }

    /** Half of a pair takes two, both four. */
    private static int utf8(char letter) {
        if (letter < 0x80) {
            return 1;
        }
        return letter < 0x800 || Character.isSurrogate(letter) ? 2 : 3;
    }

    private static int spelled(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            bytes += spelled(text.charAt(i));
        }
        return bytes;
    }

    /** gRPC writes what is not printable ASCII as a percent sign and two digits a byte. */
    private static int spelled(char letter) {
        return letter >= ' ' && letter < 0x7F && letter != '%' ? 1 : 3 * utf8(letter);
    }

    /** Returns a text, or its beginning; never half of a pair. */
    private static String cut(String text, int maxBytes) {
        int bytes = 0;
        int end = 0; // of what fits together with the sign that something was cut
        for (int i = 0; i < text.length() && bytes <= maxBytes; i++) {
            bytes += spelled(text.charAt(i));
            end = bytes <= maxBytes - CUT.length() ? i + 1 : end;
        }
        if (bytes <= maxBytes) {
            return text;
        }
        boolean isHalf = end > 0 && Character.isHighSurrogate(text.charAt(end - 1));
        return text.substring(0, isHalf ? end - 1 : end) + CUT;
    }
}
