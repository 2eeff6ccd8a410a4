package io.foresell.inference.serve;

import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * Where a bulk stream goes on: version and position. As text it is opaque to callers and checked against typing errors; it is no
 * secret, as it says nothing that its caller does not know.
 *
 * @param position rows answered, 0 or more
 */
record ResumeToken(String model, int version, String digest, long position) {
    private static final int MAX_LENGTH = 512;
    private static final Pattern TEXT =
            Pattern.compile("1 ([a-z0-9_]{1,63}) ([1-9]\\d{0,8}) ([0-9a-f]{64}) (\\d{1,18}) ([0-9a-f]{8})");

    /**
     * Reads a token.
     *
     * @throws ServiceException INVALID_ARGUMENT when it is not one
     */
    static ResumeToken parse(String token) {
        if (token.length() > MAX_LENGTH) {
            throw invalid(token);
        }
        String text;
        try {
            text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid(token);
        }
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches() || !Names.isValid(parts.group(1))) {
            throw invalid(token);
        }
        ResumeToken read = new ResumeToken(
                parts.group(1), Integer.parseInt(parts.group(2)), parts.group(3), Long.parseLong(parts.group(4)));
        if (!read.text().equals(token)) {
            throw invalid(token);
        }
        return read;
    }

    private static ServiceException invalid(String token) {
        return new ServiceException(Failure.invalid(
                "RESUME_TOKEN_INVALID", "header.resume_token", token, "the resume_token of an answer, unchanged"));
    }

    /** Returns the token as callers see it. */
    String text() {
        String content = "1 %s %d %s %d ".formatted(model, version, digest, position);
        CRC32 check = new CRC32();
        check.update(content.getBytes(StandardCharsets.UTF_8));
        String text = content + "%08x".formatted(check.getValue());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
