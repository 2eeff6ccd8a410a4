package io.foresell.training.fit.network;

import static io.foresell.training.fit.network.NetworkParity.RECURRENT_TOLERANCE;
import static io.foresell.training.fit.network.NetworkParity.TOLERANCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.model.graph.InputEncoding;
import io.foresell.model.graph.NumberEncoding;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.SequenceEncoding;
import io.foresell.model.graph.TextEncoding;
import io.foresell.model.graph.network.NetworkBuilder;
import io.foresell.training.dataset.ChicagoDaily;
import io.foresell.training.dataset.TelcoChurn;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Networks fitted on real data answer alike, encoding included. */
final class RealDataParityTest {
    private static final int BATCH_ROWS = 128;

    @Test
    void denseNetworkOnChurningCustomers() throws Exception {
        TrainingSet set = TelcoChurn.read();
        TrainingFold fold = TrainingFold.all(set);
        Preprocessing preprocessing = encodings(fold);
        Rows rows = fold.rows(preprocessing.signature());
        int width = preprocessing.encodedWidth();
        INDArray encoded = Nd4j.create(preprocessing.encode(rows), new long[] {rows.rowCount(), width}, 'c');
        MultiLayerNetwork network = network(
                InputType.feedForward(width),
                new DenseLayer.Builder().nOut(32).activation(Activation.RELU).build(),
                new BatchNormalization(),
                new DenseLayer.Builder()
                        .nOut(16)
                        .activation(Activation.GELU)
                        .dropOut(0.8)
                        .build(),
                RandomNetworks.binary());
        fit(network, encoded, fold.labels(), 1);

        NetworkBuilder builder = new NetworkBuilder(preprocessing);
        float[] expected = network.output(encoded).dup('c').data().asFloat();
        assertThat(separation(expected, fold.labels())).isGreaterThan(0.2);
        NetworkParity.check(
                "churn",
                new NetworkReader(builder, Task.BINARY).read(network, builder.columns()),
                Task.BINARY,
                rows,
                expected,
                TOLERANCE);
    }

    @Test
    void convolutionsOnDailyRides() throws Exception {
        check(
                TOLERANCE,
                new Convolution1DLayer.Builder(5)
                        .nOut(16)
                        .convolutionMode(ConvolutionMode.Same)
                        .activation(Activation.RELU)
                        .build(),
                new GlobalPoolingLayer(PoolingType.MAX),
                new DenseLayer.Builder().nOut(8).activation(Activation.RELU).build(),
                RandomNetworks.value());
    }

    @Test
    void lstmOnDailyRides() throws Exception {
        check(
                RECURRENT_TOLERANCE,
                new LastTimeStep(
                        new LSTM.Builder().nOut(16).activation(Activation.TANH).build()),
                RandomNetworks.value());
    }

    /** Four weeks of a station's rides tell the next day's. */
    private static void check(double tolerance, Layer... layers) throws Exception {
        ChicagoDaily.Windows windows = ChicagoDaily.windows(28, 1500);
        Preprocessing preprocessing = new Preprocessing(
                List.of(new SequenceEncoding("rides", 28, windows.mean(), windows.mean(), windows.scale())));
        Rows rows = new Rows(windows.count(), windows.inputs(), new String[0]);
        INDArray encoded = Nd4j.create(preprocessing.encodeSequences(rows), new long[] {windows.count(), 1, 28}, 'c');
        MultiLayerNetwork network = network(InputType.recurrent(1, 28), layers);
        fit(network, encoded, windows.next(), 1);

        NetworkBuilder builder = new NetworkBuilder(preprocessing);
        NetworkParity.check(
                "rides",
                new NetworkReader(builder, Task.REGRESSION).read(network, builder.sequences()),
                Task.REGRESSION,
                rows,
                network.output(encoded).dup('c').data().asFloat(),
                tolerance);
    }

    private static MultiLayerNetwork network(InputType input, Layer... layers) {
        var list = new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(0.003))
                .weightInit(WeightInit.XAVIER)
                .list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network =
                new MultiLayerNetwork(list.setInputType(input).build());
        network.init();
        return network;
    }

    private static void fit(MultiLayerNetwork network, INDArray inputs, float[] labels, int epochs) {
        INDArray targets = Nd4j.create(labels.clone(), new long[] {labels.length, 1}, 'c');
        List<DataSet> batches = new DataSet(inputs, targets).batchBy(BATCH_ROWS);
        for (int epoch = 0; epoch < epochs; epoch++) {
            batches.forEach(network::fit);
        }
    }

    /** Returns how much higher the mean answer of positive rows is. */
    private static double separation(float[] answers, float[] labels) {
        double[] sums = new double[2];
        int[] counts = new int[2];
        for (int i = 0; i < answers.length; i++) {
            sums[(int) labels[i]] += answers[i];
            counts[(int) labels[i]]++;
        }
        return sums[1] / counts[1] - sums[0] / counts[0];
    }

    private static Preprocessing encodings(TrainingFold fold) {
        List<InputEncoding> encodings = new ArrayList<>();
        List<InputField> fields = fold.fieldsWithValues();
        Signature signature = Signature.of(fields);
        Rows rows = fold.rows(signature);
        for (InputField field : fields) {
            int offset = signature.offset(field.name());
            if (field.kind() == InputKind.TEXT) {
                TreeSet<String> categories = new TreeSet<>();
                for (int i = offset; i < rows.texts().length; i += signature.textWidth()) {
                    categories.add(rows.texts()[i]);
                }
                categories.remove("");
                encodings.add(new TextEncoding(field.name(), List.copyOf(categories)));
            } else {
                double[] values = new double[rows.rowCount()];
                Arrays.setAll(values, i -> rows.numbers()[i * signature.numberWidth() + offset]);
                double mean = Arrays.stream(values).average().orElse(0);
                double variance = Arrays.stream(values)
                        .map(x -> (x - mean) * (x - mean))
                        .average()
                        .orElse(0);
                encodings.add(NumberEncoding.standardized(field.name(), mean, Math.sqrt(variance)));
            }
        }
        return new Preprocessing(encodings);
    }
}
