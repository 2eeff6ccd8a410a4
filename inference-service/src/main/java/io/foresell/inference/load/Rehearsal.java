package io.foresell.inference.load;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.EnsembleModel;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.LinearModel;
import io.foresell.model.graph.Member;
import io.foresell.model.graph.ModelGraph;
import io.foresell.model.graph.NumberEncoding;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.TextEncoding;
import io.foresell.model.graph.Tree;
import io.foresell.model.graph.TreeEnsembleModel;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.pack.GoldenRow;
import io.foresell.model.pack.LoadedPackage;
import io.foresell.model.pack.ModelPackage;
import io.foresell.model.pack.PackageContent;
import io.foresell.model.pack.PackageWriter;
import io.foresell.model.reason.Language;
import io.foresell.model.reason.ReasonWriter;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads and asks a built-in package of trees and a linear model, so that the first real package does not pay for classes that
 * are not loaded and code that is not compiled yet. Ends early when there is something real to do. A failure is logged and
 * counted, and changes nothing else.
 */
final class Rehearsal {
    private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);

    /** A package as large as real ones: with few trees the loops over their nodes stay interpreted. */
    private static final int TREE_COUNT = 150;

    private static final int DEPTH = 6;
    private static final int ROUNDS = 3;
    private static final int GOLDEN_ROWS = 8;
    private static final int REASONS = 3;
    private static final long SEED = 7;
    private static final Preprocessing INPUTS = new Preprocessing(List.of(
            new NumberEncoding("tenure", 0, 10, 5),
            new NumberEncoding("spend", 0, 20, 9),
            new TextEncoding("plan", List.of("basic", "gold"))));

    private final Supplier<byte[]> part;
    private final Timer timer;
    private final Counter failures;

    Rehearsal(MeterRegistry meters) {
        this(meters, Rehearsal::packageBytes);
    }

    Rehearsal(MeterRegistry meters, Supplier<byte[]> part) {
        this.part = part;
        this.timer = Timer.builder("model_load_rehearsal")
                .description("Time to load and ask the built-in package after start")
                .register(meters);
        this.failures = Counter.builder("model_load_rehearsal_failures")
                .description("Rehearsals that failed; the first real load is slower")
                .register(meters);
    }

    /** Rehearses, in a second or two of a cold process, as long as {@code isIdle}. */
    void run(BooleanSupplier isIdle) {
        long startNanos = System.nanoTime();
        try {
            byte[] packageBytes = part.get();
            int round = 0;
            for (; round < ROUNDS && isIdle.getAsBoolean(); round++) {
                rehearse(packageBytes);
            }
            Duration time = Duration.ofNanos(System.nanoTime() - startNanos);
            timer.record(time);
            log.info("load rehearsed rounds={} bytes={} millis={}", round, packageBytes.length, time.toMillis());
        } catch (Throwable e) { // the lane outlives it, whatever it was
            failures.increment();
            log.warn("load not rehearsed, the first load will be slower", e);
        }
    }

    private static void rehearse(byte[] packageBytes) {
        LoadedPackage loaded = LoadedPackage.load(packageBytes, "", LoadedPackage.COMPILED);
        ModelPackage modelPackage = loaded.modelPackage();
        Signature signature = modelPackage.signature();
        Rows rows = rows(new Random(SEED));
        double[] contributions = new double[signature.inputs().size()];
        loaded.scorer().contributions(rows, 0, 0, contributions);
        ReasonWriter reasons = new ReasonWriter(signature, modelPackage.answer(), modelPackage.manifest());
        if (reasons.strongest(rows, 0, contributions, REASONS, Language.ENGLISH).isEmpty()) {
            throw new IllegalStateException("the built-in package gives no reasons");
        }
    }

    private static byte[] packageBytes() {
        byte[] onnx = onnx(new Random(SEED));
        Signature signature = INPUTS.signature();
        Rows rows = rows(new Random(SEED));
        Background background = Background.of(signature, rows);
        float[] answers = new float[GOLDEN_ROWS];
        Scorer scorer = ScorerCompiler.compile(onnx, signature, Answer.binary(), background);
        scorer.score(rows, answers);
        List<GoldenRow> golden = new ArrayList<>();
        for (int row = 0; row < GOLDEN_ROWS; row++) {
            golden.add(GoldenRow.of(signature, rows, row, answers[row]));
        }
        Manifest manifest = Manifest.newBuilder()
                .setModel("rehearsal")
                .setTask("binary")
                .setAnswer(PackageContent.answerOf(Answer.binary()))
                .addAllInputs(PackageContent.inputsOf(signature, Map.of()))
                .build();
        return PackageWriter.write(new PackageContent(manifest, onnx, background, golden, Map.of()));
    }

    private static byte[] onnx(Random random) {
        int width = INPUTS.encodedWidth();
        List<Tree> trees = new ArrayList<>();
        for (int i = 0; i < TREE_COUNT; i++) {
            trees.add(tree(width, random));
        }
        Head head = Head.binary(Calibration.NONE);
        // Trees and weights as members of one model: one load exercises both.
        Member linear =
                new Member(LinearModel.of(random.doubles(width, -0.5, 0.5).toArray(), 0.1), head);
        Member boosted = new Member(TreeEnsembleModel.boosted(width, trees, 0), head);
        EnsembleModel mean = EnsembleModel.mean(List.of(linear, boosted), new double[] {1, 1});
        return ModelGraph.write(INPUTS, mean, Head.binaryOfProbability(Calibration.NONE));
    }

    /** Returns a full tree in breadth-first order. */
    private static Tree tree(int width, Random random) {
        int nodes = (1 << (DEPTH + 1)) - 1;
        int inner = nodes / 2;
        int[] feature = new int[nodes];
        float[] threshold = new float[nodes];
        int[] yes = new int[nodes];
        int[] no = new int[nodes];
        float[] leaf = new float[nodes];
        float[] cover = new float[nodes];
        for (int node = 0; node < nodes; node++) {
            feature[node] = node < inner ? random.nextInt(width) : -1;
            threshold[node] = (float) random.nextGaussian();
            yes[node] = 2 * node + 1;
            no[node] = 2 * node + 2;
            leaf[node] = (float) (0.1 * random.nextGaussian());
            cover[node] = nodes / (node + 1f);
        }
        return new Tree(feature, threshold, yes, no, yes, leaf, cover);
    }

    private static Rows rows(Random random) {
        float[] numbers = new float[2 * GOLDEN_ROWS];
        String[] plans = new String[GOLDEN_ROWS];
        for (int row = 0; row < GOLDEN_ROWS; row++) {
            numbers[2 * row] = (float) (10 + 5 * random.nextGaussian());
            numbers[2 * row + 1] = (float) (20 + 9 * random.nextGaussian());
            plans[row] = random.nextBoolean() ? "basic" : "gold";
        }
        return new Rows(GOLDEN_ROWS, numbers, plans);
    }
}
