package io.foresell.benchmarks.model;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.LinearModel;
import io.foresell.model.graph.ModelGraph;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.TreeEnsembleModel;
import io.foresell.model.graph.network.Activation;
import io.foresell.model.graph.network.Convolution;
import io.foresell.model.graph.network.Dense;
import io.foresell.model.graph.network.GlobalPooling;
import io.foresell.model.graph.network.NetworkBuilder;
import io.foresell.model.graph.network.Tensor;
import io.foresell.model.graph.network.Window;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.pack.GoldenRow;
import io.foresell.model.pack.PackageContent;
import io.foresell.model.pack.PackageWriter;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Whole packages around random models. */
public final class Packages {
    /** Kinds of small packages, in turn by index. */
    static final int SMALL_KINDS = 3;

    private static final int GOLDEN_ROWS = 20;

    private Packages() {}

    /** Returns a package file of about a megabyte: trees of depth 6. */
    static byte[] oneMegabyte() {
        return trees("megabyte", 270, 6, 1);
    }

    /** Returns a different small package per index: a logistic regression, trees, or a convolution. */
    static byte[] small(int index) {
        return switch (index % SMALL_KINDS) {
            case 0 -> logistic("small" + index, index);
            case 1 -> trees("small" + index, 30, 4, index);
            default -> convolution("small" + index, index);
        };
    }

    /** Returns a package of the speed target: 100 boosted trees of depth 6 over 40 numbers; other trees per seed. */
    public static byte[] boosted(String name, long seed) {
        return trees(name, 100, 6, seed);
    }

    /** Returns a package as {@link #boosted} makes them for entities of a feature set. */
    public static byte[] boosted(String name, long seed, String featureSet, String featureSetHash, String entity) {
        ModelFamily family = ModelFamily.BOOSTED;
        Manifest.Builder manifest = Manifest.newBuilder()
                .setFeatureSet(featureSet)
                .setFeatureSetHash(featureSetHash)
                .setEntity(entity);
        return pack(name, family, boostedGraph(family, 100, 6, seed), false, manifest);
    }

    /** Returns a package as {@link #boosted} makes them whose golden answers are not those of its graph: a server that warms it up finds out. */
    public static byte[] disagreeing(String name, long seed) {
        ModelFamily family = ModelFamily.BOOSTED;
        return pack(name, family, boostedGraph(family, 100, 6, seed), true, Manifest.newBuilder());
    }

    /** Returns the numbers of one row of {@link #boosted}, missing values included. */
    public static float[] boostedRow(long seed) {
        return ModelFamily.BOOSTED.rows(1, seed).numbers();
    }

    private static byte[] trees(String name, int treeCount, int depth, long seed) {
        ModelFamily family = ModelFamily.BOOSTED;
        return pack(name, family, boostedGraph(family, treeCount, depth, seed));
    }

    private static byte[] boostedGraph(ModelFamily family, int treeCount, int depth, long seed) {
        int width = family.preprocessing().encodedWidth();
        TreeEnsembleModel model = TreeEnsembleModel.boosted(width, RandomTrees.full(treeCount, depth, width, seed), 0);
        return ModelGraph.write(family.preprocessing(), model, Head.binary(Calibration.NONE));
    }

    private static byte[] logistic(String name, long seed) {
        Preprocessing preprocessing = ModelFamily.LOGISTIC.preprocessing();
        double[] coefficients = new Random(seed)
                .doubles(preprocessing.encodedWidth(), -0.5, 0.5)
                .toArray();
        return pack(
                name,
                ModelFamily.LOGISTIC,
                ModelGraph.write(preprocessing, LinearModel.of(coefficients, 0.3), Head.binary(Calibration.NONE)));
    }

    private static byte[] convolution(String name, long seed) {
        Random random = new Random(seed);
        Preprocessing preprocessing = ModelFamily.CONVOLUTION.preprocessing();
        int channels = preprocessing.channels();
        NetworkBuilder network = new NetworkBuilder(preprocessing);
        Convolution convolution = new Convolution(
                List.of(Window.same(preprocessing.sequenceLength(), 3, 1, 1)),
                channels,
                16,
                floats(random, 16 * channels * 3),
                floats(random, 16));
        Tensor value = network.apply(Activation.RELU, network.apply(convolution, network.sequences()));
        value = network.apply(GlobalPooling.of(GlobalPooling.Kind.MAX), value);
        value = network.apply(new Dense(16, 8, floats(random, 16 * 8), floats(random, 8)), value);
        value = network.apply(Activation.RELU, value);
        value = network.apply(new Dense(8, 1, floats(random, 8), floats(random, 1)), value);
        return pack(name, ModelFamily.CONVOLUTION, network.build(value).onnx(Head.binary(Calibration.NONE)));
    }

    private static float[] floats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (0.2 * random.nextGaussian());
        }
        return values;
    }

    private static byte[] pack(String name, ModelFamily family, byte[] onnx) {
        return pack(name, family, onnx, false, Manifest.newBuilder());
    }

    private static byte[] pack(
            String name, ModelFamily family, byte[] onnx, boolean isDisagreeing, Manifest.Builder begun) {
        Rows rows = family.rows(GOLDEN_ROWS, 9);
        Background background = Background.of(family.signature(), rows);
        Scorer scorer = ScorerCompiler.compile(onnx, family.signature(), Answer.binary(), background);
        float[] answers = new float[GOLDEN_ROWS];
        scorer.score(rows, answers);
        List<GoldenRow> golden = new ArrayList<>();
        for (int row = 0; row < GOLDEN_ROWS; row++) {
            golden.add(GoldenRow.of(family.signature(), rows, row, isDisagreeing ? moved(answers[row]) : answers[row]));
        }
        Manifest manifest = begun.setModel(name)
                .setTask("binary")
                .setAnswer(PackageContent.answerOf(Answer.binary()))
                .addAllInputs(PackageContent.inputsOf(family.signature(), Map.of()))
                .build();
        return PackageWriter.write(new PackageContent(manifest, onnx, background, golden, Map.of()));
    }

    /** Returns another probability, surely another one. */
    private static float moved(float answer) {
        return answer > 0.5f ? answer - 0.25f : answer + 0.25f;
    }
}
