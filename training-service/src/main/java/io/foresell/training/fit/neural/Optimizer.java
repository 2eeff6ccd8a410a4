package io.foresell.training.fit.neural;

import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;

/** How gradients become steps. */
public enum Optimizer {
    /** Adam (Kingma and Ba 2015) with its usual decays, .9 and .999; weight decay is apart from it. */
    ADAM,
    /** Stochastic gradient descent with Nesterov's momentum of .9. */
    SGD,
    /** Steps divided by a running mean of the gradient's size, decay .95. */
    RMS_PROP;

    IUpdater updater(double learningRate) {
        return switch (this) {
            case ADAM -> new Adam(learningRate);
            case SGD -> new Nesterovs(learningRate, 0.9);
            case RMS_PROP -> new RmsProp(learningRate);
        };
    }
}
