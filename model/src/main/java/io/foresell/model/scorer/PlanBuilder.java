package io.foresell.model.scorer;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Signature;
import io.foresell.model.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lays out the memory of one row and collects the steps. The row's numbers come first; every computed value gets
 * consecutive places after them. Data movement that turns out to be consecutive costs no step at all.
 */
final class PlanBuilder {
    // A row may cost some ten milliseconds, so that replaying a thousand golden rows ends.
    private static final long MAX_WORK = 1L << 25;
    // A second or so.
    private static final long MAX_INSPECTED = 1L << 28;

    /** In place of a source: depends on no input. */
    static final int NO_SOURCE = -2;

    private static final long DEFAULT_OPSET = 17;

    private final Signature signature;
    private final List<Step> steps = new ArrayList<>();
    private final Set<Step> explainingSteps = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, Value> values = new HashMap<>();
    private final BitSet integers = new BitSet();
    private final BitSet zeros = new BitSet();
    private final Map<Integer, PieceCounter.Builder> pieceCounters = new HashMap<>();
    private final Set<String> stacked = new HashSet<>();
    private final List<TextReader> computedTexts = new ArrayList<>();
    private final IdentityHashMap<Value, FoldableStep> foldable = new IdentityHashMap<>();
    private ToIntFunction<String> readers = name -> 2;
    private final Map<String, SquaredDistances.Differences> differences = new HashMap<>();
    private final Map<String, SquaredDistances.Differences> squares = new HashMap<>();
    private final IdentityHashMap<SquaredDistances.Differences, Step> squaring = new IdentityHashMap<>();
    private final IdentityHashMap<Value, Integer> batchAxes = new IdentityHashMap<>();
    private long opset = DEFAULT_OPSET;
    private int memorySize;
    private long work;
    private long inspected;
    private boolean runsOnce;

    PlanBuilder(Signature signature) {
        this.signature = signature;
        this.memorySize = signature.numberWidth();
    }

    /** Returns a plan that runs once on constants and belongs to no batch. */
    static PlanBuilder once(Signature signature) {
        PlanBuilder plan = new PlanBuilder(signature);
        plan.runsOnce = true;
        return plan;
    }

    boolean runsOnce() {
        return runsOnce;
    }

    /** Returns the only input that two values depend on, -1 when there are several. */
    static int commonSource(int left, int right) {
        if (left == NO_SOURCE || right == NO_SOURCE) {
            return left == NO_SOURCE ? right : left;
        }
        return left == right ? left : -1;
    }

    /** Returns the version of ONNX's operators that the graph is written in. */
    long opset() {
        return opset;
    }

    void setOpset(long version) {
        opset = version;
    }

    /** Notes which axis of a value counts the rows of a batch; -1 when that is unknown. */
    <V extends Value> V withBatchAxis(V value, int axis) {
        batchAxes.put(value, axis);
        return value;
    }

    /** Returns the axis that counts the rows of a batch: what was noted, else the first one if its length is 1, else -1. */
    int batchAxis(Value value) {
        if (runsOnce) {
            return BatchAxis.NONE;
        }
        Integer noted = batchAxes.get(value);
        if (noted != null) {
            return noted;
        }
        return value.rank() > 0 && value.shape()[0] == 1 ? 0 : -1;
    }

    /** Returns which axis of the broadcast of two values counts the rows: that of the first one that has such an axis. */
    int batchAxis(Value a, Value b, int rank) {
        int left = BatchAxis.broadcast(batchAxis(a), a.rank(), rank);
        return left == BatchAxis.NONE ? BatchAxis.broadcast(batchAxis(b), b.rank(), rank) : left;
    }

    /** Refuses an operation of a node along the axis that counts the rows of a batch: they are scored one by one. */
    void requireWithinRow(GraphNode node, Value value, int axis) {
        int batch = batchAxis(value);
        if (batch == axis || (batch < 0 && value.shape()[axis] == 1)) {
            throw node.unsupported("works along axis %d, the batch", axis);
        }
    }

    /** Returns the only input that consecutive floats of a value depend on, -1 when there are several. */
    static int commonSource(Value.Floats value, int first, int count) {
        int source = NO_SOURCE;
        for (int i = first; i < first + count; i++) {
            source = commonSource(source, value.sources()[i]);
        }
        return source;
    }

    Signature signature() {
        return signature;
    }

