package io.foresell.model.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.PackageException;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.adopt.AdoptedGraph;
import io.foresell.model.adopt.ForeignGraph;
import io.foresell.model.adopt.ForeignModels;
import io.foresell.model.graph.DrawnGraphs;
import io.foresell.model.graph.RandomModels;
import io.foresell.model.onnx.GraphProto;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.ValueInfoProto;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Sound graphs of every family, our own and of other libraries, changed at random by the thousands: each is refused with a reason
 * or scores any row, alone as in a batch, and a sample is compared with ONNX Runtime. {@code -Dforesell.fuzz.rounds=100} runs a
 * hundred times as many, {@code -Dforesell.fuzz.seed=7} others.
 */
class GraphFuzzTest {
    private static final int MUTANTS = 12_000;
    private static final int JUDGED_EVERY = 8;
    private static final int MAX_GRAPH_BYTES = 14_000;
    private static final int ROUNDS = Integer.getInteger("foresell.fuzz.rounds", 1);
    private static final long SEED = Long.getLong("foresell.fuzz.seed", 31);

    @SuppressWarnings("ArrayRecordComponent")
    private record Subject(String name, byte[] onnx, Signature signature, Answer answer) {}

    private final List<Subject> subjects = new ArrayList<>();
    private int refused;
    private int scored;
    private int judged;

    private GraphFuzzTest() {
        for (int seed = 0; seed < 8; seed++) {
            for (DrawnGraphs.Drawn drawn : DrawnGraphs.of(seed)) {
                add(drawn.family(), drawn.onnx(), drawn.signature(), drawn.answer());
            }
        }
        addNetworks();
        for (String name : ForeignModels.names()) {
            ForeignModels.Model model = ForeignModels.read(name);
            AdoptedGraph adopted = ForeignGraph.inspect(model.onnx()).adopt(model.adoption());
            add(name, adopted.onnx(), adopted.signature(), adopted.answer());
        }
    }

