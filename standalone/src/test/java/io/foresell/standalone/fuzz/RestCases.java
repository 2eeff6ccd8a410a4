package io.foresell.standalone.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Makes HTTP requests that are wrong in one way or another. */
final class RestCases {
    /** A request that is answered. */
    record Sound(String method, String path, String type, String body) {}

    private static final List<String> SEGMENTS = List.of(
            "",
            "leaving",
            "identity",
            "1",
            "0",
            "-1",
            "99999999999999999999",
            "%00",
            "%zz",
            "%",
            "%2e%2e",
            "..",
            ".",
            "%2F",
            "%3A",
            ":",
            ":score",
            "a|b",
            "a{b}",
            "a[b]",
            "a\\b",
            "a^b",
            "a`b",
            "a\"b",
            "a<b>",
            ";x=y",
            "%E6%BC%A2",
            "\u00e9",
            "%ED%A0%80",
            "%FF",
            "%252e",
            "x".repeat(3_000),
            "+");
    private static final List<String> QUERIES = List.of(
            "?",
            "?reasons=3",
            "?reasons=x",
            "?reasons=99999999999",
            "?reasons=%zz",
            "?reasons",
            "?reasons=1&reasons=2",
            "?=",
            "?&&",
            "?language=%00",
            "?language=" + "x".repeat(3_000),
            "?a|b=c",
            "?x=a[b]{c}",
            "?version=1",
            "?version=-1",
            "?from=x",
            "?until=2024-06-01T00:00:00Z",
            "?%ff=%fe",
            "?model=leaving",
            "#x");
    private static final List<String> HEADERS = List.of(
            "Content-Type: ",
            "Content-Type: /",
            "Content-Type: ;;;",
            "Content-Type: application/json; charset=nonsense",
            "Content-Type: application/json; charset=utf-16",
            "Content-Type: text/plain",
            "Content-Type: application/octet-stream",
            "Content-Type: multipart/form-data",
            "Content-Type: application/x-www-form-urlencoded",
            "Content-Type: \u00e9",
            "Accept: ",
            "Accept: nonsense",
            "Accept: text/csv",
            "Accept: */*;q=x",
            "Accept: application/json;q=2",
            "Accept-Language: nonsense;q=q",
            "Accept-Encoding: gzip, x;q=y",
            "Content-Encoding: gzip",
            "Content-Encoding: deflate",
            "Content-Encoding: br",
            "Content-Encoding: gzip, gzip",
            "Content-Encoding: ",
            "Inference-Header-Content-Length: 0",
            "Inference-Header-Content-Length: 1",
            "Inference-Header-Content-Length: -1",
            "Inference-Header-Content-Length: 99999999999999999999",
            "Inference-Header-Content-Length: x",
            "Inference-Header-Content-Length: 60",
            "Authorization: ",
            "Authorization: Basic x",
            "Authorization: Bearer \u00e9",
            "Authorization: " + "x".repeat(5_000),
            "Expect: 100-continue",
            "Expect: nonsense",
            "Connection: upgrade",
            "Upgrade: websocket",
            "Upgrade: h2c",
            "Cookie: a=b; c; =d",
            "Host: ",
            "Host: a:b:c",
            "Host: [::1",
            "Range: bytes=0-99999999999999",
            "If-Modified-Since: x",
            "Origin: null",
            "X-HTTP-Method-Override: DELETE",
            "X-Forwarded-For: x",
            "Forwarded: for=x",
            "traceparent: 00-zz-zz-zz",
            "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "tracestate: ,,,=",
            "baggage: %zz=%zz",
            "No colon",
            ": no name",
            "Sp ace: x",
            "Content-Length: 5",
            "Content-Length: x",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: nonsense",
            "X: " + "v".repeat(9_000),
            "foresell-priority: bulk");
    private static final List<String> METHODS =
            List.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get", "X", "");

    private final List<Sound> sounds;

    RestCases(List<Sound> sounds) {
        this.sounds = List.copyOf(sounds);
    }

    byte[] make(long seed, int number) {
        Dice dice = new Dice(seed, number);
        Sound sound = dice.any(sounds);
        String method = sound.method();
        String path = sound.path();
        byte[] body = sound.body().getBytes(StandardCharsets.ISO_8859_1);
        List<String> headers = new ArrayList<>(List.of("Host: localhost", "Content-Type: " + sound.type()));
        boolean isBody = !sound.body().isEmpty() && dice.below(3) > 0;
        if (isBody) {
            body = new JsonTexts(dice).spoiled(sound.body()).getBytes(StandardCharsets.ISO_8859_1);
        }
        if (!isBody || dice.onceIn(6)) {
            switch (dice.below(5)) {
                case 0 -> method = dice.any(METHODS);
                case 1 -> path = otherSegment(dice, path);
                case 2 -> path = path + dice.any(QUERIES);
                case 3 -> body = packed(dice, body, headers);
                default -> headers(dice, headers);
            }
        }
        return request(dice, method, path, headers, body);
    }

    private static String otherSegment(Dice dice, String path) {
        String[] segments = path.split("/", -1);
        segments[dice.below(segments.length)] = dice.any(SEGMENTS);
        return String.join("/", segments);
    }

    private static void headers(Dice dice, List<String> headers) {
        for (int i = 1 + dice.below(3); i > 0; i--) {
            String header = dice.any(HEADERS);
            String name = header.contains(":") ? header.substring(0, header.indexOf(':') + 1) : header;
            if (dice.below(4) > 0) {
                headers.removeIf(known -> known.startsWith(name));
            }
            headers.add(header);
        }
    }

    private static byte[] packed(Dice dice, byte[] body, List<String> headers) {
        byte[] packed = dice.onceIn(8) ? new byte[20 << 20] : body;
        boolean isGzip = dice.onceIn(2);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (var out = isGzip ? new GZIPOutputStream(bytes) : new DeflaterOutputStream(bytes)) {
            out.write(packed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        headers.add("Content-Encoding: " + (isGzip ? "gzip" : "deflate"));
        return dice.onceIn(2) ? dice.damaged(bytes.toByteArray()) : bytes.toByteArray();
    }

    private static byte[] request(Dice dice, String method, String path, List<String> headers, byte[] content) {
        byte[] body = content;
        boolean isChunkedSaid = headers.contains("Transfer-Encoding: chunked");
        boolean isChunked = isChunkedSaid || dice.onceIn(8);
        boolean isLengthGiven = headers.stream().anyMatch(each -> each.startsWith("Content-Length"));
        body = isLengthGiven ? Arrays.copyOf(body, Math.max(5, body.length)) : body; // a server waits for all of it
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        headers.forEach(header -> head.append(header).append("\r\n"));
        if (isChunked && !isChunkedSaid) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (!isChunked && !isLengthGiven) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        head.append("Connection: close\r\n\r\n");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        if (isChunked) {
            chunks(dice, body, bytes);
        } else {
            bytes.writeBytes(body);
        }
        return bytes.toByteArray();
    }

    private static void chunks(Dice dice, byte[] body, ByteArrayOutputStream to) {
        for (int at = 0; at < body.length; ) {
            int size = Math.min(body.length - at, 1 + dice.below(20_000));
            String length =
                    dice.onceIn(40) ? dice.any(List.of("zz", "-1", "fffffffff", "")) : Integer.toHexString(size);
            to.writeBytes((length + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            to.write(body, at, size);
            to.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
            at += size;
        }
        to.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }
}
