package io.foresell.model.graph;

import java.util.List;

/** Models of models drawn from a seed, each with its {@link Oracle}. */
final class EnsembleFamilies {
    private EnsembleFamilies() {}

    static Case averaged(RandomDraw draw, Preprocessing preprocessing) {
        double[][] weights = draw.matrix(1, preprocessing.encodedWidth(), 0.5);
        double[] bias = draw.gaussians(1, 1);
        List<Tree> trees = draw.models.trees(20, 4, preprocessing.encodedWidth());
        Calibration calibration = draw.calibration();
        EnsembleModel model = EnsembleModel.mean(
                List.of(
                        new Member(new LinearModel(weights, bias), Head.binary(Calibration.NONE)),
                        new Member(
                                TreeEnsembleModel.boosted(preprocessing.encodedWidth(), trees, 0.2),
                                Head.binary(Calibration.NONE))),
                new double[] {1, 3});
        byte[] onnx = ModelGraph.write(preprocessing, model, Head.binaryOfProbability(calibration));
        return new Case(onnx, columns -> {
            double first = Oracle.sigmoid(LinearFamilies.product(weights, bias, columns)[0]);
            double second = Oracle.sigmoid(TreeFamilies.sum(trees, 0.2, columns));
            return new double[] {Oracle.ofProbability(0.25 * first + 0.75 * second, calibration)};
        });
    }

    static Case stacked(RandomDraw draw, Preprocessing preprocessing) {
        double[][] weights = draw.matrix(3, preprocessing.encodedWidth(), 0.5);
        double[] bias = draw.gaussians(3, 1);
        List<Tree> trees = draw.models.trees(20, 4, preprocessing.encodedWidth());
        double[][] last = draw.matrix(2, 4, 1);
        double[] lastBias = draw.gaussians(2, 1);
        EnsembleModel model = EnsembleModel.stacked(
                List.of(
                        new Member(new LinearModel(weights, bias), Head.multiclass(List.of())),
                        new Member(
                                TreeEnsembleModel.boosted(preprocessing.encodedWidth(), trees, 0.2),
                                Head.binary(Calibration.NONE))),
                new LinearModel(last, lastBias));
        byte[] onnx = ModelGraph.write(preprocessing, model, Head.multiclass(List.of()));
        return new Case(onnx, columns -> {
            double[] first = Oracle.softmax(LinearFamilies.product(weights, bias, columns));
            double second = Oracle.sigmoid(TreeFamilies.sum(trees, 0.2, columns));
            return Oracle.softmax(
                    LinearFamilies.product(last, lastBias, new double[] {first[0], first[1], first[2], second}));
        });
    }
}