    /** Adds the networks that PyTorch exported; each reads "x" and answers "y". */
    private void addNetworks() {
        for (String name : NetworkParityTest.names()) {
            try (InputStream stream = GraphFuzzTest.class.getResourceAsStream("/networks/" + name + ".onnx")) {
                byte[] onnx = stream.readAllBytes();
                GraphProto graph = ModelProto.parseFrom(onnx).getGraph();
                Signature signature = Signature.of(List.of(InputField.sequence("x", rowWidth(graph.getInput(0)))));
                add(name, onnx, signature, OperatorJudge.whole("y", rowWidth(graph.getOutput(0))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static int rowWidth(ValueInfoProto info) {
        return info.getType().getTensorType().getShape().getDimList().stream()
                .skip(1)
                .mapToInt(dimension -> (int) dimension.getDimValue())
                .reduce(1, (a, b) -> a * b);
    }

    private void add(String name, byte[] onnx, Signature signature, Answer answer) {
        if (onnx.length <= MAX_GRAPH_BYTES) {
            subjects.add(new Subject(name, onnx, signature, answer));
        }
    }

    @Test
    void mutatedGraphsAreRefusedOrMeanWhatOnnxRuntimeSays() throws InvalidProtocolBufferException {
        Random random = new Random(SEED);
        int count = MUTANTS * ROUNDS;
        for (int i = 0; i < count; i++) {
            Subject subject = subjects.get(random.nextInt(subjects.size()));
            byte[] mutated = mutated(subject.onnx(), random);
            try {
                check(subject, mutated, random, i % JUDGED_EVERY == 0);
            } catch (AssertionError | RuntimeException | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError(
                        "mutant %d of seed %d, of %s: %s"
                                .formatted(i, SEED, subject.name(), difference(subject.onnx(), mutated)),
                        e);
            }
        }
        assertThat(refused).isGreaterThan(count / 4);
        assertThat(scored).isGreaterThan(count / 8);
        assertThat(judged).isGreaterThan(count / 8 / JUDGED_EVERY / 2);
    }

    /** Returns what the mutant has in place of what, from the first to the last line that differs. */
    private static String difference(byte[] onnx, byte[] mutated) {
        try {
            List<String> before = ModelProto.parseFrom(onnx).toString().lines().toList();
            List<String> after =
                    ModelProto.parseFrom(mutated).toString().lines().toList();
            int least = Math.min(before.size(), after.size());
            int first = 0;
            while (first < least && before.get(first).equals(after.get(first))) {
                first++;
            }
            int same = 0;
            while (same < least - first
                    && before.get(before.size() - 1 - same).equals(after.get(after.size() - 1 - same))) {
                same++;
            }
            return "line %d: %s%nin place of %s"
                    .formatted(first + 1, shown(after, first, same), shown(before, first, same));
        } catch (InvalidProtocolBufferException e) {
            return "%d bytes, %s".formatted(mutated.length, e.getMessage());
        }
    }

    private static String shown(List<String> lines, int first, int same) {
        String text = String.join(" ", lines.subList(Math.max(0, first - 12), lines.size() - same))
                .replaceAll("\\s+", " ");
        return text.length() > 3000 ? text.substring(0, 3000) : text;
    }

    private static byte[] mutated(byte[] onnx, Random random) throws InvalidProtocolBufferException {
        if (random.nextInt(12) == 0) {
            byte[] bytes = onnx.clone();
            for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
        }
        ModelProto.Builder model = ModelProto.parseFrom(onnx).toBuilder();
        GraphMutator mutator = new GraphMutator(random);
        for (int edits = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 1; edits > 0; edits--) {
            mutator.mutate(model);
        }
        return model.build().toByteArray();
    }

    private void check(Subject subject, byte[] onnx, Random random, boolean isJudged) {
        Signature signature = subject.signature();
        Scorer scorer;
        try {
            scorer = ScorerCompiler.compile(onnx, signature, subject.answer(), Background.missing(signature));
        } catch (PackageException | UnsupportedOperatorException e) {
            assertThat(e.getMessage()).isNotBlank();
            refused++;
            return;
        }
        scored++;
        scoreHostileRows(scorer, random);
        if (isJudged) {
            Rows row = new RandomModels(random.nextInt()).rows(signature, 1, 3);
            judged += agrees(subject, scorer, onnx, row) ? 1 : 0;
        }
    }

    private static void scoreHostileRows(Scorer scorer, Random random) {
        Signature signature = scorer.signature();
        int width = scorer.answer().width();
        Rows rows = HostileRows.draw(signature, 4, random);
        float[] together = new float[4 * width];
        scorer.score(rows, together);
        for (int row = 0; row < 4; row++) {
            float[] alone = new float[width];
            scorer.score(RandomModels.single(rows, row, signature), alone);
            assertThat(alone).isEqualTo(Arrays.copyOfRange(together, row * width, (row + 1) * width));
        }
        double[] terms = new double[signature.inputs().size()];
        scorer.contributions(rows, random.nextInt(4), random.nextInt(width), terms);
    }

    /** Returns false when ONNX Runtime refuses what we accept, which is its right, or when overflow makes sums incomparable. */
    private static boolean agrees(Subject subject, Scorer scorer, byte[] onnx, Rows row) {
        int width = subject.answer().width();
        float[] actual = new float[width];
        scorer.score(row, actual);
        float[] expected;
        try (OnnxRuntimeJudge judge = new OnnxRuntimeJudge(onnx, subject.signature())) {
            expected = judge.answers(row, judge.outputName(subject.answer().output()));
        } catch (OrtException | RuntimeException e) {
            return false;
        }
        int first = subject.answer().firstColumn();
        for (int i = 0; i < width; i++) {
            float one = expected[first + i];
            if (!Float.isFinite(one) || !Float.isFinite(actual[i])) {
                return false;
            }
            assertThat(Math.abs(actual[i] - one))
                    .as("answer %d: %s (ONNX Runtime: %s)", i, actual[i], one)
                    .isLessThanOrEqualTo(1e-4f * Math.max(1, Math.abs(one)));
        }
        return true;
    }
}
