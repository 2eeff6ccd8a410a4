package io.foresell.model.scorer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Operators of ai.onnx.ml that look categories up: one column per category, or another label for each. */
final class CategoryOperators {
    /** Finds the position of the category at one place of a value; -1 when it is unknown. */
    @FunctionalInterface
    private interface Lookup {
        int find(float[] memory, String[] texts, int textBase);
    }

    private CategoryOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("ai.onnx.ml.OneHotEncoder", CategoryOperators::encode);
        operators.put("ai.onnx.ml.LabelEncoder", CategoryOperators::relabel);
        operators.put("ai.onnx.ml.CategoryMapper", CategoryOperators::relabel);
    }

    private static void encode(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        List<String> categories = node.texts("cats_strings");
        long[] numbers = node.longs("cats_int64s");
        if (categories.isEmpty() == (numbers.length == 0)) {
            throw BadGraph.of("categories of %s: texts and integers, or none (expected: one of the two)", node);
        }
        if (node.integer("zeros", 1) != 1) {
            throw node.unsupported("an error for unknown categories");
        }
        plan.define(
                node.output(0),
                categories.isEmpty() ? ofNumbers(node, plan, numbers) : ofTexts(node, plan, categories));
    }

    private static EncodedColumns ofTexts(GraphNode node, PlanBuilder plan, List<String> categories) {
        TextIndex index = new TextIndex(categories);
        if (index.size() != categories.size()) {
            throw BadGraph.of("categories of %s: one given twice (expected: unique ones)", node);
        }
        Value.Texts from = node.texts(0);
        List<ColumnPart> parts = new ArrayList<>();
        for (int place : from.places()) {
            parts.add(
                    place >= 0
                            ? new ColumnPart.OneHot(place, index, categories.size())
                            : new ColumnPart.OneHotText(plan.reader(place), index, categories.size()));
        }
        return columns(plan, parts, from.shape(), from.sources(), categories.size());
    }

    private static EncodedColumns ofNumbers(GraphNode node, PlanBuilder plan, long[] categories) {
        float[] exact = new float[categories.length];
        for (int i = 0; i < exact.length; i++) {
            exact[i] = node.exact(categories[i]);
        }
        NumberIndex index = new NumberIndex(exact);
        if (index.size() != exact.length) {
            throw BadGraph.of("categories of %s: one given twice (expected: unique ones)", node);
        }
        Value.Floats from = node.floats(0);
        List<ColumnPart> parts = new ArrayList<>();
        for (int i = 0; i < from.size(); i++) {
            parts.add(new ColumnPart.OneHotNumber(from.offset() + i, index, exact.length));
        }
        return columns(plan, parts, from.shape(), from.sources(), exact.length);
    }

    private static EncodedColumns columns(
            PlanBuilder plan, List<ColumnPart> parts, int[] from, int[] fromSources, int width) {
        int[] shape = Arrays.copyOf(from, from.length + 1);
        shape[from.length] = width;
        int[] sources = new int[Shapes.size(shape)];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = fromSources[i / width];
        }
        return new EncodedColumns(plan, parts, shape, sources);
    }

    /** LabelEncoder of every version, and CategoryMapper, which is one between texts and integers. */
    private static void relabel(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        boolean isText = node.input(0) instanceof Value.Texts || node.input(0) instanceof Value.Tokens;
        LabelTable keys = keys(node, isText);
        LabelTable values = values(node, isText);
        if (keys.size() != values.size() || keys.isText() != isText) {
            throw BadGraph.of(
                    "%s: %d keys and %d values (expected: as many, keys of the input's type)",
                    node, keys.size(), values.size());
        }
        LabelTable absent = values.absent(node);
        if (absent.size() != 1 || absent.isText() != values.isText()) {
            throw BadGraph.of("default of %s (expected: one, of the type of the values)", node);
        }
        if (node.input(0) instanceof Value.Tokens tokens) {
            SplitOperators.relabel(node, plan, tokens, keys, values);
        } else if (isText) {
            Value.Texts from = node.texts(0);
            define(node, plan, texts(plan, from, keys), from.shape(), from.sources(), values, absent);
        } else {
            Value.Floats from = node.operand(0, plan);
            define(node, plan, numbers(from, keys), from.shape(), from.sources(), values, absent);
        }
    }

    private static LabelTable keys(GraphNode node, boolean isText) {
        String texts = textsOfPairs(node);
        return texts.isEmpty() ? LabelTable.of(node, "keys") : ofPairs(node, texts, isText);
    }

    private static LabelTable values(GraphNode node, boolean isText) {
        String texts = textsOfPairs(node);
        return texts.isEmpty() ? LabelTable.of(node, "values") : ofPairs(node, texts, !isText);
    }

    /** Returns the name of the list of texts in forms that map texts to integers and back; empty in others. */
    private static String textsOfPairs(GraphNode node) {
        return node.has("classes_strings") ? "classes_strings" : node.has("cats_strings") ? "cats_strings" : "";
    }

    private static LabelTable ofPairs(GraphNode node, String texts, boolean wantsTexts) {
        if (wantsTexts) {
            return new LabelTable(node.texts(texts), new float[0], false);
        }
        long[] integers = node.longs("cats_int64s");
        float[] numbers = new float
                [texts.startsWith("cats") ? integers.length : node.texts(texts).size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = texts.startsWith("cats") ? node.exact(integers[i]) : i;
        }
        return new LabelTable(List.of(), numbers, true);
    }

    private static Lookup[] texts(PlanBuilder plan, Value.Texts from, LabelTable keys) {
        TextIndex index = new TextIndex(keys.texts());
        Lookup[] lookups = new Lookup[from.size()];
        for (int i = 0; i < lookups.length; i++) {
            TextReader reader = plan.reader(from.places()[i]);
            lookups[i] = (memory, texts, textBase) -> index.find(reader.read(memory, texts, textBase));
        }
        return lookups;
    }

    private static Lookup[] numbers(Value.Floats from, LabelTable keys) {
        NumberIndex index = new NumberIndex(keys.numbers());
        Lookup[] lookups = new Lookup[from.size()];
        for (int i = 0; i < lookups.length; i++) {
            int place = from.offset() + i;
            lookups[i] = (memory, texts, textBase) -> index.find(memory[place]);
        }
        return lookups;
    }

    private static void define(
            GraphNode node,
            PlanBuilder plan,
            Lookup[] lookups,
            int[] shape,
            int[] sources,
            LabelTable values,
            LabelTable absent) {
        if (values.isText()) {
            int[] places = new int[lookups.length];
            List<String> labels = values.texts();
            String unknown = absent.texts().get(0);
            for (int i = 0; i < places.length; i++) {
                Lookup lookup = lookups[i];
                places[i] = plan.computedText((memory, texts, textBase) -> {
                    int position = lookup.find(memory, texts, textBase);
                    return position < 0 ? unknown : labels.get(position);
                });
            }
            plan.define(node.output(0), new Value.Texts(places, shape, sources));
            return;
        }
        Value.Floats to = plan.allocate(shape, sources);
        int out = to.offset();
        float[] labels = values.numbers();
        float unknown = absent.numbers()[0];
        plan.step((memory, texts, textBase) -> {
            for (int i = 0; i < lookups.length; i++) {
                int position = lookups[i].find(memory, texts, textBase);
                memory[out + i] = position < 0 ? unknown : labels[position];
            }
        });
        plan.define(node.output(0), values.isInteger() ? plan.integers(to) : to);
    }
}
