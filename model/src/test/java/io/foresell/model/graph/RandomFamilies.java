package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Models of the classical families drawn from a seed, each with its {@link Oracle}. */
final class RandomFamilies {
    /** A model and its definition. */
    @SuppressWarnings("ArrayRecordComponent")
    record Case(byte[] onnx, Oracle oracle) {}

    private final Random random;
    private final RandomModels models;

    RandomFamilies(long seed) {
        this.random = new Random(seed);
        this.models = new RandomModels(seed);
    }

    Calibration calibration() {
        return switch (random.nextInt(4)) {
            case 0 -> Calibration.NONE;
            case 1 -> new PlattCalibration(0.5 + random.nextDouble(), random.nextGaussian());
            case 2 -> new BetaCalibration(random.nextDouble() * 2, random.nextDouble() * 2, random.nextGaussian());
            default -> isotonic();
        };
    }

    IsotonicCalibration isotonic() {
        int knots = 1 + random.nextInt(30);
        double[] from = random.doubles(knots).sorted().toArray();
        double[] to = random.doubles(knots).sorted().toArray();
        return IsotonicCalibration.ofSteps(from, to);
    }

    /** Returns gentle ones: where all classes are next to impossible, their shares are rounding noise. */
    private List<Calibration> calibrations(int classes) {
        List<Calibration> calibrations = new ArrayList<>();
        for (int i = 0; i < classes; i++) {
            Calibration calibration = calibration();
            calibrations.add(
                    calibration instanceof IsotonicCalibration
                            ? new IsotonicCalibration(List.of(0.1, 0.5, 0.8), List.of(0.2, 0.4, 1.0))
                            : calibration);
        }
        return calibrations;
    }

