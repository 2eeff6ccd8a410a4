package io.foresell.standalone.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spoils JSON: other types, depths, numbers, letters, keys twice, texts that end too early. Bytes are written as ISO 8859-1. */
final class JsonTexts {
    private static final Pattern TOKEN =
            Pattern.compile("\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"|-?\\d[\\d.eE+-]*|true|false|null|[\\[\\]{},:]");
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1.5",
            "1e400",
            "-1e400",
            "1e999999999",
            "1E-999999999",
            "2147483648",
            "99999999999999999999",
            "9".repeat(400),
            "9".repeat(1200),
            "0.".concat("1".repeat(2000)),
            "01",
            "0x1",
            "+1",
            ".5",
            "5.",
            "NaN",
            "-Infinity",
            "{}",
            "[]",
            "[[[]]]",
            "{\"a\":{\"a\":{}}}",
            "[null]",
            "[1,\"x\",true,null]",
            "\"\"",
            "\"x\"",
            "\"1\"",
            "\"NaN\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\ud83d\\ude00\"",
            "\"\\x\"",
            "\"\t\"",
            "\"\u00c3(\"", // no UTF-8
            "\"\u00ff\u00fe\"",
            "\"\u00ed\u00a0\u0080\"", // half of a pair
            "'x'",
            "/* x */ 1",
            "undefined",
            "\"2024-13-45T99:00:00Z\"",
            "\"+999999999-12-31T23:59:59Z\"");

    private final Dice dice;

    JsonTexts(Dice dice) {
        this.dice = dice;
    }

    String spoiled(String sound) {
        String text = sound;
        for (int i = 1 + dice.below(3); i > 0; i--) {
            text = spoiledOnce(text);
        }
        return text;
    }

    private String value() {
        return switch (dice.below(14)) {
            case 0 -> "[".repeat(1 + dice.below(5_000));
            case 1 -> "{\"a\":".repeat(1 + dice.below(3_000)) + "1" + "}".repeat(dice.below(3_000));
            case 2 -> "\"" + "x".repeat(dice.below(60_000)) + "\"";
            case 3 -> "[" + "1,".repeat(dice.below(20_000)) + "1]";
            case 4 -> "\"" + new String(dice.bytes(dice.below(30)), java.nio.charset.StandardCharsets.ISO_8859_1)
                    + "\"";
            default -> dice.any(VALUES);
        };
    }

    private String spoiledOnce(String text) {
        List<int[]> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            tokens.add(new int[] {matcher.start(), matcher.end()});
        }
        int[] at = tokens.isEmpty() ? new int[] {0, 0} : dice.any(tokens);
        String before = text.substring(0, at[0]);
        String token = text.substring(at[0], at[1]);
        String after = text.substring(at[1]);
        return switch (dice.below(12)) {
            case 0 -> before + after;
            case 1 -> before + token + token + after;
            case 2 -> before;
            case 3 -> before + token + "," + token + after;
            case 4 -> text + value();
            case 5 -> before.isEmpty()
                    ? "\u00ef\u00bb\u00bf" + text
                    : before + " ".repeat(dice.below(3_000)) + token + after;
            case 6 -> wide(text);
            default -> before + value() + after;
        };
    }

    /** In another of Unicode's encodings, or with bytes that are none. */
    private String wide(String text) {
        java.nio.charset.Charset charset = dice.any(List.of(
                java.nio.charset.StandardCharsets.UTF_16,
                java.nio.charset.StandardCharsets.UTF_16LE,
                java.nio.charset.Charset.forName("UTF-32")));
        byte[] bytes = text.getBytes(charset);
        return new String(dice.onceIn(2) ? dice.damaged(bytes) : bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
