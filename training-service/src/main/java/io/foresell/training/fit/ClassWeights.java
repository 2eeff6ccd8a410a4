package io.foresell.training.fit;

import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.model.Task;
import io.foresell.training.dataset.TrainingFold;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a row of each class counts while fitting, for classes of unequal size or cost. Metrics always count every row once.
 *
 * @param isBalanced whether all classes together count the same; {@code byClass} is then empty
 * @param byClass a weight above 0 per class; classes without one count 1. Of two classes the names are "positive" and
 *     "negative"
 */
public record ClassWeights(boolean isBalanced, Map<String, Double> byClass) {
    /** Every row counts 1. */
    public static final ClassWeights EQUAL = new ClassWeights(false, Map.of());

    /** Every class counts the same. */
    public static final ClassWeights BALANCED = new ClassWeights(true, Map.of());

    private static final List<String> TWO_CLASSES = List.of("negative", "positive");
    private static final double GREATEST = 1e6;

    public ClassWeights {
        byClass = Map.copyOf(byClass);
        byClass.forEach((name, weight) -> {
            if (!(weight > 0 && weight <= GREATEST)) {
                throw new ServiceException(Failure.invalid(
                        "CLASS_WEIGHT_INVALID", "class_weights." + name, weight, "above 0, at most 1000000"));
            }
        });
    }

    /** Returns the weights for provenance; empty when all are equal. */
    public String asText() {
        return isBalanced ? "balanced" : byClass.isEmpty() ? "" : new TreeMap<>(byClass).toString();
    }

    /**
     * Returns what each row of a fold counts, scaled to 1 on average.
     *
     * @throws ServiceException when a weight names no class, or the rows have no classes
     */
    float[] of(TrainingFold fold) {
        float[] weights = new float[fold.rowCount()];
        if (equals(EQUAL)) {
            Arrays.fill(weights, 1);
            return weights;
        }
        double[] byIndex = byIndex(fold);
        float[] labels = fold.labels();
        double sum = 0;
        for (float label : labels) {
            sum += byIndex[(int) label];
        }
        for (int row = 0; row < weights.length; row++) {
            weights[row] = (float) (byIndex[(int) labels[row]] * weights.length / sum);
        }
        return weights;
    }

    private double[] byIndex(TrainingFold fold) {
        List<String> classes = classes(fold);
        double[] weights = new double[classes.size()];
        Arrays.fill(weights, 1);
        if (isBalanced) {
            double[] shares = fold.task() == Task.BINARY
                    ? new double[] {1 - fold.meanLabel(), fold.meanLabel()}
                    : fold.classShares();
            Arrays.setAll(weights, i -> shares[i] == 0 ? 0 : 1 / shares[i]);
        }
        byClass.forEach((name, weight) -> {
            int index = classes.indexOf(name);
            if (index < 0) {
                throw new ServiceException(Failure.precondition(
                        "CLASS_WEIGHT_UNKNOWN",
                        "class_weights: '%s' (expected: of %s; nearest: %s)"
                                .formatted(
                                        name,
                                        String.join(", ", classes.subList(0, Math.min(20, classes.size()))),
                                        Names.nearest(name, classes))));
            }
            weights[index] = weight;
        });
        return weights;
    }

    private static List<String> classes(TrainingFold fold) {
        return switch (fold.task()) {
            case BINARY -> TWO_CLASSES;
            case MULTICLASS -> fold.classes();
            case REGRESSION, CLUSTERS, RANKING -> throw new ServiceException(Failure.precondition(
                    "CLASS_WEIGHTS_WITHOUT_CLASSES",
                    "class_weights for task %s (expected: binary or multiclass)"
                            .formatted(fold.task().key())));
        };
    }
}
