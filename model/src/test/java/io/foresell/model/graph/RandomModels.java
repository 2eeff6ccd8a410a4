package io.foresell.model.graph;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.network.Activation;
import io.foresell.model.graph.network.Convolution;
import io.foresell.model.graph.network.Dense;
import io.foresell.model.graph.network.GlobalPooling;
import io.foresell.model.graph.network.LastStep;
import io.foresell.model.graph.network.Lstm;
import io.foresell.model.graph.network.NetworkBuilder;
import io.foresell.model.graph.network.Shape;
import io.foresell.model.graph.network.Tensor;
import io.foresell.model.graph.network.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Fitted parameters and rows drawn from a seed, with everything that has gone wrong before in them. */
public final class RandomModels {
    private final Random random;

    public RandomModels(long seed) {
        this.random = new Random(seed);
    }

    /** Returns numbers, texts in Chinese and English, and names that collide with those of graph values. */
    public Preprocessing tabular(boolean keepsMissing) {
        List<InputEncoding> encodings = new ArrayList<>();
        int numbers = 1 + random.nextInt(6);
        int texts = random.nextInt(4);
        String[] awkward = {"Concat", "probability", "age in days", "客户 年龄", "weights", "x/0"};
        for (int i = 0; i < numbers; i++) {
            encodings.add(
                    keepsMissing
                            ? NumberEncoding.raw(awkward[i])
                            : new NumberEncoding(
                                    awkward[i], gaussian() * 3, gaussian() * 3, 0.1f + random.nextFloat()));
        }
        for (int i = 0; i < texts; i++) {
            encodings.add(random.nextInt(encodings.size() + 1), new TextEncoding("text" + i, categories()));
        }
        return new Preprocessing(encodings);
    }

    /** Returns sequences of one length, with or without numbers and texts beside them. */
    public Preprocessing sequences(int channels, int length) {
        List<InputEncoding> encodings = new ArrayList<>();
        for (int i = 0; i < channels; i++) {
            encodings.add(
                    new SequenceEncoding("weekly" + i, length, gaussian(), gaussian(), 0.2f + random.nextFloat()));
        }
        if (random.nextInt(4) > 0) {
            encodings.addAll(random.nextInt(encodings.size()), tabular(false).encodings());
        }
        return new Preprocessing(encodings);
    }

    private List<String> categories() {
        List<String> all = List.of("Month-to-month", "一年", "Two year", " ", "é", "No", "no");
        return all.subList(0, 1 + random.nextInt(all.size()));
    }

    public float gaussian() {
        return (float) random.nextGaussian();
    }

    public float[] gaussians(int count, double scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return values;
    }

    /**
     * Returns rows with missing, large and unseen values, and with numbers that equal tree thresholds.
     *
     * @param largest scale of the large numbers; a network's 32-bit sums of numbers around 1e4 are exact to 1e-3 only,
     *     whoever adds them up, so networks get smaller ones
     */
    public Rows rows(Signature signature, int rowCount, float largest) {
        float[] numbers = new float[rowCount * signature.numberWidth()];
        String[] texts = new String[rowCount * signature.textWidth()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(largest);
        }
        List<String> values = List.of(
                "Month-to-month",
                "一年",
                "Two year",
                " ",
                "é",
                "No",
                "no",
                "",
                "unseen",
                "NO",
                "e\u0301",
                "No  no\tNo ooo",
                "一年一年 一一一 Two year");
        for (int i = 0; i < texts.length; i++) {
            texts[i] = values.get(random.nextInt(values.size()));
        }
        return new Rows(rowCount, numbers, texts);
    }

    /** Returns rows like {@link #rows}, and an infinite number in every tenth one. */
    public Rows rowsWithInfinities(Signature signature, int rowCount, float largest) {
        Rows rows = rows(signature, rowCount, largest);
        for (int row = 0; row < rowCount && signature.numberWidth() > 0; row += 10) {
            int place = row * signature.numberWidth() + random.nextInt(signature.numberWidth());
            rows.numbers()[place] = random.nextBoolean() ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
        }
        return rows;
    }

    /** Returns one of the rows. */
    public static Rows single(Rows rows, int row, Signature signature) {
        int numbers = signature.numberWidth();
        int texts = signature.textWidth();
        return new Rows(
                1,
                Arrays.copyOfRange(rows.numbers(), row * numbers, (row + 1) * numbers),
                Arrays.copyOfRange(rows.texts(), row * texts, (row + 1) * texts));
    }

    private float number(float largest) {
        return switch (random.nextInt(10)) {
            case 0 -> Float.NaN;
            case 1 -> 0f;
            case 2 -> -0f;
            case 3 -> threshold();
            case 4 -> Math.nextDown(threshold());
            case 5 -> largest * gaussian();
            default -> gaussian();
        };
    }

    /** Returns one of few values, so that rows and trees meet exactly. */
    private float threshold() {
        return (random.nextInt(9) - 4) * 0.3f;
    }

    public Calibration calibration() {
        return random.nextBoolean() ? Calibration.NONE : new PlattCalibration(0.5 + random.nextDouble(), gaussian());
    }

