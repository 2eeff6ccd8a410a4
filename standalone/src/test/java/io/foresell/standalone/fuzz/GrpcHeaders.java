package io.foresell.standalone.fuzz;

import java.util.List;
import java.util.Map;

/** Spoils the headers of a call. */
final class GrpcHeaders {
    private static final List<String> NAMES = List.of(
            "authorization",
            "foresell-priority",
            "foresell-caller",
            "traceparent",
            "tracestate",
            "baggage",
            "user-agent",
            "grpc-accept-encoding",
            "grpc-trace-bin",
            "grpc-tags-bin",
            "grpc-status-details-bin",
            "x-any-bin",
            "grpc-status",
            "content-length",
            "host",
            "cookie",
            "connection",
            "x",
            "X-Upper",
            "",
            ":foo",
            "grpc-encoding");
    private static final List<String> VALUES = List.of(
            "",
            "x",
            "bulk",
            "online",
            "Bearer ",
            "Bearer x",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-zz-zz-01",
            "!!!not base64!!!",
            "AAAA",
            "gzip,identity",
            "-1",
            "99999999999999999999",
            "a=b;c=d,,,",
            "\u00e9\u00ff",
            "a\u0000b",
            "a\r\nb",
            " ");

    private final Dice dice;

    GrpcHeaders(Dice dice) {
        this.dice = dice;
    }

    void spoil(List<Map.Entry<String, String>> headers) {
        for (int i = 1 + dice.below(2); i > 0; i--) {
            spoilOne(headers);
        }
    }

    private void spoilOne(List<Map.Entry<String, String>> headers) {
        switch (dice.below(9)) {
            case 0 -> set(
                    headers,
                    "grpc-timeout",
                    dice.any(List.of(
                            "",
                            "S",
                            "1",
                            "-1S",
                            "1x",
                            "999999999S",
                            "0n",
                            "1.5S",
                            "aS",
                            "9".repeat(40) + "H",
                            "1u",
                            "\u0661S")));
            case 1 -> set(
                    headers,
                    "content-type",
                    dice.any(List.of(
                            "",
                            "application/json",
                            "application/grpc+json",
                            "application/grpcx",
                            "text/html",
                            "application/grpc;x=y",
                            "\u00e9")));
            case 2 -> set(
                    headers,
                    ":path",
                    dice.any(List.of(
                            "",
                            "/",
                            "//",
                            "x",
                            "/x",
                            "/x/y",
                            "/foresell.inference.v1.InferenceService/",
                            "/foresell.inference.v1.InferenceService/Nothing",
                            "/foresell.inference.v1.InferenceService/Score?x=y",
                            "/foresell.inference.v1.InferenceService/score",
                            "/" + "x".repeat(5000) + "/y",
                            "/\u00e9/\u0000",
                            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
                            "/grpc.health.v1.Health/Check"))); // Watch is meant to go on for ever
            case 3 -> set(headers, ":method", dice.any(List.of("GET", "PUT", "", "CONNECT", "post", "X".repeat(500))));
            case 4 -> set(
                    headers,
                    ":authority",
                    dice.any(List.of("", "x", "a:b:c", "[::1", "user@host:99999", "\u00e9", "x".repeat(3000), " ")));
            case 5 -> headers.remove(dice.below(headers.size()));
            case 6 -> headers.add(Map.entry(
                    dice.any(NAMES), "v".repeat(dice.any(List.of(1_000, 8_000, 15_000, 17_000, 30_000, 70_000)))));
            case 7 -> headers.add(headers.get(dice.below(headers.size())));
            default -> headers.add(Map.entry(dice.any(NAMES), dice.any(VALUES)));
        }
    }

    private static void set(List<Map.Entry<String, String>> headers, String name, String value) {
        headers.removeIf(header -> header.getKey().equals(name));
        headers.add(name.startsWith(":") ? 0 : headers.size(), Map.entry(name, value));
    }
}
