package io.foresell.training.fit.neural;

import io.foresell.model.Task;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.network.Activation;
import io.foresell.model.graph.network.Merging;
import io.foresell.model.graph.network.NetworkBuilder;
import io.foresell.model.graph.network.Tensor;
import io.foresell.training.fit.network.NetworkReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A checked architecture over encoded inputs: creates it in DL4J, and has the fitted one written as ONNX. */
final class NetworkGraph {
    private static final String OUTPUT = "output";

    private final NetworkInputs inputs;
    private final Architecture architecture;
    private final Task task;
    private final int outputs;

    /** Takes the number of classes, which is not read of a regression. */
    NetworkGraph(NeuralNetwork network, NetworkInputs inputs, Task task, int classCount) {
        this.inputs = inputs;
        this.task = task;
        // A softmax of two, not a sigmoid of one: DL4J multiplies a sigmoid's gradient by the weight of a row twice.
        this.outputs = task == Task.REGRESSION ? 1 : task == Task.BINARY ? 2 : classCount;
        List<Architecture.Body> bodies = inputs.sources().stream()
                .filter(NetworkSource::isBody)
                .map(Architecture.Body::of)
                .toList();
        int vectorWidth = inputs.sources().stream()
                .filter(source -> !source.isBody())
                .mapToInt(source -> source.shape().size())
                .sum();
        this.architecture = Architecture.of(network.layers(), bodies, vectorWidth);
    }

    NetworkInputs inputs() {
        return inputs;
    }

    Task task() {
        return task;
    }

    /** Returns how many numbers DL4J answers to a row: one per class, or the value. */
    int outputs() {
        return outputs;
    }

    boolean isRecurrent() {
        return architecture.branches().stream().flatMap(List::stream).anyMatch(step -> step.layer()
                .isRecurrent());
    }

    /** Returns about how many floats all layers leave of one row. */
    long activationsOfRow() {
        long sum = outputs;
        for (NetworkSource source : inputs.sources()) {
            sum += source.width() + source.shape().size();
        }
        for (List<Architecture.Step> branch : architecture.branches()) {
            for (Architecture.Step step : branch) {
                // The gates of an LSTM, and what a convolution gathers.
                sum += (step.layer().isRecurrent() ? 8L : 4L) * step.output().size();
            }
        }
        for (Architecture.Step step : architecture.trunk()) {
            sum += step.output().size();
        }
        return sum;
    }

    /** Returns a network with random weights. */
    ComputationGraph create(TrainingPlan plan, long seed) {
        NeuralNetConfiguration.Builder settings = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(plan.optimizer().updater(plan.learningRate()))
                .weightInit(WeightInit.XAVIER);
        if (plan.weightDecay() > 0) {
            settings.weightDecay(plan.weightDecay(), true);
        }
        plan.clipping().configure(settings);
        GraphBuilder graph = settings.graphBuilder()
                .addInputs(inputs.sources().stream().map(NetworkSource::name).toList());
        String joined = addBranches(graph);
        for (int i = 0; i < architecture.trunk().size(); i++) {
            Architecture.Step step = architecture.trunk().get(i);
            joined = step.layer().add(new NetworkLayer.Place(graph, joined, "trunk " + i, joined), step.input());
        }
        graph.addLayer(OUTPUT, output(), joined).setOutputs(OUTPUT);
        ComputationGraph network = new ComputationGraph(graph.build());
        network.init();
        return network;
    }

    private String addBranches(GraphBuilder graph) {
        List<String> parts = new ArrayList<>();
        int body = 0;
        for (NetworkSource source : inputs.sources()) {
            String at = source.add(graph);
            if (source.isBody()) {
                List<Architecture.Step> branch = architecture.branches().get(body++);
                for (int i = 0; i < branch.size(); i++) {
                    String name = "%s %d".formatted(source.name(), i);
                    at = branch.get(i)
                            .layer()
                            .add(
                                    new NetworkLayer.Place(graph, source.name(), name, at),
                                    branch.get(i).input());
                }
            }
            parts.add(at);
        }
        if (parts.size() == 1) {
            return parts.get(0);
        }
        graph.addVertex("joined", new MergeVertex(), parts.toArray(new String[0]));
        return "joined";
    }

    private OutputLayer output() {
        boolean isValue = task == Task.REGRESSION;
        return new OutputLayer.Builder(isValue ? LossFunction.MSE : LossFunction.MCXENT)
                .nIn(architecture.outputInputs())
                .nOut(outputs)
                .activation(
                        isValue
                                ? org.nd4j.linalg.activations.Activation.IDENTITY
                                : org.nd4j.linalg.activations.Activation.SOFTMAX)
                .build();
    }

    /** Turns answers around 0 with deviation 1 into answers around a mean. */
    static void rescale(ComputationGraph network, double mean, double deviation) {
        INDArray weights = network.getLayer(OUTPUT).getParam("W");
        INDArray bias = network.getLayer(OUTPUT).getParam("b");
        weights.muli(deviation);
        bias.muli(deviation).addi(mean);
    }

    /** Returns the ONNX file of one network, or of the mean of several networks' answers. */
    byte[] write(List<ComputationGraph> networks) {
        NetworkBuilder builder = new NetworkBuilder(inputs.preprocessing());
        Map<String, Tensor> tensors = new HashMap<>();
        inputs.sources().forEach(source -> tensors.put(source.name(), source.tensor(builder)));
        NetworkReader reader = new NetworkReader(builder, task);
        boolean isMean = networks.size() > 1;
        List<Tensor> answers = new ArrayList<>();
        for (ComputationGraph network : networks) {
            Tensor scores = reader.scores(network, tensors);
            answers.add(isMean ? probability(builder, scores) : scores);
        }
        return builder.build(builder.merge(Merging.MEAN, answers)).onnx(head(isMean));
    }

    private Tensor probability(NetworkBuilder builder, Tensor scores) {
        return switch (task) {
            case BINARY -> builder.apply(Activation.SIGMOID, scores);
            case MULTICLASS -> builder.apply(Activation.SOFTMAX, scores);
            default -> scores;
        };
    }

    private Head head(boolean isMean) {
        return switch (task) {
            case BINARY -> isMean ? Head.binaryOfProbability(Calibration.NONE) : Head.binary(Calibration.NONE);
            case MULTICLASS -> isMean ? Head.multiclassOfProbabilities(List.of()) : Head.multiclass(List.of());
            default -> Head.regression();
        };
    }
}
