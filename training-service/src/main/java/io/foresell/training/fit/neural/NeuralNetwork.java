package io.foresell.training.fit.neural;

import io.foresell.model.InputField;
import io.foresell.model.Task;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.Fitter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Fits a DL4J network with the layers that a spec declares, or with the usual ones.
 *
 * <p>Layers up to the first one that leaves a vector (global_pool or flatten), or before the first dense one, read the
 * sequences, the image and each text of words, with weights of their own for each; then the vectors that they leave, the
 * numbers and the categories stand beside each other, and the other layers read that. A sequence that no layer makes a vector
 * of is pooled: by its last step after a recurrent layer of one direction over numbers, else by its greatest value. An image
 * is flattened.
 *
 * @param layers empty for the usual ones
 */
public record NeuralNetwork(List<NetworkLayer> layers, InputPlan inputs, TrainingPlan training) implements Algorithm {
    /** Most layers. */
    public static final int MAX_LAYERS = 50;

    /** Is what a spec means that says nothing else. */
    public static final NeuralNetwork DEFAULT = new NeuralNetwork(List.of(), InputPlan.DEFAULT, TrainingPlan.DEFAULT);

    public NeuralNetwork {
        layers = List.copyOf(layers);
        io.foresell.training.fit.Ranges.require("layers", layers.size(), 0, MAX_LAYERS);
    }

    @Override
    public String key() {
        return "network";
    }

    @Override
    public Set<Task> tasks() {
        return Set.of(Task.BINARY, Task.MULTICLASS, Task.REGRESSION);
    }

    @Override
    public Map<String, String> asText() {
        Map<String, String> text = new TreeMap<>();
        text.put("layers", layers.isEmpty() ? "the usual ones" : layersAsText());
        inputs.image()
                .ifPresent(image -> text.put(
                        "image",
                        "%s %d x %d x %d".formatted(image.feature(), image.height(), image.width(), image.channels())));
        text.put(
                "text",
                "features %s, vocabulary %d, length %d, embedding %d"
                        .formatted(inputs.texts(), inputs.vocabularySize(), inputs.textLength(), inputs.wordWidth()));
        text.put(
                "categories",
                "one_hot_up_to %d, embedding %d".formatted(inputs.oneHotCategories(), inputs.categoryWidth()));
        text.put("epochs", Integer.toString(training.epochs()));
        text.put("batch_size", Integer.toString(training.batchSize()));
        text.put("optimizer", training.optimizer().name());
        text.put("learning_rate", Double.toString(training.learningRate()));
        text.put("schedule", training.schedule().asText());
        text.put("weight_decay", Double.toString(training.weightDecay()));
        text.put("gradient_clipping", training.clipping().asText());
        text.put("patience", Integer.toString(training.patience()));
        text.put("held_back", Double.toString(training.heldBackShare()));
        text.put("networks", Integer.toString(training.networkCount()));
        return text;
    }

    private String layersAsText() {
        return layers.stream().map(NetworkLayer::asText).collect(Collectors.joining(", "));
    }

    @Override
    public Fitter fitter(int threadCount) {
        return new NetworkFitter(this, threadCount);
    }

    @Override
    public double work() {
        boolean isRecurrent = layers.isEmpty() || layers.stream().anyMatch(NetworkLayer::isRecurrent);
        return training.epochs() * training.networkCount() * (isRecurrent ? 4 : 1.5);
    }

    @Override
    public boolean readsWords(String feature, List<String> texts) {
        return inputs.texts().contains(feature)
                || (inputs.isTextFound() && NetworkInputs.isSentences(texts, texts.size()));
    }

    @Override
    public void requireReadable(List<InputField> features) {
        new Declared(this, features).requireReadable();
    }
}
