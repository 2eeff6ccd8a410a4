package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

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
        return new Preprocessing(encodings);
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
            return FlatSequenceEncoding.of(number(name), length);
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
