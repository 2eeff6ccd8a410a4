package io.foresell.training.fit.svm;

import static io.foresell.training.fit.FitParity.requireParity;

import io.foresell.training.dataset.PlantedSequences;
import io.foresell.training.dataset.PlantedTable;
import io.foresell.training.fit.ClassWeights;
import org.junit.jupiter.api.Test;

final class SvmParityTest {
    private static final Svm RBF = Svm.DEFAULT;
    private static final Svm LINEAR = new Svm(KernelKind.LINEAR, 1, 0, 3, 1, 0.1);
    private static final Svm CUBIC = new Svm(KernelKind.POLYNOMIAL, 0.5, 0.1, 3, 1, 0.1);

    @Test
    void twoClasses() throws Exception {
        requireParity(PlantedTable.binary(600, 1), RBF, ClassWeights.BALANCED);
        requireParity(PlantedTable.binary(600, 1), LINEAR, ClassWeights.BALANCED);
        requireParity(PlantedTable.binary(600, 1), CUBIC, ClassWeights.EQUAL);
    }

    @Test
    void severalClasses() throws Exception {
        requireParity(PlantedTable.multiclass(600, 1), RBF, ClassWeights.BALANCED);
        requireParity(PlantedTable.multiclass(600, 1), LINEAR, ClassWeights.EQUAL);
    }

    @Test
    void values() throws Exception {
        requireParity(PlantedTable.values(600, 1), RBF, ClassWeights.EQUAL);
        requireParity(PlantedTable.values(600, 1), LINEAR, ClassWeights.EQUAL);
        requireParity(PlantedTable.values(600, 1), CUBIC, ClassWeights.EQUAL);
    }

    @Test
    void sequences() throws Exception {
        requireParity(PlantedSequences.of(300, 9, 2), RBF, ClassWeights.EQUAL);
    }
}
