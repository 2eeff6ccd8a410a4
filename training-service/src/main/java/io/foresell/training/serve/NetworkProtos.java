package io.foresell.training.serve;

import io.foresell.proto.training.v1.Activation;
import io.foresell.proto.training.v1.CategoriesInput;
import io.foresell.proto.training.v1.Network;
import io.foresell.proto.training.v1.WordsInput;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.neural.GradientClipping;
import io.foresell.training.fit.neural.ImageInput;
import io.foresell.training.fit.neural.InputPlan;
import io.foresell.training.fit.neural.LearningRateSchedule;
import io.foresell.training.fit.neural.NetworkLayer;
import io.foresell.training.fit.neural.NeuralNetwork;
import io.foresell.training.fit.neural.Nonlinearity;
import io.foresell.training.fit.neural.Optimizer;
import io.foresell.training.fit.neural.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Networks of declared layers. */
final class NetworkProtos {
    private final SpecCheck check;

    private NetworkProtos(SpecCheck check) {
        this.check = check;
    }

    static @Nullable Algorithm network(String field, Network message, SpecCheck check) {
        return new NetworkProtos(check).network(field, message);
    }

    private @Nullable Algorithm network(String field, Network message) {
        List<NetworkLayer> layers = new ArrayList<>();
        NetworkLayerProtos reader = new NetworkLayerProtos(check);
        for (int i = 0; i < message.getLayersCount(); i++) {
            NetworkLayer layer = reader.layer("%s.layers[%d]".formatted(field, i), message.getLayers(i));
            if (layer != null) {
                layers.add(layer);
            }
        }
        InputPlan inputs = check.checked(field, () -> inputs(field, message));
        TrainingPlan training = check.checked(field, () -> training(field, message));
        return inputs == null || training == null
                ? null
                : check.checked(field, () -> new NeuralNetwork(layers, inputs, training));
    }

    private InputPlan inputs(String field, Network message) {
        Optional<ImageInput> image = Optional.empty();
        if (message.hasImage()) {
            var given = message.getImage();
            if (given.getFeature().isEmpty()) {
                check.refuse(field + ".image.feature", given.getFeature(), "the name of a sequence feature");
            }
            image = Optional.of(new ImageInput(
                    given.getFeature(),
                    given.getHeight(),
                    given.getWidth(),
                    given.getChannels() == 0 ? 1 : given.getChannels()));
        }
        InputPlan by = InputPlan.DEFAULT;
        WordsInput text = message.getText();
        CategoriesInput categories = message.getCategories();
        return new InputPlan(
                image,
                text.getFeaturesList(),
                or(text.getVocabulary(), by.vocabularySize()),
                text.getLength(),
                or(text.getEmbedding(), by.wordWidth()),
                categories.hasOneHotUpTo() ? categories.getOneHotUpTo() : by.oneHotCategories(),
                categories.getEmbedding());
    }

    private TrainingPlan training(String field, Network message) {
        TrainingPlan by = TrainingPlan.DEFAULT;
        return new TrainingPlan(
                or(message.getEpochs(), by.epochs()),
                or(message.getBatchSize(), by.batchSize()),
                optimizer(field, message),
                message.hasLearningRate() ? message.getLearningRate() : by.learningRate(),
                schedule(field + ".schedule", message.getSchedule()),
                message.hasWeightDecay() ? message.getWeightDecay() : by.weightDecay(),
                message.hasGradientClipping() ? clipping(message.getGradientClipping()) : by.clipping(),
                or(message.getPatience(), by.patience()),
                message.hasHeldBack() ? message.getHeldBack() : by.heldBackShare(),
                or(message.getNetworks(), by.networkCount()),
                or(message.getCheckpointEpochs(), by.checkpointEpochs()));
    }

    private static int or(int value, int defaultValue) {
        return value == 0 ? defaultValue : value;
    }

    private Optimizer optimizer(String field, Network message) {
        return switch (message.getOptimizer()) {
            case OPTIMIZER_UNSPECIFIED, OPTIMIZER_ADAM -> Optimizer.ADAM;
            case OPTIMIZER_SGD -> Optimizer.SGD;
            case OPTIMIZER_RMS_PROP -> Optimizer.RMS_PROP;
            case UNRECOGNIZED -> {
                check.refuse(field + ".optimizer", message.getOptimizerValue(), "ADAM, SGD or RMS_PROP");
                yield Optimizer.ADAM;
            }
        };
    }

    private LearningRateSchedule schedule(String field, io.foresell.proto.training.v1.LearningRateSchedule message) {
        double factor = message.hasFactor() ? message.getFactor() : 0.5;
        int epochs = message.getEveryEpochs();
        return switch (message.getKind()) {
            case SCHEDULE_KIND_UNSPECIFIED, SCHEDULE_KIND_CONSTANT -> LearningRateSchedule.CONSTANT;
            case SCHEDULE_KIND_COSINE -> LearningRateSchedule.COSINE;
            case SCHEDULE_KIND_STEP -> new LearningRateSchedule(LearningRateSchedule.Kind.STEP, factor, or(epochs, 10));
            case SCHEDULE_KIND_PLATEAU -> new LearningRateSchedule(
                    LearningRateSchedule.Kind.PLATEAU, factor, or(epochs, 2));
            case SCHEDULE_KIND_EXPONENTIAL -> new LearningRateSchedule(
                    LearningRateSchedule.Kind.EXPONENTIAL, message.hasFactor() ? message.getFactor() : 0.95, 1);
            case UNRECOGNIZED -> {
                check.refuse(field + ".kind", message.getKindValue(), "CONSTANT, STEP, EXPONENTIAL, COSINE or PLATEAU");
                yield LearningRateSchedule.CONSTANT;
            }
        };
    }

    private static GradientClipping clipping(io.foresell.proto.training.v1.GradientClipping message) {
        return switch (message.getBoundCase()) {
            case VALUE -> GradientClipping.value(message.getValue());
            case NORM -> GradientClipping.norm(message.getNorm());
            case BOUND_NOT_SET -> GradientClipping.NONE;
        };
    }

    /** Returns a layer's function; absent means RELU. */
    static Nonlinearity activation(String field, Activation activation, int number, SpecCheck check) {
        return switch (activation) {
            case ACTIVATION_UNSPECIFIED, ACTIVATION_RELU -> Nonlinearity.RELU;
            case ACTIVATION_TANH -> Nonlinearity.TANH;
            case ACTIVATION_SIGMOID -> Nonlinearity.SIGMOID;
            case ACTIVATION_GELU -> Nonlinearity.GELU;
            case ACTIVATION_ELU -> Nonlinearity.ELU;
            case ACTIVATION_SELU -> Nonlinearity.SELU;
            case ACTIVATION_LEAKY_RELU -> Nonlinearity.LEAKY_RELU;
            case ACTIVATION_SWISH -> Nonlinearity.SWISH;
            case ACTIVATION_IDENTITY -> Nonlinearity.IDENTITY;
            case UNRECOGNIZED -> {
                check.refuse(field + ".activation", number, "one of RELU, TANH, SIGMOID, GELU, ELU and so on");
                yield Nonlinearity.RELU;
            }
        };
    }
}
