package io.foresell.model.graph;

import io.foresell.model.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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

    Case supportVectors(Preprocessing preprocessing) {
        int width = preprocessing.encodedWidth();
        Kernel kernel =
                switch (random.nextInt(3)) {
                    case 0 -> Kernel.linear();
                    case 1 -> Kernel.rbf((float) (0.01 + random.nextDouble() / width));
                    default -> Kernel.polynomial((float) (0.2 / width), random.nextInt(2), 1 + random.nextInt(3));
                };
        int outputs = 1 + random.nextInt(3);
        List<double[][]> vectors = new ArrayList<>();
        List<SvmMachine> machines = new ArrayList<>();
        double[][] coefficients = new double[outputs][];
        double[] bias = gaussians(outputs, 1);
        for (int i = 0; i < outputs; i++) {
            vectors.add(matrix(1 + random.nextInt(30), width, 1));
            coefficients[i] = gaussians(vectors.get(i).length, 0.3);
            machines.add(new SvmMachine(vectors.get(i), coefficients[i], bias[i]));
        }
        SvmModel model = new SvmModel(kernel, machines);
        Calibration platt = new PlattCalibration(0.7, 0.1);
        Head head = outputs == 1
                ? random.nextBoolean() ? Head.regression() : Head.binary(platt)
                : Head.multiclassOneVersusRest(Collections.nCopies(outputs, platt));
        boolean isRegression = outputs == 1 && head.answerOf(List.of()).task() == Task.REGRESSION;
        return new Case(ModelGraph.write(preprocessing, model, head), columns -> {
            double[] scores = bias.clone();
            for (int i = 0; i < outputs; i++) {
                for (int j = 0; j < coefficients[i].length; j++) {
                    scores[i] += coefficients[i][j] * kernel(kernel, columns, vectors.get(i)[j]);
                }
                scores[i] = isRegression ? scores[i] : Oracle.ofLogOdds(scores[i], platt);
            }
            return outputs == 1 ? scores : Oracle.normalized(scores);
        });
    }

    private static double kernel(Kernel kernel, double[] row, double[] vector) {
        double product = 0;
        double distance = 0;
        for (int i = 0; i < row.length; i++) {
            product += row[i] * vector[i];
            distance += (row[i] - vector[i]) * (row[i] - vector[i]);
        }
        return switch (kernel.kind()) {
            case LINEAR -> product;
            case RBF -> Math.exp(-kernel.gamma() * distance);
            case POLY -> Math.pow(kernel.gamma() * product + kernel.offset(), kernel.degree());
        };
    }

    Case kMeans(Preprocessing preprocessing) {
        double[][] centres = matrix(1 + random.nextInt(8), preprocessing.encodedWidth(), 1);
        byte[] onnx = ModelGraph.write(preprocessing, new KMeansModel(centres), Head.clusters());
        return new Case(onnx, columns -> {
            double[] scores = new double[centres.length];
            for (int k = 0; k < centres.length; k++) {
                double squares = 0;
                for (int i = 0; i < columns.length; i++) {
                    squares += (columns[i] - centres[k][i]) * (columns[i] - centres[k][i]);
                }
                scores[k] = -Math.sqrt(squares);
            }
            return scores;
        });
    }

    Case examples(Preprocessing preprocessing) {
        double[][][] examples = new double[1 + random.nextInt(5)][][];
        for (int cluster = 0; cluster < examples.length; cluster++) {
            examples[cluster] = matrix(1 + random.nextInt(4), preprocessing.encodedWidth(), 1);
        }
        double[] reaches = random.doubles(examples.length, 0.5, 8).toArray();
        byte[] onnx = ModelGraph.write(preprocessing, new ExampleModel(examples, reaches), Head.clusters());
        return new Case(onnx, columns -> {
            double[] scores = new double[examples.length + 1];
            double greatest = Double.NEGATIVE_INFINITY;
            for (int cluster = 0; cluster < examples.length; cluster++) {
                scores[cluster] = Double.NEGATIVE_INFINITY;
                for (double[] example : examples[cluster]) {
                    double squares = 0;
                    for (int i = 0; i < columns.length; i++) {
                        squares += (columns[i] - example[i]) * (columns[i] - example[i]);
                    }
                    scores[cluster] = Math.max(scores[cluster], -Math.sqrt(squares) / reaches[cluster]);
                }
                greatest = Math.max(greatest, scores[cluster]);
            }
            scores[examples.length] = -2 - greatest;
            return scores;
        });
    }

    private double[] weights(int count) {
        return Oracle.normalized(random.doubles(count, 0.1, 1).toArray());
    }

    Case independentNormals(Preprocessing preprocessing) {
        int width = preprocessing.encodedWidth();
        double[] weights = weights(2 + random.nextInt(4));
        double[][] means = matrix(weights.length, width, 2);
        double[][] variances = new double[weights.length][];
        for (int k = 0; k < weights.length; k++) {
            variances[k] = random.doubles(width, 20, 60).toArray();
        }
        byte[] onnx = ModelGraph.write(
                preprocessing,
                GaussianMixtureModel.diagonal(weights, means, variances),
                random.nextBoolean() ? Head.clustersOfLogits() : Head.multiclass(List.of()));
        return new Case(onnx, columns -> {
            double[] logits = new double[weights.length];
            for (int k = 0; k < weights.length; k++) {
                logits[k] = Math.log(weights[k]);
                for (int i = 0; i < width; i++) {
                    double distance = columns[i] - means[k][i];
                    logits[k] -= (Math.log(variances[k][i]) + distance * distance / variances[k][i]) / 2;
                }
            }
            return Oracle.softmax(logits);
        });
    }

    Case naiveBayes(Preprocessing preprocessing) {
        int width = preprocessing.encodedWidth();
        boolean isBinary = random.nextBoolean();
        double[] priors = weights(isBinary ? 2 : 2 + random.nextInt(4));
        List<Integer> numbers = new ArrayList<>(List.of(random.nextInt(width)));
        for (int column = 0; column < width; column++) {
            if (random.nextBoolean() && !numbers.contains(column)) {
                numbers.add(column);
            }
        }
        double[][] means = matrix(priors.length, numbers.size(), 2);
        double[][] variances = new double[priors.length][];
        for (int k = 0; k < priors.length; k++) {
            variances[k] = random.doubles(numbers.size(), 20, 60).toArray();
        }
        double[][] weights = matrix(isBinary ? 1 : priors.length, width, 0.3);
        for (double[] row : weights) {
            numbers.forEach(column -> row[column] = 0);
        }
        double[] bias = gaussians(weights.length, 1);
        byte[] onnx = ModelGraph.write(
                preprocessing,
                new NaiveBayesModel(
                        GaussianMixtureModel.diagonal(priors, means, variances),
                        numbers,
                        new LinearModel(weights, bias)),
                isBinary ? Head.binary(Calibration.NONE) : Head.multiclass(List.of()));
        return new Case(onnx, columns -> {
            double[] logits = new double[priors.length];
            for (int k = 0; k < priors.length; k++) {
                logits[k] = Math.log(priors[k]);
                for (int i = 0; i < numbers.size(); i++) {
                    double distance = columns[numbers.get(i)] - means[k][i];
                    logits[k] -= (Math.log(variances[k][i]) + distance * distance / variances[k][i]) / 2;
                }
            }
            double[] others = product(weights, bias, columns);
            if (isBinary) {
                return new double[] {Oracle.sigmoid(logits[1] - logits[0] + others[0])};
            }
            for (int k = 0; k < logits.length; k++) {
                logits[k] += others[k];
            }
            return Oracle.softmax(logits);
        });
    }

    Case neighbors(Preprocessing preprocessing) {
        int count = 20 + random.nextInt(80);
        double[][] points = matrix(count, preprocessing.encodedWidth(), 1);
        points[1] = points[0];
        int classes = 1 + random.nextInt(3);
        double[][] votes = new double[count][classes];
        for (double[] vote : votes) {
            vote[random.nextInt(classes)] = classes == 1 ? random.nextDouble() : 1;
        }
        double[] weights = random.doubles(count, 0.5, 2).toArray();
        int k = 5 + random.nextInt(10);
        boolean isByDistance = random.nextBoolean();
        NeighborsModel model = new NeighborsModel(points, votes, weights, k, isByDistance);
        Head head = classes == 1 ? Head.regression() : Head.multiclassOfProbabilities(List.of());
        return new Case(ModelGraph.write(preprocessing, model, head), columns -> {
            double[] squares = new double[count];
            for (int point = 0; point < count; point++) {
                for (int i = 0; i < columns.length; i++) {
                    squares[point] += (columns[i] - points[point][i]) * (columns[i] - points[point][i]);
                }
            }
            double last = Arrays.stream(squares).sorted().toArray()[k - 1];
            double[] sums = new double[classes];
            double total = 0;
            for (int point = 0; point < count; point++) {
                double lost = (squares[point] - last) / (0.01 * last + 1e-12);
                double weight = Math.min(1, Math.max(0, 1 - lost)) * weights[point];
                weight /= isByDistance ? Math.sqrt(Math.max(1e-12, squares[point])) : 1;
                total += weight;
                for (int i = 0; i < classes; i++) {
                    sums[i] += weight * votes[point][i];
                }
            }
            for (int i = 0; i < classes; i++) {
                sums[i] /= total;
            }
            return sums;
        });
    }

    Case fullNormals(Preprocessing preprocessing) {
        int width = preprocessing.encodedWidth();
        double[] weights = weights(1 + random.nextInt(4));
        double[][] means = matrix(weights.length, width, 2);
        double[][][] covariances = new double[weights.length][][];
        for (int k = 0; k < weights.length; k++) {
            covariances[k] = covariance(width);
        }
        byte[] onnx = ModelGraph.write(
                preprocessing, GaussianMixtureModel.full(weights, means, covariances), Head.clustersOfLogits());
        return new Case(onnx, columns -> {
            double[] logits = new double[weights.length];
            for (int k = 0; k < weights.length; k++) {
                double[] distance = new double[width];
                for (int i = 0; i < width; i++) {
                    distance[i] = columns[i] - means[k][i];
                }
                logits[k] = Math.log(weights[k]) - gaussElimination(covariances[k], distance) / 2;
            }
            return Oracle.softmax(logits);
        });
    }

    private double[][] covariance(int width) {
        double[][] factors = matrix(width, width, 2);
        double[][] covariance = new double[width][width];
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < width; j++) {
                covariance[i][j] = i == j ? 30 : 0;
                for (int k = 0; k < width; k++) {
                    covariance[i][j] += factors[i][k] * factors[j][k];
                }
            }
        }
        return covariance;
    }

    /** Returns {@code ln det(covariance) + distance . covariance^-1 . distance} by elimination, not by Cholesky. */
    private static double gaussElimination(double[][] covariance, double[] distance) {
        int width = distance.length;
        double[][] rows = new double[width][];
        for (int i = 0; i < width; i++) {
            rows[i] = Arrays.copyOf(covariance[i], width + 1);
            rows[i][width] = distance[i];
        }
        double logDeterminant = 0;
        for (int pivot = 0; pivot < width; pivot++) {
            logDeterminant += Math.log(rows[pivot][pivot]);
            for (int i = pivot + 1; i < width; i++) {
                double factor = rows[i][pivot] / rows[pivot][pivot];
                for (int j = pivot; j <= width; j++) {
                    rows[i][j] -= factor * rows[pivot][j];
                }
            }
        }
        double[] solution = new double[width];
        double product = 0;
        for (int i = width - 1; i >= 0; i--) {
            solution[i] = rows[i][width];
            for (int j = i + 1; j < width; j++) {
                solution[i] -= rows[i][j] * solution[j];
            }
            solution[i] /= rows[i][i];
            product += solution[i] * distance[i];
        }
        return logDeterminant + product;
    }

    Case averaged(Preprocessing preprocessing) {
        double[][] weights = matrix(1, preprocessing.encodedWidth(), 0.5);
        double[] bias = gaussians(1, 1);
        List<Tree> trees = models.trees(20, 4, preprocessing.encodedWidth());
        Calibration calibration = calibration();
        EnsembleModel model = EnsembleModel.mean(
                List.of(
                        new Member(new LinearModel(weights, bias), Head.binary(Calibration.NONE)),
                        new Member(
                                TreeEnsembleModel.boosted(preprocessing.encodedWidth(), trees, 0.2),
                                Head.binary(Calibration.NONE))),
                new double[] {1, 3});
        byte[] onnx = ModelGraph.write(preprocessing, model, Head.binaryOfProbability(calibration));
        return new Case(onnx, columns -> {
            double first = Oracle.sigmoid(product(weights, bias, columns)[0]);
            double second = Oracle.sigmoid(sum(trees, 0.2, columns));
            return new double[] {Oracle.ofProbability(0.25 * first + 0.75 * second, calibration)};
        });
    }

    Case stacked(Preprocessing preprocessing) {
        double[][] weights = matrix(3, preprocessing.encodedWidth(), 0.5);
        double[] bias = gaussians(3, 1);
        List<Tree> trees = models.trees(20, 4, preprocessing.encodedWidth());
        double[][] last = matrix(2, 4, 1);
        double[] lastBias = gaussians(2, 1);
        EnsembleModel model = EnsembleModel.stacked(
                List.of(
                        new Member(new LinearModel(weights, bias), Head.multiclass(List.of())),
                        new Member(
                                TreeEnsembleModel.boosted(preprocessing.encodedWidth(), trees, 0.2),
                                Head.binary(Calibration.NONE))),
                new LinearModel(last, lastBias));
        byte[] onnx = ModelGraph.write(preprocessing, model, Head.multiclass(List.of()));
        return new Case(onnx, columns -> {
            double[] first = Oracle.softmax(product(weights, bias, columns));
            double second = Oracle.sigmoid(sum(trees, 0.2, columns));
            return Oracle.softmax(product(last, lastBias, new double[] {first[0], first[1], first[2], second}));
        });
    }
}
