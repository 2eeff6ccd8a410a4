package io.foresell.model.scorer;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Operators that normalise texts, split them into tokens and count these. */
final class TextOperators {
    private TextOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("StringNormalizer", TextOperators::normalize);
        operators.put("com.microsoft.Tokenizer", TextOperators::tokenize);
        operators.put("TfIdfVectorizer", TextOperators::count);
    }

    private static void normalize(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        String change = node.text("case_change_action", "NONE");
        if (!change.equals("NONE") && !change.equals("LOWER") && !change.equals("UPPER")) {
            throw BadGraph.of("case_change_action of %s: %s (expected: NONE, LOWER or UPPER)", node, change);
        }
        // Turkic languages have cases of their own.
        String language = node.text("locale", "en").toLowerCase(Locale.ROOT);
        if (!node.texts("stopwords").isEmpty() || language.startsWith("tr") || language.startsWith("az")) {
            throw node.unsupported("stop words, or locale %s", language);
        }
        Value.Texts from = node.texts(0);
        if (change.equals("NONE")) {
            plan.define(node.output(0), from);
            return;
        }
        boolean isLower = change.equals("LOWER");
        int[] places = new int[from.size()];
        for (int i = 0; i < places.length; i++) {
            TextReader reader = plan.reader(from.places()[i]);
            places[i] = plan.computedText(
                    (memory, texts, textBase) -> inCase(reader.read(memory, texts, textBase), isLower));
        }
        plan.define(node.output(0), new Value.Texts(places, from.shape(), from.sources()));
    }

    /** Returns the text in lower or upper case, character by character as C's locales do; the same text when nothing changes. */
    static String inCase(String text, boolean isLower) {
        int at = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            if (inCase(point, isLower) != point) {
                StringBuilder changed = new StringBuilder(text.length()).append(text, 0, at);
                text.substring(at).codePoints().forEach(rest -> changed.appendCodePoint(inCase(rest, isLower)));
                return changed.toString();
            }
            at += Character.charCount(point);
        }
        return text;
    }

    private static int inCase(int point, boolean isLower) {
        return isLower ? Character.toLowerCase(point) : Character.toUpperCase(point);
    }

    private static void tokenize(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        Value.Texts from = node.texts(0);
        if (from.size() != 1 || node.integer("mark", 0) != 0) {
            throw node.unsupported("%d texts a row, or marks", from.size());
        }
        plan.define(
                node.output(0),
                new Value.Tokens(
                        plan.reader(from.places()[0]),
                        tokenizing(node),
                        node.text("pad_value", ""),
                        new int[] {1, 1},
                        from.sources()[0]));
    }

    private static Tokenizing tokenizing(GraphNode node) {
        List<String> separators = node.texts("separators");
        long least = node.integer("mincharnum", 1);
        if (least < 0 || least > Integer.MAX_VALUE) {
            throw BadGraph.of("mincharnum of %s: %d (expected: 0 or more)", node, least);
        }
        if (separators.isEmpty()) {
            String expression = node.text("tokenexp", "");
            CharClass characters = CharClass.parse(expression);
            if (characters == null) {
                throw node.unsupported("token expression %s", expression);
            }
            return Tokenizing.runs(characters, false, Math.max(1, Math.max(characters.least(), (int) least)));
        }
        if (separators.equals(List.of(""))) {
            return Tokenizing.characters();
        }
        String expression = separators.get(0);
        CharClass characters = CharClass.parse(expression.endsWith("+") ? expression : expression + "+");
        if (separators.size() != 1 || characters == null || characters.least() != 1) {
            throw node.unsupported("separators %s", separators);
        }
        return Tokenizing.runs(characters, true, Math.max(1, (int) least));
    }

    private static void count(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        NgramCounter counter = new NgramCounter(node);
        if (node.input(0) instanceof Value.Tokens tokens) {
            countTokens(node, plan, counter, tokens);
        } else if (node.input(0) instanceof Value.Texts texts && counter.isOfTexts()) {
            countTexts(node, plan, counter, texts);
        } else {
            countNumbers(node, plan, counter);
        }
    }

    private static void countTokens(GraphNode node, PlanBuilder plan, NgramCounter counter, Value.Tokens from) {
        if (from.rank() != 2 || plan.batchAxis(from) != 0 || !counter.isOfTexts()) {
            throw node.unsupported("tokens of shape %s (only texts [N, tokens])", Arrays.toString(from.shape()));
        }
        if (counter.tokens().find(from.filler()) >= 0) {
            throw node.unsupported("a pool with what fills up short texts");
        }
        int[] sources = new int[counter.width()];
        Arrays.fill(sources, from.source());
        Value.Floats to = plan.allocate(new int[] {1, sources.length}, sources);
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            TokenIds ids = Scratch.ofThread().tokenIds(counter.tokens(), Integer.MAX_VALUE);
            from.tokenizing().split(from.text().read(memory, texts, textBase), ids);
            counter.count(ids.ids(), ids.size(), memory, out);
            ids.release();
        });
        plan.define(node.output(0), to);
    }

    private static void countTexts(GraphNode node, PlanBuilder plan, NgramCounter counter, Value.Texts from) {
        TextReader[] readers =
                Arrays.stream(from.places()).mapToObj(plan::reader).toArray(TextReader[]::new);
        Value.Floats to = plan.allocate(new int[] {1, counter.width()});
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            TokenIds ids = Scratch.ofThread().tokenIds(counter.tokens(), readers.length);
            for (TextReader reader : readers) {
                String text = reader.read(memory, texts, textBase);
                ids.token(text, 0, text.length());
            }
            counter.count(ids.ids(), ids.size(), memory, out);
            ids.release();
        });
        plan.define(node.output(0), to);
    }

    private static void countNumbers(GraphNode node, PlanBuilder plan, NgramCounter counter) {
        Value.Floats from = node.columns(0);
        if (counter.isOfTexts() || !plan.isInteger(from)) {
            throw node.unsupported("an input that is not of the pool's type");
        }
        Value.Floats to = plan.allocate(new int[] {1, counter.width()});
        int in = from.offset();
        int out = to.offset();
        int size = from.size();
        plan.step((memory, texts, textBase) -> {
            int[] ids = new int[size];
            for (int i = 0; i < size; i++) {
                ids[i] = counter.tokens().find(String.valueOf((long) memory[in + i]));
            }
            counter.count(ids, size, memory, out);
        });
        plan.define(node.output(0), to);
    }
}
