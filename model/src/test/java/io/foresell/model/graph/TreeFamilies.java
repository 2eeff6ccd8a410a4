package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.List;

/** Trees drawn from a seed, each with its {@link Oracle}. */
final class TreeFamilies {
    private TreeFamilies() {}

    static Case boosted(RandomDraw draw, Preprocessing preprocessing) {
        List<Tree> trees =
                draw.models.trees(1 + draw.random.nextInt(60), draw.random.nextInt(7), preprocessing.encodedWidth());
        double base = draw.models.gaussian();
        TreeEnsembleModel model = TreeEnsembleModel.boosted(preprocessing.encodedWidth(), trees, base);
        if (draw.random.nextBoolean()) {
            byte[] onnx = ModelGraph.write(preprocessing, model, Head.regression());
            return new Case(onnx, columns -> new double[] {sum(trees, base, columns)});
        }
        Calibration calibration = draw.calibration();
        byte[] onnx = ModelGraph.write(preprocessing, model, Head.binary(calibration));
        return new Case(onnx, columns -> new double[] {Oracle.ofLogOdds(sum(trees, base, columns), calibration)});
    }

    static Case boostedClasses(RandomDraw draw, Preprocessing preprocessing) {
        int classes = 2 + draw.random.nextInt(5);
        List<Tree> trees = draw.models.trees(classes * (1 + draw.random.nextInt(9)), 4, preprocessing.encodedWidth());
        double[] base = draw.gaussians(classes, 0.3);
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

    static Case forestOfValues(RandomDraw draw, Preprocessing preprocessing) {
        List<Tree> trees =
                draw.models.trees(1 + draw.random.nextInt(60), draw.random.nextInt(9), preprocessing.encodedWidth());
        byte[] onnx = ModelGraph.write(
                preprocessing, TreeEnsembleModel.forest(preprocessing.encodedWidth(), trees), Head.regression());
        return new Case(onnx, columns -> new double[] {sum(trees, 0, columns) / trees.size()});
    }

    static Case forestOfProbabilities(RandomDraw draw, Preprocessing preprocessing) {
        int classes = 1 + draw.random.nextInt(5);
        List<Tree> trees = new ArrayList<>();
        for (Tree tree : draw.models.trees(1 + draw.random.nextInt(40), 5, preprocessing.encodedWidth())) {
            trees.add(withProbabilities(draw, tree, classes));
        }
        TreeEnsembleModel model = TreeEnsembleModel.forest(preprocessing.encodedWidth(), trees);
        Calibration single = draw.calibration();
        List<Calibration> several = draw.random.nextBoolean() ? List.of() : draw.calibrations(classes);
        Head head = classes == 1 ? Head.binaryOfProbability(single) : Head.multiclassOfProbabilities(several);
        return new Case(ModelGraph.write(preprocessing, model, head), columns -> {
            double[] means = new double[classes];
            for (Tree tree : trees) {
                for (int i = 0; i < classes; i++) {
                    means[i] += tree.leaf[leaf(tree, columns) * classes + i] / trees.size();
                }
            }
            return classes > 1
                    ? LinearFamilies.calibrated(means, several)
                    : new double[] {Oracle.ofProbability(means[0], single)};
        });
    }

    private static Tree withProbabilities(RandomDraw draw, Tree tree, int classes) {
        float[] leaf = new float[tree.nodeCount() * classes];
        for (int node = 0; node < tree.nodeCount(); node++) {
            double[] shares = new double[classes];
            for (int i = 0; i < classes; i++) {
                shares[i] = draw.random.nextInt(3) == 0 ? 0 : draw.random.nextDouble();
            }
            shares[draw.random.nextInt(classes)] += classes == 1 ? 0 : 0.1;
            for (int i = 0; i < classes; i++) {
                leaf[node * classes + i] = (float) (classes == 1 ? shares[0] : Oracle.normalized(shares)[i]);
            }
        }
        return new Tree(tree.feature, tree.threshold, tree.yes, tree.no, tree.missing, leaf, tree.cover, classes);
    }

    static double sum(List<Tree> trees, double base, double[] columns) {
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
}
