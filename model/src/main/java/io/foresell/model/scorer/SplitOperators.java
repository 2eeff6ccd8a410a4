package io.foresell.model.scorer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * StringSplit, and the numbers that stand for its pieces. How many pieces a batch has room for is how many its longest text
 * has, so only what does not depend on that compiles.
 */
final class SplitOperators {
    private SplitOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("StringSplit", SplitOperators::split);
    }

    private static void split(GraphNode node, PlanBuilder plan) {
        Value.Texts from = node.texts(0);
        String delimiter = node.text("delimiter", "");
        if (from.size() != 1 || delimiter.isEmpty() || node.has("maxsplit")) {
            throw node.unsupported("%d texts a row, white space as delimiter, or maxsplit", from.size());
        }
        if (delimiter.length() > PieceCounter.Builder.MAX_LENGTH) {
            throw node.unsupported(
                    "delimiter of %d characters (only up to %d)", delimiter.length(), PieceCounter.Builder.MAX_LENGTH);
        }
        int place = from.places()[0];
        int batch = plan.batchAxis(from);
        if (node.hasOutput(0)) {
            int[] shape = Arrays.copyOf(from.shape(), from.rank() + 1);
            shape[from.rank()] = 1;
            Value.Tokens tokens =
                    new Value.Tokens(plan.reader(place), Tokenizing.pieces(delimiter), "", shape, from.sources()[0]);
            plan.define(node.output(0), plan.withBatchAxis(tokens, batch));
        }
        if (node.hasOutput(1)) {
            Value.Floats counts =
                    plan.pieceCounter(place).count(node, delimiter, plan.allocate(from.shape(), from.sources()));
            plan.define(node.output(1), plan.integers(plan.withBatchAxis(counts.withShape(from.shape()), batch)));
        }
    }

    /** LabelEncoder of pieces. */
    static void relabel(GraphNode node, PlanBuilder plan, Value.Tokens tokens, LabelTable keys, LabelTable values) {
        if (values.isText()) {
            throw node.unsupported("pieces of a text as other texts");
        }
        Map<String, Integer> ids = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            ids.putIfAbsent(keys.texts().get(i), i);
        }
        TokenTable table = new TokenTable(ids);
        float[] labels = values.numbers();
        float unknown = values.absent(node).numbers()[0];
        int filler = table.find(tokens.filler());
        Value.TokenNumbers numbers = new Value.TokenNumbers(
                tokens, table, labels, unknown, filler < 0 ? unknown : labels[filler], values.isInteger(), 0);
        plan.define(node.output(0), plan.withBatchAxis(numbers, plan.batchAxis(tokens)));
    }

    /** Concat of numbers of pieces with zeros behind them, when zeros also fill the place of missing pieces. */
    static void concat(GraphNode node, PlanBuilder plan, Value.TokenNumbers first) {
        node.requireOnlyOutput();
        requireRows(node, plan, first);
        if (Shapes.axis(node.integer("axis", 0), first.rank()) != 1 || first.filler() != 0) {
            throw node.unsupported("pieces of a text, filled with %s", first.filler());
        }
        int zeros = first.zeros();
        for (int i = 1; i < node.inputCount(); i++) {
            Value.Floats more = node.columns(i);
            if (!plan.isZero(more) || plan.isInteger(more) != first.isInteger() || plan.batchAxis(more) != 0) {
                throw node.unsupported("pieces of a text, and other numbers than zeros behind them");
            }
            zeros = Math.addExact(zeros, more.size());
        }
        plan.define(node.output(0), plan.withBatchAxis(first.withZeros(zeros), 0));
    }

    /** Slice of the first numbers of pieces, no more than there are zeros behind them. */
    static void slice(GraphNode node, PlanBuilder plan, Value.TokenNumbers from) {
        node.requireOnlyOutput();
        requireRows(node, plan, from);
        boolean isPlain = !node.has("starts") && !node.hasInput(4) && node.hasInput(3);
        int[] starts = isPlain ? node.intConstant(1) : new int[0];
        int[] ends = isPlain ? node.limitedIntConstant(2) : new int[0];
        int[] axes = isPlain ? node.intConstant(3) : new int[0];
        boolean isOne = starts.length == 1 && ends.length == 1 && axes.length == 1;
        if (!isOne || Shapes.axis(axes[0], 2) != 1 || starts[0] != 0 || ends[0] < 0 || ends[0] > from.zeros()) {
            throw node.unsupported("other pieces of a text than the first %d", from.zeros());
        }
        int count = ends[0];
        int[] sources = new int[count];
        Arrays.fill(sources, from.tokens().source());
        Value.Floats to = plan.allocate(new int[] {1, count}, sources);
        plan.step(writer(from, count, to.offset()));
        plan.define(node.output(0), from.isInteger() ? plan.integers(to) : to);
    }

    private static void requireRows(GraphNode node, PlanBuilder plan, Value.TokenNumbers value) {
        if (value.rank() != 2 || plan.batchAxis(value) != 0) {
            throw node.unsupported("pieces of a text of shape %s (only [N, pieces])", Arrays.toString(value.shape()));
        }
    }

    private static Step writer(Value.TokenNumbers from, int count, int to) {
        Value.Tokens tokens = from.tokens();
        float[] labels = from.labels();
        return (memory, texts, textBase) -> {
            TokenIds ids = Scratch.ofThread().tokenIds(from.table(), count);
            tokens.tokenizing().split(tokens.text().read(memory, texts, textBase), ids);
            for (int i = 0; i < count; i++) {
                int id = i < ids.size() ? ids.ids()[i] : TokenTable.NONE;
                memory[to + i] = i >= ids.size() ? from.filler() : id < 0 ? from.unknown() : labels[id];
            }
            ids.release();
        };
    }
}
