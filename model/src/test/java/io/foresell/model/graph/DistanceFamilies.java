package io.foresell.model.graph;

import io.foresell.model.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Models of distances to vectors, drawn from a seed, each with its {@link Oracle}. */
final class DistanceFamilies {
    private DistanceFamilies() {}

    static Case supportVectors(RandomDraw draw, Preprocessing preprocessing) {
        int width = preprocessing.encodedWidth();
        Kernel kernel =
                switch (draw.random.nextInt(3)) {
                    case 0 -> Kernel.linear();
                    case 1 -> Kernel.rbf((float) (0.01 + draw.random.nextDouble() / width));
                    default -> Kernel.polynomial(
                            (float) (0.2 / width), draw.random.nextInt(2), 1 + draw.random.nextInt(3));
                };
        int outputs = 1 + draw.random.nextInt(3);
        List<double[][]> vectors = new ArrayList<>();
        List<SvmMachine> machines = new ArrayList<>();
        double[][] coefficients = new double[outputs][];
        double[] bias = draw.gaussians(outputs, 1);
        for (int i = 0; i < outputs; i++) {
            vectors.add(draw.matrix(1 + draw.random.nextInt(30), width, 1));
            coefficients[i] = draw.gaussians(vectors.get(i).length, 0.3);
            machines.add(new SvmMachine(vectors.get(i), coefficients[i], bias[i]));
        }
        SvmModel model = new SvmModel(kernel, machines);
        Calibration platt = new PlattCalibration(0.7, 0.1);
        Head head = outputs == 1
                ? draw.random.nextBoolean() ? Head.regression() : Head.binary(platt)
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

    static Case kMeans(RandomDraw draw, Preprocessing preprocessing) {
        double[][] centres = draw.matrix(1 + draw.random.nextInt(8), preprocessing.encodedWidth(), 1);
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

    static Case examples(RandomDraw draw, Preprocessing preprocessing) {
        double[][][] examples = new double[1 + draw.random.nextInt(5)][][];
        for (int cluster = 0; cluster < examples.length; cluster++) {
            examples[cluster] = draw.matrix(1 + draw.random.nextInt(4), preprocessing.encodedWidth(), 1);
        }
        double[] reaches = draw.random.doubles(examples.length, 0.5, 8).toArray();
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

    static Case neighbors(RandomDraw draw, Preprocessing preprocessing) {
        int count = 20 + draw.random.nextInt(80);
        double[][] points = draw.matrix(count, preprocessing.encodedWidth(), 1);
        points[1] = points[0];
        int classes = 1 + draw.random.nextInt(3);
        double[][] votes = new double[count][classes];
        for (double[] vote : votes) {
            vote[draw.random.nextInt(classes)] = classes == 1 ? draw.random.nextDouble() : 1;
        }
        double[] weights = draw.random.doubles(count, 0.5, 2).toArray();
        int k = 5 + draw.random.nextInt(10);
        boolean isByDistance = draw.random.nextBoolean();
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
}