    /** Returns the steps of a row that is explained. */
    List<Step> steps() {
        return steps;
    }

    /** Returns the steps of a row that is only scored. */
    List<Step> scoringSteps() {
        return steps.stream().filter(step -> !explainingSteps.contains(step)).toList();
    }

    /** Returns the floats that a row needs, what kernels may read and write behind them included. */
    int memorySize() {
        return memorySize + Kernels.OVERRUN;
    }

    /** Tells how many read a value: an operation on a value that nobody else reads may be done by the step before. */
    void countReaders(ToIntFunction<String> count) {
        readers = count;
    }

    /** Notes that a value is the whole output of a step that may yet take over the operations that follow. */
    Value.Floats writtenBy(Value.Floats value, FoldableStep step) {
        foldable.put(value, step);
        return value;
    }

    /** Returns the step that writes a value nobody else reads, when it may take over what follows; else null. */
    @Nullable
    FoldableStep foldable(String name) {
        return readers.applyAsInt(name) == 1 ? foldable.get(values.get(name)) : null;
    }

    /** Puts one step in the place of another. */
    void replace(Step old, Step now) {
        steps.set(steps.indexOf(old), now);
    }

    void step(Step step) {
        steps.add(step);
    }

    /** Notes that the last step subtracts points from a row. */
    void noteDifferences(Value.Floats row, Value.FloatConstant points, Value.Floats written, String name) {
        Step last = steps.get(steps.size() - 1);
        differences.put(name, new SquaredDistances.Differences(row, points, name, last, written.offset()));
    }

    /** Notes that the last step multiplies a value by itself, which matters for differences. */
    void noteSquares(String from, String name) {
        SquaredDistances.Differences noted = differences.get(from);
        if (noted != null && readers.applyAsInt(from) == 2) {
            squares.put(name, noted);
            squaring.put(noted, steps.get(steps.size() - 1));
        }
    }

    /** Returns the differences whose squares a value is, when one node reads it and nothing else reads them; else null. */
    SquaredDistances.@Nullable Differences squaredDifferences(String name) {
        return readers.applyAsInt(name) == 1 ? squares.get(name) : null;
    }

    /** Takes the steps back that compute differences and squares, and their memory when nothing has been put behind it. */
    void forget(SquaredDistances.Differences noted) {
        steps.remove(noted.step());
        steps.remove(squaring.get(noted));
        int size = noted.points().size();
        if (memorySize == noted.offset() + 2 * size) {
            memorySize = noted.offset();
        }
    }

    /** Adds a step that only explanations need. */
    void explainingStep(Step step) {
        steps.add(step);
        explainingSteps.add(step);
    }

    /** Counts operations of a row; a graph far beyond any model we serve is refused instead of hanging a server. */
    void spend(long operations) {
        work += operations;
        if (work > MAX_WORK) {
            throw BadGraph.of("operations of a row: above %d (expected: at most that)", MAX_WORK);
        }
    }

    /** Counts elements that compiling looks at; the same constant may be read by any number of nodes. */
    void inspect(long elements) {
        inspected += elements;
        if (inspected > MAX_INSPECTED) {
            throw BadGraph.of("elements read by nodes: above %d (expected: at most that)", MAX_INSPECTED);
        }
    }

    /** Defines a name once; what a node reads must be defined before, so a cycle cannot be expressed. */
    void define(String name, Value value) {
        spend(value.size());
        if (values.put(name, value) != null) {
            throw BadGraph.of("value %s: defined twice", name);
        }
    }

    @Nullable
    Value find(String name) {
        return values.get(name);
    }

    void defineInput(int index, int[] shape) {
        InputField field = signature.inputs().get(index);
        int[] sources = new int[field.width()];
        Arrays.fill(sources, index);
        int offset = signature.offset(index);
        define(
                field.name(),
                field.kind() == InputKind.TEXT
                        ? new Value.Texts(new int[] {offset}, shape, sources)
                        : new Value.Floats(offset, shape, sources, null, null));
    }

    /** Returns new memory of a shape whose floats depend on many inputs. */
    Value.Floats allocate(int[] shape) {
        int[] sources = new int[Shapes.size(shape)];
        Arrays.fill(sources, -1);
        return allocate(shape, sources);
    }

