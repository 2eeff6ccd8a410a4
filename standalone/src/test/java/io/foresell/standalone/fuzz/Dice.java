package io.foresell.standalone.fuzz;

import java.util.List;
import java.util.Random;

/** The chance of one case. The same seed and number make the same case. */
final class Dice {
    private static final List<String> WORDS = List.of(
            "",
            "leaving",
            "visits",
            "B1",
            "identity",
            "simple",
            "1",
            "0",
            "-1",
            "2147483648",
            "99999999999999999999",
            "NaN",
            "en",
            "xx",
            "INPUT0",
            "\u0000",
            "\uD83D\uDE00",
            "\u202Eevil",
            "\uFFFF",
            "..",
            "../../etc/passwd",
            "a/b",
            "a b",
            "$where",
            "a.b",
            "${jndi:x}",
            "%s%n%x",
            "'",
            "\"",
            "\\",
            "<b>",
            "\r\nX: y",
            "2024-06-01T00:00:00Z",
            "01JD8Z6X0V00000000000000XY");
    private static final double[] NUMBERS = {
        0, -0.0, -1, 1, 12, 0.5, 1e300, -1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, 1e38, 3.5e38
    };
    private static final long[] WHOLES = {
        0,
        1,
        -1,
        2,
        3,
        5,
        100,
        4097,
        1 << 20,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 31,
        1L << 53,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private final Random random;

    Dice(long seed, int number) {
        this.random = new Random(mixed(seed * 1_000_003 + number));
    }

    /** Seeds next to each other begin alike; a step of SplitMix64 sets them apart. */
    private static long mixed(long seed) {
        long mixed = (seed ^ (seed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** Returns true once in so many cases. */
    boolean onceIn(int count) {
        return random.nextInt(count) == 0;
    }

    <T> T any(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    String word() {
        return switch (random.nextInt(20)) {
            case 0 -> "x".repeat(random.nextInt(20_000));
            case 1 -> "\u6F22".repeat(random.nextInt(4_000));
            case 2 -> text(random.nextInt(60));
            default -> any(WORDS);
        };
    }

    /** Returns any characters, lone halves of pairs among them. */
    String text(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) random.nextInt(random.nextBoolean() ? 128 : 65_536));
        }
        return text.toString();
    }

    double number() {
        return random.nextInt(4) == 0 ? random.nextGaussian() * 100 : NUMBERS[random.nextInt(NUMBERS.length)];
    }

    long whole() {
        return random.nextInt(4) == 0 ? random.nextInt(10) : WHOLES[random.nextInt(WHOLES.length)];
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Returns the bytes with some changed, left out, doubled or added. */
    byte[] damaged(byte[] sound) {
        byte[] bytes = sound;
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            bytes = damagedOnce(bytes);
        }
        return bytes;
    }

    private byte[] damagedOnce(byte[] sound) {
        int at = sound.length == 0 ? 0 : random.nextInt(sound.length);
        int length = sound.length - at == 0 ? 0 : random.nextInt(Math.min(16, sound.length - at) + 1);
        return switch (random.nextInt(5)) {
            case 0 -> joined(sound, at, bytes(random.nextInt(8)), at);
            case 1 -> joined(sound, at, new byte[0], at + length);
            case 2 -> joined(sound, at, java.util.Arrays.copyOfRange(sound, at, at + length), at);
            case 3 -> joined(sound, at, new byte[0], sound.length);
            default -> joined(sound, at, bytes(length), at + length);
        };
    }

    private static byte[] joined(byte[] of, int until, byte[] middle, int from) {
        byte[] all = new byte[until + middle.length + of.length - from];
        System.arraycopy(of, 0, all, 0, until);
        System.arraycopy(middle, 0, all, until, middle.length);
        System.arraycopy(of, from, all, until + middle.length, of.length - from);
        return all;
    }
}
