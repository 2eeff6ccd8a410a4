package io.foresell.gateway.tensor;

import io.foresell.gateway.problem.Problem;
import io.foresell.gateway.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** Compressed bodies, inflated up to the limit of bodies: a small one must not ask for a gigabyte. */
final class Encodings {
    private Encodings() {}

    /**
     * Returns a body as it was before it was compressed.
     *
     * @param encoding the header Content-Encoding; null when there is none
     * @throws ProblemException 400 when it is not what it says, 413 when it is too large, 415 for an unknown encoding
     */
    static byte[] decoded(byte[] body, @Nullable String encoding, long maxBytes) {
        String name = encoding == null ? "identity" : encoding.strip().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "", "identity" -> body;
            case "gzip", "deflate" -> inflated(body, name, maxBytes);
            default -> throw new ProblemException(Problem.of(
                    415,
                    "ENCODING_UNSUPPORTED",
                    "content-encoding: '%s' (expected: gzip, deflate or none)".formatted(name)));
        };
    }

    private static byte[] inflated(byte[] body, String name, long maxBytes) {
        try (InputStream in = name.equals("gzip")
                ? new GZIPInputStream(new ByteArrayInputStream(body))
                : new InflaterInputStream(new ByteArrayInputStream(body))) {
            byte[] bytes = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 16, maxBytes + 1));
            if (bytes.length > maxBytes) {
                throw new ProblemException(Problem.of(
                        413,
                        "BODY_TOO_LARGE",
                        "body: more than %d bytes when inflated (expected: 0..%d)".formatted(maxBytes, maxBytes)));
            }
            return bytes;
        } catch (IOException e) {
            throw new ProblemException(
                    Problem.invalid("BODY_MALFORMED", "body", "not " + name, "what content-encoding says"));
        }
    }
}
