package io.foresell.training.fit.tree;

import static io.foresell.training.fit.FitParity.requireParity;

import io.foresell.training.dataset.PlantedSequences;
import io.foresell.training.dataset.PlantedTable;
import io.foresell.training.dataset.TelcoChurn;
import io.foresell.training.fit.ClassWeights;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TreeParityTest {
    private static final BoostedTrees BOOSTED = new BoostedTrees(30, 0.2, 4, 0, 1, 0.8, 0.8, 1);
    private static final RandomForest FOREST = new RandomForest(25, 20, 3, 0);
    private static final DecisionTree TREE = new DecisionTree(8, 60, 5, true, 0);

    @Test
    void realRows() throws Exception {
        requireParity(TelcoChurn.read(), BOOSTED, ClassWeights.BALANCED);
        requireParity(TelcoChurn.read(), FOREST, ClassWeights.BALANCED);
        requireParity(TelcoChurn.read(), TREE, ClassWeights.EQUAL);
    }

    @Test
    void severalClasses() throws Exception {
        ClassWeights weights = new ClassWeights(false, Map.of("low", 3.0));
        requireParity(PlantedTable.multiclass(600, 1), BOOSTED, weights);
        requireParity(PlantedTable.multiclass(600, 1), FOREST, weights);
        requireParity(PlantedTable.multiclass(600, 1), TREE, weights);
    }

    @Test
    void values() throws Exception {
        requireParity(PlantedTable.values(600, 1), BOOSTED, ClassWeights.EQUAL);
        requireParity(PlantedTable.values(600, 1), FOREST, ClassWeights.EQUAL);
        requireParity(PlantedTable.values(600, 1), TREE, ClassWeights.EQUAL);
    }

    @Test
    void sequences() throws Exception {
        requireParity(PlantedSequences.of(400, 9, 2), FOREST, ClassWeights.EQUAL);
        requireParity(PlantedSequences.of(400, 9, 2), TREE, ClassWeights.EQUAL);
    }
}
