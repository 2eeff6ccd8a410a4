package io.foresell.benchmarks.model;

import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.LinearModel;
import io.foresell.model.graph.ModelGraph;
import java.util.Random;

/** A logistic regression with random coefficients. */
final class LogisticModel {
    private LogisticModel() {}

    /** Both engines get the real graph with its 30 inputs. */
    static TestedModel draw() {
        ModelFamily family = ModelFamily.LOGISTIC;
        double[] coefficients = new Random(5)
                .doubles(family.preprocessing().encodedWidth(), -0.5, 0.5)
                .toArray();
        return TestedModel.ofGraph(
                family,
                ModelGraph.write(
                        family.preprocessing(), LinearModel.of(coefficients, 0.3), Head.binary(Calibration.NONE)));
    }
}
