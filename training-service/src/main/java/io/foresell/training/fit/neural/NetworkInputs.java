package io.foresell.training.fit.neural;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.InputEncoding;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.SequenceEncoding;
import io.foresell.model.graph.TextEncoding;
import io.foresell.model.graph.TextNumberEncoding;
import io.foresell.model.graph.WordSequenceEncoding;
import io.foresell.training.fit.Encodings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The encoding of raw features, fitted on a fold, and the inputs of the network that read it. */
final class NetworkInputs {
    /** A category of fewer rows shares the embedding of categories that training never saw. */
    private static final int LEAST_ROWS = 2;

    private static final int SENTENCE_WORDS = 3;
    private static final int MOST_REPEATED_TEXTS = 50;

    private final Preprocessing preprocessing;
    private final List<NetworkSource> sources;

    private NetworkInputs(Preprocessing preprocessing, List<NetworkSource> sources) {
        this.preprocessing = preprocessing;
        this.sources = List.copyOf(sources);
    }

    Preprocessing preprocessing() {
        return preprocessing;
    }

    /** Returns the bodies first, then numbers, then categories. */
    List<NetworkSource> sources() {
        return sources;
    }

    static NetworkInputs of(Encodings encodings, InputPlan plan) {
        Preprocessing usual = encodings.sequential();
        List<InputEncoding> chosen = new ArrayList<>();
        for (InputEncoding encoding : usual.encodings()) {
            chosen.add(encoding instanceof TextEncoding text ? ofText(text, encodings, plan) : encoding);
        }
        boolean isSame = chosen.equals(usual.encodings());
        // A preparation that selects or projects columns knows the usual ones: then they stay.
        boolean isFixed = new Preprocessing(usual.encodings()).encodedWidth() != usual.encodedWidth()
                && plan.texts().isEmpty();
        Preprocessing preprocessing = isSame || isFixed ? usual : new Preprocessing(chosen);
        return new NetworkInputs(preprocessing, sources(preprocessing, plan));
    }

    private static InputEncoding ofText(TextEncoding text, Encodings encodings, InputPlan plan) {
        List<String> texts = texts(encodings.signature(), encodings.rows(), text.input());
        boolean isWords = plan.texts().contains(text.input())
                || (plan.isTextFound() && isSentences(texts, text.categories().size()));
        if (isWords) {
            return Vocabulary.fit(text.input(), texts, plan.vocabularySize(), plan.textLength());
        }
        return text.categories().size() > plan.oneHotCategories() ? index(text, texts) : text;
    }

    private static List<String> texts(Signature signature, Rows rows, String input) {
        List<String> texts = new ArrayList<>();
        for (int i = signature.offset(input); i < rows.texts().length; i += signature.textWidth()) {
            texts.add(rows.texts()[i]);
        }
        return texts;
    }

    /** Returns whether texts are mostly different and of several words. */
    static boolean isSentences(List<String> texts, int categories) {
        List<String> given = texts.stream().filter(text -> !text.isEmpty()).toList();
        double words = given.stream()
                .mapToInt(text -> Vocabulary.words(text).size())
                .average()
                .orElse(0);
        return words >= SENTENCE_WORDS && categories > MOST_REPEATED_TEXTS && 2 * categories > given.size();
    }

    private static TextNumberEncoding index(TextEncoding text, List<String> texts) {
        Map<String, Integer> counts = new TreeMap<>();
        texts.forEach(value -> counts.merge(value, 1, Integer::sum));
        Map<String, Float> indices = new HashMap<>();
        for (String category : text.categories()) {
            if (counts.getOrDefault(category, 0) >= LEAST_ROWS) {
                indices.put(category, indices.size() + 1f);
            }
        }
        if (indices.isEmpty()) {
            indices.put(text.categories().get(0), 1f);
        }
        return new TextNumberEncoding(text.input(), indices, 0);
    }

    private static List<NetworkSource> sources(Preprocessing preprocessing, InputPlan plan) {
        List<NetworkSource> bodies = new ArrayList<>();
        TreeMap<Integer, List<SequenceEncoding>> byLength = new TreeMap<>();
        List<NetworkSource> categories = new ArrayList<>();
        for (InputEncoding encoding : preprocessing.encodings()) {
            if (encoding instanceof SequenceEncoding sequence && isImage(plan, sequence)) {
                bodies.add(new NetworkSource.Pixels(plan.image().orElseThrow(), sequence));
            } else if (encoding instanceof SequenceEncoding sequence) {
                byLength.computeIfAbsent(sequence.length(), length -> new ArrayList<>())
                        .add(sequence);
            } else if (encoding instanceof WordSequenceEncoding words) {
                bodies.add(new NetworkSource.Words(words, plan.wordWidth()));
            }
        }
        byLength.forEach((length, sequences) -> bodies.add(
                new NetworkSource.Steps(byLength.size() == 1 ? "sequences" : "sequences " + length, sequences)));
        List<Integer> places = new ArrayList<>();
        List<String> names = preprocessing.encodedNames();
        Map<String, TextNumberEncoding> embedded = embedded(preprocessing);
        for (int place = 0; place < preprocessing.encodedWidth(); place++) {
            TextNumberEncoding text = embedded.get(names.get(place));
            if (text == null) {
                places.add(place);
            } else {
                int indexCount = text.numbers().size() + 1;
                categories.add(new NetworkSource.Category(text.input(), place, indexCount, plan.widthOf(indexCount)));
            }
        }
        if (!places.isEmpty()) {
            bodies.add(new NetworkSource.Numbers(places, categories.isEmpty()));
        }
        bodies.addAll(categories);
        return bodies;
    }

    private static boolean isImage(InputPlan plan, SequenceEncoding sequence) {
        return plan.image()
                .filter(image -> image.feature().equals(sequence.input()))
                .isPresent();
    }

    private static Map<String, TextNumberEncoding> embedded(Preprocessing preprocessing) {
        Map<String, TextNumberEncoding> embedded = new HashMap<>();
        for (InputEncoding encoding : preprocessing.encodings()) {
            if (encoding instanceof TextNumberEncoding text && isIndex(text)) {
                embedded.put(text.input(), text);
            }
        }
        return embedded;
    }

    /** Returns whether the numbers are 1, 2, 3 and so on, with 0 for other texts: made here, and no target encoding. */
    private static boolean isIndex(TextNumberEncoding text) {
        return text.unseen() == 0
                && text.numbers().values().stream().distinct().count()
                        == text.numbers().size()
                && text.numbers().values().stream()
                        .allMatch(number -> number == Math.rint(number)
                                && number >= 1
                                && number <= text.numbers().size());
    }
}