    public byte[] logistic(Preprocessing preprocessing) {
        double[] coefficients = new double[preprocessing.encodedWidth()];
        for (int i = 0; i < coefficients.length; i++) {
            coefficients[i] = random.nextGaussian() * 0.7;
        }
        return ModelGraph.write(preprocessing, LinearModel.of(coefficients, gaussian()), Head.binary(calibration()));
    }

    public byte[] trees(Preprocessing preprocessing, int treeCount, int depth) {
        int width = preprocessing.encodedWidth();
        TreeEnsembleModel model = TreeEnsembleModel.boosted(width, trees(treeCount, depth, width), gaussian());
        return ModelGraph.write(preprocessing, model, Head.binary(calibration()));
    }

    public List<Tree> trees(int treeCount, int depth, int width) {
        List<Tree> trees = new ArrayList<>();
        for (int i = 0; i < treeCount; i++) {
            trees.add(tree(depth, width));
        }
        return trees;
    }

    private Tree tree(int depth, int width) {
        List<float[]> nodes = new ArrayList<>();
        grow(nodes, depth, width, 100);
        int count = nodes.size();
        int[] feature = new int[count];
        float[] threshold = new float[count];
        int[] yes = new int[count];
        int[] no = new int[count];
        int[] missing = new int[count];
        float[] leaf = new float[count];
        float[] cover = new float[count];
        for (int i = 0; i < count; i++) {
            float[] node = nodes.get(i);
            feature[i] = (int) node[0];
            threshold[i] = node[1];
            yes[i] = (int) node[2];
            no[i] = (int) node[3];
            missing[i] = (int) node[4];
            leaf[i] = node[5];
            cover[i] = node[6];
        }
        return new Tree(feature, threshold, yes, no, missing, leaf, cover);
    }

    private int grow(List<float[]> nodes, int depth, int width, float cover) {
        int index = nodes.size();
        float[] node = {-1, 0, 0, 0, 0, 0.3f * gaussian(), cover};
        nodes.add(node);
        if (depth > 0 && random.nextInt(8) > 0) {
            float share = 0.1f + 0.8f * random.nextFloat();
            node[0] = random.nextInt(width);
            node[1] = random.nextInt(3) == 0 ? 0.5f : threshold();
            node[2] = grow(nodes, depth - 1, width, cover * share);
            node[3] = grow(nodes, depth - 1, width, cover * (1 - share));
            node[4] = random.nextBoolean() ? node[2] : node[3];
            node[5] = 0;
        }
        return index;
    }

    /** Returns two convolutions, each with ReLU, and the greatest value of every filter before the dense layers. */
    public byte[] convolution(Preprocessing preprocessing) {
        NetworkBuilder network = new NetworkBuilder(preprocessing);
        Tensor value = network.sequences();
        for (int i = 0; i < 2; i++) {
            value = network.apply(Activation.RELU, network.apply(convolution(value.shape()), value));
        }
        return network(network, network.apply(GlobalPooling.of(GlobalPooling.Kind.MAX), value), preprocessing);
    }

    private Convolution convolution(Shape input) {
        int kernel = 1 + random.nextInt(4);
        int channels = input.channels();
        int filters = 1 + random.nextInt(8);
        Window window = new Window(kernel, 1, 1, random.nextInt(kernel), random.nextInt(kernel));
        return new Convolution(
                List.of(window),
                channels,
                filters,
                gaussians(filters * channels * kernel, 0.4),
                gaussians(filters, 0.3));
    }

    /** Returns the last state of an LSTM before the dense layers. */
    public byte[] lstm(Preprocessing preprocessing) {
        NetworkBuilder network = new NetworkBuilder(preprocessing);
        Tensor states = network.apply(lstm(preprocessing.channels()), network.sequences());
        return network(network, network.apply(new LastStep(), states), preprocessing);
    }

    private Lstm lstm(int channels) {
        int units = 1 + random.nextInt(9);
        return new Lstm(
                channels,
                units,
                gaussians(4 * units * channels, 0.4),
                gaussians(4 * units * units, 0.4),
                gaussians(4 * units, 0.4));
    }

    /** Ends a network: the vector beside the encoded columns, a hidden layer, log-odds. */
    private byte[] network(NetworkBuilder network, Tensor vector, Preprocessing preprocessing) {
        List<Tensor> parts = preprocessing.encodedWidth() == 0 ? List.of(vector) : List.of(vector, network.columns());
        Tensor hidden = network.apply(Activation.RELU, dense(network, network.join(parts), 1 + random.nextInt(6), 0.3));
        return network.build(dense(network, hidden, 1, 0.5)).onnx(Head.binary(calibration()));
    }

    private Tensor dense(NetworkBuilder network, Tensor input, int outputs, double scale) {
        int inputs = input.shape().channels();
        return network.apply(
                new Dense(inputs, outputs, gaussians(inputs * outputs, scale), gaussians(outputs, scale)), input);
    }

    /** Returns how many texts and numbers a signature has, for messages. */
    public static String summary(Signature signature) {
        long texts = signature.inputs().stream()
                .map(InputField::kind)
                .filter(kind -> kind == InputKind.TEXT)
                .count();
        return "%d inputs, %d texts".formatted(signature.inputs().size(), texts);
    }
}
