package io.foresell.training.serve;

import io.foresell.proto.training.v1.Candidate;
import io.foresell.training.fit.Algorithm;
import org.jspecify.annotations.Nullable;

/** Finds the algorithm that a candidate names. */
final class AlgorithmProtos {
    private AlgorithmProtos() {}

    /** Returns the algorithm of a candidate with its defaults filled in; null after a refusal. */
    static @Nullable Algorithm toAlgorithm(String field, Candidate message, SpecCheck check) {
        return switch (message.getAlgorithmCase()) {
            case LOGISTIC_REGRESSION -> LinearProtos.logistic(
                    field + ".logistic_regression", message.getLogisticRegression(), check);
            case BOOSTED_TREES -> TreeProtos.boosted(field + ".boosted_trees", message.getBoostedTrees(), check);
            case SEQUENCE_NETWORK -> SequenceProtos.network(
                    field + ".sequence_network", message.getSequenceNetwork(), check);
            case LINEAR_REGRESSION -> LinearProtos.linear(
                    field + ".linear_regression", message.getLinearRegression(), check);
            case NAIVE_BAYES -> LinearProtos.bayes(field + ".naive_bayes", message.getNaiveBayes(), check);
            case NEAREST_NEIGHBORS -> LinearProtos.neighbors(
                    field + ".nearest_neighbors", message.getNearestNeighbors(), check);
            case DECISION_TREE -> TreeProtos.decisionTree(field + ".decision_tree", message.getDecisionTree(), check);
            case RANDOM_FOREST -> TreeProtos.forest(field + ".random_forest", message.getRandomForest(), check);
            case SVM -> SvmProtos.svm(field + ".svm", message.getSvm(), check);
            case K_MEANS -> ClusterProtos.kMeans(field + ".k_means", message.getKMeans(), check);
            case GAUSSIAN_MIXTURE -> ClusterProtos.mixture(
                    field + ".gaussian_mixture", message.getGaussianMixture(), check);
            case HDBSCAN -> ClusterProtos.hdbscan(field + ".hdbscan", message.getHdbscan(), check);
            case NETWORK -> NetworkProtos.network(field + ".network", message.getNetwork(), check);
            case ENSEMBLE -> EnsembleProtos.ensemble(field + ".ensemble", message.getEnsemble(), check);
            case ALGORITHM_NOT_SET -> {
                check.refuse(
                        field + ".algorithm",
                        "nothing",
                        "an algorithm such as logistic_regression, boosted_trees or random_forest");
                yield null;
            }
        };
    }
}
