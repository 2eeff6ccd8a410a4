package io.foresell.model.graph;

import io.foresell.model.InputField;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Encodings of every kind drawn from a seed, over inputs with awkward names. */
final class RandomEncodings {
    private static final List<String> NAMES = List.of("Concat", "probability", "客户 年龄", "value", "x/0", "scores");
    private static final List<String> TEXTS = List.of("Month-to-month", "一年", "Two year", " ", "é", "No", "no");

    private final Random random;
    private final boolean keepsMissing;

    RandomEncodings(long seed, boolean keepsMissing) {
        this.random = new Random(seed);
        this.keepsMissing = keepsMissing;
    }

    Preprocessing draw() {
        List<InputEncoding> encodings = new ArrayList<>();
        int numbers = 1 + random.nextInt(NAMES.size());
        for (int i = 0; i < numbers; i++) {
            encodings.add(number(NAMES.get(i)));
        }
        int sequences = random.nextInt(3);
        for (int i = 0; i < sequences; i++) {
            encodings.add(place(encodings), sequence("weekly" + i));
        }
        int texts = random.nextInt(3);
        for (int i = 0; i < texts; i++) {
            encodings.add(place(encodings), new TextEncoding("plan" + i, categories()));
        }
        int others = random.nextInt(5);
        for (int i = 0; i < others; i++) {
            encodings.add(place(encodings), other("plan" + i, NAMES.get(random.nextInt(numbers))));
        }
        return new Preprocessing(encodings, steps(new Preprocessing(encodings).encodedWidth()));
    }

    private InputEncoding other(String text, String number) {
        return switch (random.nextInt(10)) {
            case 0 -> new MissingEncoding(InputField.number(number));
            case 1 -> new MissingEncoding(InputField.text(text));
            case 2, 3 -> new BinnedEncoding(number, edges(), random.nextBoolean());
            case 4 -> TextBucketEncoding.hashed(text, TEXTS, 2 + random.nextInt(5));
            case 5 -> new TextNumberEncoding(text, Map.of("No", gaussian(), "一年", gaussian()), gaussian());
            case 6 -> vectors(text);
            case 7 -> words(text);
            case 8 -> new DateEncoding(number, drawn(DatePart.values()), 1, random.nextBoolean());
            default -> characters(text);
        };
    }

    private <T> T drawn(T[] choices) {
        return List.of(choices).get(random.nextInt(choices.length));
    }

    private List<Float> edges() {
        List<Float> edges = new ArrayList<>();
        for (float edge = -1.2f; edge < 1.3f; edge += 0.3f) {
            if (edges.isEmpty() || random.nextBoolean()) {
                edges.add(edge);
            }
        }
        return edges;
    }

    private TextVectorEncoding vectors(String text) {
        int width = 1 + random.nextInt(4);
        float[] vectors = new float[3 * width];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = gaussian();
        }
        return new TextVectorEncoding(text, List.of("", "é"), width, vectors);
    }

    private WordsEncoding words(String text) {
        Map<String, Integer> columns = new TreeMap<>(Map.of("Two", 0, "two", 0, "year", 1, "一年", 2));
        if (random.nextBoolean()) {
            columns.putAll(Map.of("Two year", 3, "No no No", 1));
        }
        return new WordsEncoding(text, columns, weights(columns.size() > 4 ? 4 : 3));
    }

    private CharactersEncoding characters(String text) {
        List<String> strings = new ArrayList<>(List.of("一", "一年", "oo", "o", " ", "é", "\u0301", "-to-"));
        Collections.shuffle(strings, random);
        List<String> some = strings.subList(0, 1 + random.nextInt(strings.size()));
        return new CharactersEncoding(text, some, weights(some.size()));
    }

    private TermWeights weights(int width) {
        List<Float> weights = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            weights.add(0.2f + random.nextFloat());
        }
        return random.nextInt(3) == 0
                ? TermWeights.counts(width)
                : new TermWeights(weights, random.nextBoolean(), random.nextBoolean());
    }

    private List<ColumnStep> steps(int width) {
        List<ColumnStep> steps = new ArrayList<>();
        if (random.nextInt(4) == 0) {
            List<Integer> kept = new ArrayList<>();
            for (int i = 0; i < width; i++) {
                if (kept.isEmpty() || random.nextBoolean()) {
                    kept.add(random.nextInt(width));
                }
            }
            steps.add(new ColumnSelection(width, kept));
        }
        if (random.nextInt(4) == 0) {
            int before = steps.isEmpty() ? width : steps.get(0).outputs();
            steps.add(new ColumnProducts(
                    before,
                    List.of(random.nextInt(before), before - 1),
                    List.of(random.nextInt(before), random.nextInt(before))));
        }
        return steps;
    }

    /** Returns a projection of few columns onto fewer. */
    ColumnProjection projection(int width) {
        double[][] components = new double[1 + random.nextInt(width)][width];
        for (double[] component : components) {
            for (int i = 0; i < width; i++) {
                component[i] = random.nextGaussian();
            }
        }
        return new ColumnProjection(random.doubles(width).toArray(), components);
    }

    private int place(List<InputEncoding> encodings) {
        return random.nextInt(encodings.size() + 1);
    }

    private NumberEncoding number(String name) {
        float fill = keepsMissing && random.nextBoolean() ? Float.NaN : gaussian();
        NumberEncoding number = new NumberEncoding(name, fill, gaussian(), 0.1f + random.nextFloat());
        number = random.nextInt(3) == 0 ? number.within(-1 - random.nextFloat(), random.nextFloat()) : number;
        return random.nextInt(3) == 0 ? number.logarithmic() : number;
    }

    private FlatSequenceEncoding sequence(String name) {
        int length = 1 + random.nextInt(5);
        if (random.nextBoolean()) {
            FlatSequenceEncoding same = FlatSequenceEncoding.of(number(name), length);
            SequenceGaps gaps = drawn(SequenceGaps.values());
            return new FlatSequenceEncoding(same.input(), same.steps(), gaps);
        }
        List<NumberEncoding> steps = new ArrayList<>();
        for (int step = 0; step < length; step++) {
            steps.add(new NumberEncoding(name + step, gaussian(), gaussian(), random.nextFloat()));
        }
        return new FlatSequenceEncoding(name, steps);
    }

    private List<String> categories() {
        return TEXTS.subList(0, 1 + random.nextInt(TEXTS.size()));
    }

    private float gaussian() {
        return (float) random.nextGaussian();
    }
}
