package io.foresell.training.fit.neural;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.graph.network.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Checks what a spec declares against the features, before any row is encoded. */
final class Declared {
    /** Stands for the length of texts, which only their words tell. */
    private static final int SOME_WORDS = 32;

    private final NeuralNetwork network;
    private final List<InputField> features;

    Declared(NeuralNetwork network, List<InputField> features) {
        this.network = network;
        this.features = features;
    }

    void requireReadable() {
        InputPlan plan = network.inputs();
        plan.image().ifPresent(this::requireImage);
        plan.texts().forEach(this::requireText);
        boolean isTextOpen = plan.isTextFound() && features.stream().anyMatch(field -> field.kind() == InputKind.TEXT);
        List<Architecture.Body> bodies = bodies();
        if (!bodies.isEmpty() || !isTextOpen) {
            Architecture.of(network.layers(), bodies, 1);
        }
    }

    private void requireImage(ImageInput image) {
        InputField field = field(image.feature(), "image.feature");
        if (field.kind() != InputKind.NUMBER || field.width() != image.size()) {
            throw new ServiceException(Failure.precondition(
                    "NETWORK_INPUT_MISFIT",
                    "values of image %s: %d (expected: %d = %d x %d x %d)"
                            .formatted(
                                    field.name(),
                                    field.width(),
                                    image.size(),
                                    image.height(),
                                    image.width(),
                                    image.channels())));
        }
        if (image.size() < 2) {
            throw new ServiceException(Failure.precondition(
                    "NETWORK_INPUT_MISFIT", "values of image %s: 1 (expected: 2 or more)".formatted(field.name())));
        }
    }

    private void requireText(String name) {
        if (field(name, "text.features").kind() != InputKind.TEXT) {
            throw new ServiceException(Failure.precondition(
                    "NETWORK_INPUT_MISFIT", "text.features: %s is a number (expected: a text)".formatted(name)));
        }
    }

    private InputField field(String name, String where) {
        return features.stream()
                .filter(field -> field.name().equals(name))
                .findAny()
                .orElseThrow(() -> new ServiceException(Failure.precondition(
                        "NETWORK_INPUT_MISSING",
                        "%s: %s (expected: one of the features with a value: %s)"
                                .formatted(
                                        where,
                                        name,
                                        features.stream()
                                                .map(InputField::name)
                                                .limit(20)
                                                .toList()))));
    }

    private List<Architecture.Body> bodies() {
        InputPlan plan = network.inputs();
        List<Architecture.Body> bodies = new ArrayList<>();
        TreeMap<Integer, Integer> channels = new TreeMap<>();
        for (InputField field : features) {
            if (plan.image()
                    .filter(image -> image.feature().equals(field.name()))
                    .isPresent()) {
                ImageInput image = plan.image().orElseThrow();
                Shape shape = new Shape.Image(image.channels(), image.height(), image.width());
                bodies.add(new Architecture.Body("image", shape, false));
            } else if (field.width() > 1) {
                channels.merge(field.width(), 1, Integer::sum);
            } else if (plan.texts().contains(field.name())) {
                int length = plan.textLength() > 0 ? plan.textLength() : SOME_WORDS;
                Shape shape = new Shape.Sequence(plan.wordWidth(), length);
                bodies.add(new Architecture.Body("words " + field.name(), shape, true));
            }
        }
        channels.forEach((length, count) ->
                bodies.add(new Architecture.Body("sequences", new Shape.Sequence(count, length), false)));
        return bodies;
    }
}
