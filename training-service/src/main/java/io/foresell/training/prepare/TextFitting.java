package io.foresell.training.prepare;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.graph.MissingEncoding;
import io.foresell.model.graph.TextBucketEncoding;
import io.foresell.model.graph.TextEncoding;
import io.foresell.model.graph.TextNumberEncoding;
import io.foresell.model.graph.TextVectorEncoding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Fits the encodings of one text. */
final class TextFitting {
    private final InputField field;
    private final String[] texts;
    private final Family family;
    private final FittedColumns columns;
    private final List<Touched> touched;
    private final TreeMap<String, Integer> counts = new TreeMap<>();

    /**
     * Reads the texts of a fold.
     *
     * @param texts one per row, empty where missing, without marks
     */
    TextFitting(InputField field, String[] texts, Family family, FittedColumns columns, List<Touched> touched) {
        this.field = field;
        this.texts = texts;
        this.family = family;
        this.columns = columns;
        this.touched = touched;
        for (String text : texts) {
            if (!text.isEmpty()) {
                counts.merge(text, 1, Integer::sum);
            }
        }
    }

    /** Fits all rules but target encoding, which {@link TargetMeans} computes. */
    void fit(TextPlan plan) {
        String fill = plan.fillsWithMode() ? mode() : "";
        if (plan.fillsWithMode()) {
            int missing = texts.length
                    - counts.values().stream().mapToInt(Integer::intValue).sum();
            touched.add(new Touched(
                    "filled %s with the most frequent text".formatted(field.name()),
                    missing,
                    texts.length,
                    "training values"));
        }
        if (plan.rule() instanceof TextRule.OneHot oneHot) {
            oneHot(oneHot, fill);
        } else if (plan.rule() instanceof TextRule.Ordinal) {
            ordinal(fill);
        } else if (plan.rule() instanceof TextRule.Hashed hashed) {
            TextBucketEncoding buckets = TextBucketEncoding.hashed(field.name(), counts.keySet(), hashed.bucketCount());
            buckets(buckets.buckets(), hashed.bucketCount(), buckets.unseenBucket(), fill);
        } else if (plan.rule() instanceof TextRule.Words words) {
            words(words);
        } else if (plan.rule() instanceof TextRule.Characters characters) {
            characters(characters);
        } else if (plan.rule() instanceof TextRule.WordsAndCharacters both) {
            words(both.words());
            characters(both.characters());
        }
        indicate(plan);
    }

    private void words(TextRule.Words rule) {
        WordTerms terms = new WordTerms(field.name(), rule);
        List.of(texts).forEach(terms::add);
        columns.add(terms.encoding());
    }

    private void characters(TextRule.Characters rule) {
        CharacterTerms terms = new CharacterTerms(field.name(), rule);
        List.of(texts).forEach(terms::add);
        columns.add(terms.encoding());
    }

    private void indicate(TextPlan plan) {
        if (plan.indicatesMissing()) {
            columns.add(new MissingEncoding(field));
        }
    }

    private String mode() {
        return counts.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey)
                .orElse("");
    }

    private void oneHot(TextRule.OneHot rule, String fill) {
        Set<String> kept = kept(rule);
        int rare = counts.size() - kept.size();
        if (rare == 0 && fill.isEmpty()) {
            columns.add(new TextEncoding(field.name(), List.copyOf(kept)));
            return;
        }
        Map<String, Integer> buckets = new TreeMap<>();
        kept.forEach(text -> buckets.put(text, buckets.size()));
        int bucketCount = kept.size() + (rare > 0 ? 1 : 0);
        int other = rare > 0 ? bucketCount - 1 : -1;
        counts.keySet().forEach(text -> buckets.putIfAbsent(text, other));
        if (rare > 0) {
            touched.add(new Touched("joined rare texts of " + field.name(), rare, counts.size(), "different texts"));
        }
        buckets(buckets, bucketCount, other, fill);
    }

    private Set<String> kept(TextRule.OneHot rule) {
        List<Map.Entry<String, Integer>> frequent = new ArrayList<>();
        counts.entrySet().stream()
                .filter(entry -> entry.getValue() >= rule.minCount())
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(rule.maxCategories() == 0 ? Long.MAX_VALUE : rule.maxCategories())
                .forEach(frequent::add);
        TreeSet<String> kept = new TreeSet<>();
        frequent.forEach(entry -> kept.add(entry.getKey()));
        return kept;
    }

    private void buckets(Map<String, Integer> buckets, int bucketCount, int unseen, String fill) {
        Map<String, Integer> all = new TreeMap<>(buckets);
        if (!fill.isEmpty()) {
            all.put("", buckets.getOrDefault(fill, unseen));
        }
        columns.add(new TextBucketEncoding(field.name(), all, bucketCount, unseen));
    }

    private void ordinal(String fill) {
        Map<String, Double> numbers = new TreeMap<>();
        counts.keySet().forEach(text -> numbers.put(text, numbers.size() + 1.0));
        if (!fill.isEmpty()) {
            numbers.put("", numbers.getOrDefault(fill, 0.0));
        }
        float[] values = new float[texts.length];
        for (int row = 0; row < values.length; row++) {
            values[row] = numbers.getOrDefault(texts[row], 0.0).floatValue();
        }
        Scaling scaling = Scaling.of(family.isStandardized() ? Scale.STANDARD : Scale.NONE, Values.known(values));
        Map<String, Float> scaled = new TreeMap<>();
        numbers.forEach((text, number) -> scaled.put(text, scaled(number, scaling)));
        columns.add(new TextNumberEncoding(field.name(), scaled, scaled(0, scaling)));
    }

    private static float scaled(double number, Scaling scaling) {
        return (float) ((number - scaling.offset()) * scaling.scale());
    }

    /** Adds the mean labels, by marked texts too. */
    void fit(TextPlan plan, TargetMeans means) {
        if (plan.fillsWithMode()) {
            throw new ServiceException(Failure.precondition(
                    "PREPARE_INVALID",
                    "fill of %s beside target: the most frequent text (expected: none: a missing text is the mean of all)"
                            .formatted(field.name())));
        }
        TargetMeans.Numbers numbers = means.numbers();
        if (family.isStandardized()) {
            numbers = numbers.standardized(means.marked());
        }
        if (means.width() == 1) {
            float unseen = (float) numbers.unseen()[0];
            columns.add(
                    new TextNumberEncoding(field.name(), firsts(numbers.served()), unseen),
                    new TextNumberEncoding(field.name(), firsts(numbers.fitted()), unseen));
        } else {
            columns.add(vectors(numbers.served(), numbers.unseen()), vectors(numbers.fitted(), numbers.unseen()));
        }
        indicate(plan);
    }

    private static Map<String, Float> firsts(Map<String, double[]> numbers) {
        Map<String, Float> firsts = new TreeMap<>();
        numbers.forEach((text, values) -> firsts.put(text, (float) values[0]));
        return firsts;
    }

    private TextVectorEncoding vectors(Map<String, double[]> numbers, double[] unseen) {
        int width = unseen.length;
        List<String> known = new ArrayList<>(new TreeSet<>(numbers.keySet()));
        float[] vectors = new float[Math.multiplyExact(known.size() + 1, width)];
        for (int i = 0; i <= known.size(); i++) {
            double[] values = i < known.size() ? numbers.getOrDefault(known.get(i), unseen) : unseen;
            for (int j = 0; j < width; j++) {
                vectors[i * width + j] = (float) values[j];
            }
        }
        return new TextVectorEncoding(field.name(), known, width, vectors);
    }
}