    private double[] gaussians(int count, double scale) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return values;
    }

    private double[][] matrix(int rows, int columns, double scale) {
        double[][] matrix = new double[rows][];
        for (int i = 0; i < rows; i++) {
            matrix[i] = gaussians(columns, scale);
        }
        return matrix;
    }

    private static double[] product(double[][] weights, double[] bias, double[] columns) {
        double[] scores = bias.clone();
        for (int output = 0; output < scores.length; output++) {
            for (int i = 0; i < columns.length; i++) {
                scores[output] += weights[output][i] * columns[i];
            }
        }
        return scores;
    }

    Case linearRegression(Preprocessing preprocessing) {
        double[][] weights = matrix(1, preprocessing.encodedWidth(), 0.5);
        double[] bias = gaussians(1, 1);
        byte[] onnx = ModelGraph.write(preprocessing, new LinearModel(weights, bias), Head.regression());
        return new Case(onnx, columns -> product(weights, bias, columns));
    }

    Case logistic(Preprocessing preprocessing) {
        double[][] weights = matrix(1, preprocessing.encodedWidth(), 0.5);
        double[] bias = gaussians(1, 1);
        Calibration calibration = calibration();
        byte[] onnx = ModelGraph.write(preprocessing, new LinearModel(weights, bias), Head.binary(calibration));
        return new Case(onnx, columns -> {
            double logOdds = product(weights, bias, columns)[0];
            return new double[] {Oracle.ofLogOdds(logOdds, calibration)};
        });
    }

    Case multinomial(Preprocessing preprocessing) {
        int classes = 2 + random.nextInt(6);
        double[][] weights = matrix(classes, preprocessing.encodedWidth(), 0.5);
        double[] bias = gaussians(classes, 1);
        List<Calibration> calibrations = random.nextBoolean() ? List.of() : calibrations(classes);
        byte[] onnx = ModelGraph.write(preprocessing, new LinearModel(weights, bias), Head.multiclass(calibrations));
        return new Case(onnx, columns -> {
            double[] probabilities = Oracle.softmax(product(weights, bias, columns));
            return calibrated(probabilities, calibrations);
        });
    }

    private static double[] calibrated(double[] probabilities, List<Calibration> calibrations) {
        if (calibrations.stream().allMatch(Calibration.NONE::equals)) {
            return probabilities;
        }
        double[] calibrated = new double[probabilities.length];
        for (int i = 0; i < calibrated.length; i++) {
            Calibration calibration = calibrations.get(i);
            calibrated[i] = Oracle.ofProbability(probabilities[i], calibration) + least(calibration, false);
        }
        return Oracle.normalized(calibrated);
    }

    private static double least(Calibration calibration, boolean readsLogOdds) {
        boolean isCurve =
                calibration instanceof IsotonicCalibration || (!readsLogOdds && calibration.equals(Calibration.NONE));
        return isCurve ? CalibrationNodes.LEAST_SHARE : 0;
    }

    Case oneVersusRest(Preprocessing preprocessing) {
        int classes = 2 + random.nextInt(6);
        double[][] weights = matrix(classes, preprocessing.encodedWidth(), 0.5);
        double[] bias = gaussians(classes, 1);
        List<Calibration> calibrations = random.nextBoolean() ? List.of() : calibrations(classes);
        byte[] onnx = ModelGraph.write(
                preprocessing, new LinearModel(weights, bias), Head.multiclassOneVersusRest(calibrations));
        return new Case(onnx, columns -> {
            double[] scores = product(weights, bias, columns);
            for (int i = 0; i < classes; i++) {
                Calibration calibration = calibrations.isEmpty() ? Calibration.NONE : calibrations.get(i);
                scores[i] = Oracle.ofLogOdds(scores[i], calibration) + least(calibration, true);
            }
            return Oracle.normalized(scores);
        });
    }

    Case boosted(Preprocessing preprocessing) {
        List<Tree> trees = models.trees(1 + random.nextInt(60), random.nextInt(7), preprocessing.encodedWidth());
        double base = models.gaussian();
        TreeEnsembleModel model = TreeEnsembleModel.boosted(preprocessing.encodedWidth(), trees, base);
        if (random.nextBoolean()) {
            byte[] onnx = ModelGraph.write(preprocessing, model, Head.regression());
            return new Case(onnx, columns -> new double[] {sum(trees, base, columns)});
        }
        Calibration calibration = calibration();
        byte[] onnx = ModelGraph.write(preprocessing, model, Head.binary(calibration));
        return new Case(onnx, columns -> new double[] {Oracle.ofLogOdds(sum(trees, base, columns), calibration)});
    }

    private static double sum(List<Tree> trees, double base, double[] columns) {
        double sum = base;
        for (Tree tree : trees) {
            sum += tree.leaf[leaf(tree, columns)];
        }
        return sum;
    }

    private static int leaf(Tree tree, double[] columns) {
        int node = 0;
        while (!tree.isLeaf(node)) {
            double x = columns[tree.feature[node]];
            node = Double.isNaN(x) ? tree.missing[node] : x < tree.threshold[node] ? tree.yes[node] : tree.no[node];
        }
        return node;
    }

    Case boostedClasses(Preprocessing preprocessing) {
        int classes = 2 + random.nextInt(5);
        List<Tree> trees = models.trees(classes * (1 + random.nextInt(9)), 4, preprocessing.encodedWidth());
        double[] base = gaussians(classes, 0.3);
        byte[] onnx = ModelGraph.write(
                preprocessing,
                TreeEnsembleModel.boosted(preprocessing.encodedWidth(), trees, base),
                Head.multiclass(List.of()));
        return new Case(onnx, columns -> {
            double[] logits = base.clone();
            for (int i = 0; i < trees.size(); i++) {
                logits[i % classes] += trees.get(i).leaf[leaf(trees.get(i), columns)];
            }
            return Oracle.softmax(logits);
        });
    }

    Case forestOfValues(Preprocessing preprocessing) {
        List<Tree> trees = models.trees(1 + random.nextInt(60), random.nextInt(9), preprocessing.encodedWidth());
        byte[] onnx = ModelGraph.write(
                preprocessing, TreeEnsembleModel.forest(preprocessing.encodedWidth(), trees), Head.regression());
        return new Case(onnx, columns -> new double[] {sum(trees, 0, columns) / trees.size()});
    }

    Case forestOfProbabilities(Preprocessing preprocessing) {
        int classes = 1 + random.nextInt(5);
        List<Tree> trees = new ArrayList<>();
        for (Tree tree : models.trees(1 + random.nextInt(40), 5, preprocessing.encodedWidth())) {
            trees.add(withProbabilities(tree, classes));
        }
        TreeEnsembleModel model = TreeEnsembleModel.forest(preprocessing.encodedWidth(), trees);
        Calibration single = calibration();
        List<Calibration> several = random.nextBoolean() ? List.of() : calibrations(classes);
        Head head = classes == 1 ? Head.binaryOfProbability(single) : Head.multiclassOfProbabilities(several);
        return new Case(ModelGraph.write(preprocessing, model, head), columns -> {
            double[] means = new double[classes];
            for (Tree tree : trees) {
                for (int i = 0; i < classes; i++) {
                    means[i] += tree.leaf[leaf(tree, columns) * classes + i] / trees.size();
                }
            }
            return classes > 1 ? calibrated(means, several) : new double[] {Oracle.ofProbability(means[0], single)};
        });
    }

    private Tree withProbabilities(Tree tree, int classes) {
        float[] leaf = new float[tree.nodeCount() * classes];
        for (int node = 0; node < tree.nodeCount(); node++) {
            double[] shares = new double[classes];
            for (int i = 0; i < classes; i++) {
                shares[i] = random.nextInt(3) == 0 ? 0 : random.nextDouble();
            }
            shares[random.nextInt(classes)] += classes == 1 ? 0 : 0.1;
            for (int i = 0; i < classes; i++) {
                leaf[node * classes + i] = (float) (classes == 1 ? shares[0] : Oracle.normalized(shares)[i]);
            }
        }
        return new Tree(tree.feature, tree.threshold, tree.yes, tree.no, tree.missing, leaf, tree.cover, classes);
    }
}