    /** Returns new memory of a shape whose floats depend on one input each. */
    Value.Floats allocate(int[] shape, int[] sources) {
        int offset = memorySize;
        int size = Shapes.size(shape);
        if (size > Shapes.MAX_SIZE - memorySize) {
            throw BadGraph.of("memory of a row: above %d floats (expected: at most that)", Shapes.MAX_SIZE);
        }
        memorySize += size;
        return new Value.Floats(offset, shape, sources, null, null);
    }

    /** Notes that a value is several batches one behind the other: only a reshape that takes them apart may read it. */
    void stack(String name) {
        stacked.add(name);
    }

    boolean isStacked(String name) {
        return stacked.contains(name);
    }

    /** Returns the place of a text that nodes compute: below 0, those of the inputs are not. */
    int computedText(TextReader reader) {
        computedTexts.add(reader);
        return -computedTexts.size();
    }

    /** Returns what reads the text at a place. */
    TextReader reader(int place) {
        return place < 0 ? computedTexts.get(-place - 1) : (memory, texts, textBase) -> texts[textBase + place];
    }

    /** Returns a constant as floats that are written to the memory of every row. */
    Value.Floats written(Value constant) {
        Value.FloatConstant floats =
                constant instanceof Value.IntConstant integers ? integers.toFloats() : (Value.FloatConstant) constant;
        int[] sources = new int[floats.size()];
        Arrays.fill(sources, NO_SOURCE);
        Value.Floats to = allocate(floats.shape(), sources);
        int out = to.offset();
        float[] values = floats.values();
        step((memory, texts, textBase) -> System.arraycopy(values, 0, memory, out, values.length));
        return withBatchAxis(constant instanceof Value.IntConstant ? integers(to) : to, BatchAxis.NONE);
    }

    /** Notes that floats stand for integers, so that their division is one of integers. */
    Value.Floats integers(Value.Floats floats) {
        integers.set(floats.offset(), floats.offset() + floats.size());
        return floats;
    }

    /** Returns whether all floats stand for integers. */
    boolean isInteger(Value.Floats floats) {
        return integers.nextClearBit(floats.offset()) >= floats.offset() + floats.size();
    }

    /** Returns new memory of a shape with the integer 0 in every row of a batch. */
    Value.Floats zeros(int[] shape) {
        int[] sources = new int[Shapes.size(shape)];
        Arrays.fill(sources, NO_SOURCE);
        Value.Floats to = integers(allocate(shape, sources));
        int end = to.offset() + to.size();
        zeros.set(to.offset(), end);
        step((memory, texts, textBase) -> Arrays.fill(memory, to.offset(), end, 0));
        return to;
    }

    /** Returns whether all floats are known to be 0 in every row. */
    boolean isZero(Value.Floats floats) {
        return zeros.nextClearBit(floats.offset()) >= floats.offset() + floats.size();
    }

    /** Returns what collects all delimiters that the text at a place is split at; from the first one on it is a step. */
    PieceCounter.Builder pieceCounter(int textPlace) {
        return pieceCounters.computeIfAbsent(textPlace, place -> {
            PieceCounter.Builder counter = new PieceCounter.Builder(reader(place));
            step(counter);
            return counter;
        });
    }

    /** Ends what was collected over several nodes; no node comes after that. */
    void finish() {
        pieceCounters.values().forEach(counter -> replace(counter, counter.build()));
    }

    /** Returns new memory that a kernel writes: what it may overrun belongs to nobody. */
    Value.Floats allocateForKernel(int[] shape) {
        Value.Floats to = allocate(shape);
        allocate(new int[] {Kernels.OVERRUN});
        return to;
    }

    /** Returns the floats at these places of the memory as one value: an alias when they are consecutive, else a copy. */
    Value.Floats gather(int[] places, int[] sources, int[] shape) {
        if (isConsecutive(places)) {
            return new Value.Floats(places.length == 0 ? 0 : places[0], shape, sources, null, null);
        }
        Value.Floats to = allocate(shape, sources);
        int offset = to.offset();
        for (int i = 0; i < places.length; i++) {
            integers.set(offset + i, integers.get(places[i]));
            zeros.set(offset + i, zeros.get(places[i]));
        }
        step((memory, texts, textBase) -> {
            for (int i = 0; i < places.length; i++) {
                memory[offset + i] = memory[places[i]];
            }
        });
        return to;
    }

    private static boolean isConsecutive(int[] places) {
        for (int i = 1; i < places.length; i++) {
            if (places[i] != places[i - 1] + 1) {
                return false;
            }
        }
        return true;
    }
}
