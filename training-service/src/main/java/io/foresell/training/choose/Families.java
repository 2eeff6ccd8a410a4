package io.foresell.training.choose;

import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.Task;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.baseline.Baseline;
import io.foresell.training.fit.bayes.NaiveBayes;
import io.foresell.training.fit.cluster.GaussianMixture;
import io.foresell.training.fit.cluster.Hdbscan;
import io.foresell.training.fit.cluster.KMeans;
import io.foresell.training.fit.linear.LinearRegression;
import io.foresell.training.fit.linear.LogisticRegression;
import io.foresell.training.fit.neighbor.NearestNeighbors;
import io.foresell.training.fit.sequence.SequenceNetwork;
import io.foresell.training.fit.tree.BoostedTrees;
import io.foresell.training.fit.tree.RandomForest;
import io.foresell.training.prepare.Preparation;
import java.util.ArrayList;
import java.util.List;

/**
 * The families that are sensible for some rows, those first that cost little and are seldom left out.
 *
 * @param proposals the baseline (but for clusters) first, the linear family second
 * @param preparation how all read features that have no way of their own
 * @param remarks sentences on families and columns that were left out, and why
 */
public record Families(List<Proposal> proposals, Preparation preparation, List<String> remarks) {
    /** Names of the families that a plan may leave out. */
    static final List<String> OPTIONAL = List.of(
            "boosted_trees",
            "naive_bayes",
            "random_forest",
            "nearest_neighbors",
            "sequence_network",
            "gaussian_mixture",
            "hdbscan");

    /** Every row to be judged is compared with every row that is kept. */
    private static final int MOST_NEIGHBOR_ROWS = 20_000;

    private static final int MOST_DENSITY_ROWS = 20_000;
    private static final int LEAST_NETWORK_ROWS = 200;
    // Rows of weighted words have length 1, so that weights must be large: what published text baselines use.
    private static final double WORDS_INVERSE_PENALTY = 10;
    private static final double WORDS_PENALTY = 1e-3;

    public Families {
        proposals = List.copyOf(proposals);
        remarks = List.copyOf(remarks);
    }

    /** Looks at the task, the number of rows and the kinds of features. */
    public static Families of(TrainingSet set, Preparation given, ChoosePlan plan) {
        TextColumns texts = TextColumns.of(set, given);
        List<String> remarks = new ArrayList<>();
        for (String name : texts.identifiers()) {
            remarks.add("The column %s was left out: its %d different texts name rows rather than describe them."
                    .formatted(name, set.categoryCount(name)));
        }
        List<Proposal> proposals =
                set.task() == Task.CLUSTERS ? clusters(set, remarks) : supervised(set, texts, remarks);
        proposals.removeIf(
                proposal -> plan.leftOut().contains(proposal.algorithm().key()));
        boolean hasOthers = texts.hasOthers() || set.task() == Task.CLUSTERS;
        return new Families(proposals, hasOthers ? texts.withoutTexts() : texts.withTexts(), remarks);
    }

    private static List<Proposal> clusters(TrainingSet set, List<String> remarks) {
        List<Proposal> proposals = new ArrayList<>();
        proposals.add(Proposal.of(KMeans.DEFAULT).plain());
        proposals.add(Proposal.of(GaussianMixture.DEFAULT));
        if (set.rowCount() <= MOST_DENSITY_ROWS) {
            proposals.add(Proposal.of(Hdbscan.DEFAULT));
        } else {
            remarks.add(tooManyRows("hdbscan", set, MOST_DENSITY_ROWS));
        }
        return proposals;
    }

    private static List<Proposal> supervised(TrainingSet set, TextColumns texts, List<String> remarks) {
        boolean hasClasses = set.task() != Task.REGRESSION;
        Proposal linear =
                hasClasses ? Searches.logistic(LogisticRegression.DEFAULT) : Searches.linear(LinearRegression.DEFAULT);
        Proposal words = hasClasses
                ? Searches.logistic(new LogisticRegression(WORDS_INVERSE_PENALTY))
                : Searches.linear(new LinearRegression(WORDS_PENALTY, 0));
        List<Proposal> proposals = new ArrayList<>();
        proposals.add(Proposal.of(new Baseline()).plain());
        if (texts.hasOthers()) {
            proposals.add(linear.plain());
        }
        if (texts.hasWritten()) {
            Proposal reading = words.reading(words.algorithm().key() + "_on_texts", texts.withTexts());
            proposals.add(texts.hasOthers() ? reading : reading.plain());
        }
        if (!texts.hasOthers()) {
            remarks.add(
                    "Trees, naive Bayes and nearest neighbours were left out: %s are written texts, and there is no other feature."
                            .formatted(texts.written()));
            return proposals;
        }
        proposals.add(Searches.boosted(BoostedTrees.DEFAULT));
        if (hasClasses) {
            proposals.add(Searches.bayes(NaiveBayes.DEFAULT));
        }
        proposals.add(Searches.forest(RandomForest.DEFAULT));
        addNeighbors(set, proposals, remarks);
        addNetwork(set, proposals, remarks);
        return proposals;
    }

    private static void addNeighbors(TrainingSet set, List<Proposal> proposals, List<String> remarks) {
        if (!NearestNeighbors.DEFAULT.tasks().contains(set.task())) {
            return;
        }
        if (set.rowCount() <= MOST_NEIGHBOR_ROWS) {
            proposals.add(Searches.neighbors(NearestNeighbors.DEFAULT));
        } else {
            remarks.add(tooManyRows("nearest_neighbors", set, MOST_NEIGHBOR_ROWS));
        }
    }

    private static void addNetwork(TrainingSet set, List<Proposal> proposals, List<String> remarks) {
        List<InputField> fields = TrainingFold.all(set).fieldsWithValues();
        Algorithm network = SequenceNetwork.DEFAULT;
        if (fields.stream().noneMatch(field -> field.width() > 1)
                || !network.tasks().contains(set.task())) {
            return;
        }
        if (set.rowCount() < LEAST_NETWORK_ROWS) {
            remarks.add("sequence_network was left out: %d rows (tried from %d on)."
                    .formatted(set.rowCount(), LEAST_NETWORK_ROWS));
            return;
        }
        try {
            network.requireReadable(fields);
            proposals.add(Searches.network(SequenceNetwork.DEFAULT));
        } catch (ServiceException e) {
            remarks.add(
                    "sequence_network was left out: %s.".formatted(e.failure().message()));
        }
    }

    private static String tooManyRows(String family, TrainingSet set, int most) {
        return "%s was left out: %,d rows (tried up to %,d).".formatted(family, set.rowCount(), most);
    }
}
