package io.foresell.model.pack;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.model.PackageException;
import io.foresell.model.scorer.HostileRows;
import io.foresell.model.scorer.UnsupportedOperatorException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Sound packages changed at random by the thousands: each is refused with a reason or loads and answers. {@code
 * -Dforesell.fuzz.rounds=100} runs a hundred times as many, {@code -Dforesell.fuzz.seed=7} others.
 */
class PackageFuzzTest {
    private static final int MUTANTS = 6_000;
    private static final int ROUNDS = Integer.getInteger("foresell.fuzz.rounds", 1);
    private static final long SEED = Long.getLong("foresell.fuzz.seed", 32);
    private static final String[] TOKENS = {
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "null",
        "true",
        "NaN",
        "\"NaN\"",
        "\"Infinity\"",
        "-",
        "1e999",
        "1e-999",
        "9223372036854775808",
        "0.1",
        "\\u0000",
        "\\ud800",
        "\"formatVersion\"",
        "\"answer\"",
        "\"width\"",
        "\"labels\"",
        "{}",
        "[]",
        " ",
        "\n",
        "//",
        "'"
    };

    private final Random random = new Random(SEED);
    private int refused;
    private int loaded;

    private static final List<byte[]> SOUND = Stream.concat(
                    Stream.of("v1/logistic", "v1/lstm", "v1/drawn-trees", "by-hand/churn")
                            .map(name -> ExpectedAnswers.bytes("/packages/" + name + ".zip")),
                    Packages.ofEveryTask(3).stream().map(PackageWriter::write))
            .toList();

    private void load(byte[] bytes, int mutant) {
        try {
            LoadedPackage read = LoadedPackage.load(bytes, "", LoadedPackage.COMPILED);
            float[] answers = new float[2 * read.scorer().answer().width()];
            read.scorer().score(HostileRows.draw(read.modelPackage().signature(), 2, random), answers);
            loaded++;
        } catch (PackageException | UnsupportedOperatorException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(2000);
            refused++;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError("mutant %d of seed %d".formatted(mutant, SEED), e);
        }
    }

    @Test
    void changedFilesAreRefusedOrAnswer() {
        for (int i = 0; i < MUTANTS * ROUNDS; i++) {
            byte[] bytes = SOUND.get(i % SOUND.size()).clone();
            for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
                int place = random.nextBoolean() ? header(bytes) : random.nextInt(bytes.length);
                bytes[place] = random.nextBoolean()
                        ? (byte) (bytes[place] ^ 1 << random.nextInt(8))
                        : (byte) random.nextInt(256);
            }
            load(random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes, i);
        }
        assertThat(refused).isGreaterThan(MUTANTS * ROUNDS / 2);
        assertThat(loaded).isPositive();
    }

    /** Returns a place in the directory at the end of the file. */
    private int header(byte[] bytes) {
        return Math.max(0, bytes.length - 1 - random.nextInt(300));
    }

    @Test
    void changedPartsAreRefusedOrAnswer() {
        for (int i = 0; i < MUTANTS * ROUNDS; i++) {
            Map<String, byte[]> entries = new LinkedHashMap<>(Entries.read(SOUND.get(i % SOUND.size())));
            String name = List.copyOf(entries.keySet()).get(random.nextInt(entries.size()));
            byte[] content = entries.get(name);
            entries.put(name, name.endsWith(".onnx") ? changedBytes(content) : changedText(content));
            // With fresh checksums, so that the parts themselves must be checked.
            load(Entries.write(entries), i);
        }
        assertThat(refused).isGreaterThan(MUTANTS * ROUNDS / 2);
        assertThat(loaded).isGreaterThan(MUTANTS * ROUNDS / 50);
    }

    private byte[] changedBytes(byte[] content) {
        byte[] changed = content.clone();
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(10) == 0 ? Arrays.copyOf(changed, random.nextInt(changed.length)) : changed;
    }

    /** Puts a token somewhere, over some characters or between two, or repeats or drops a piece. */
    private byte[] changedText(byte[] content) {
        if (random.nextInt(4) == 0) {
            return changedBytes(content);
        }
        StringBuilder text = new StringBuilder(new String(content, StandardCharsets.UTF_8));
        for (int edits = 1 + random.nextInt(2); edits > 0; edits--) {
            int from = random.nextInt(text.length());
            int to = Math.min(text.length(), from + random.nextInt(4));
            String piece = text.substring(from, Math.min(text.length(), from + random.nextInt(60)));
            switch (random.nextInt(4)) {
                case 0 -> text.insert(from, piece);
                case 1 -> text.delete(from, from + piece.length());
                default -> text.replace(from, to, TOKENS[random.nextInt(TOKENS.length)]);
            }
            if (text.isEmpty()) {
                text.append(' ');
            }
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
