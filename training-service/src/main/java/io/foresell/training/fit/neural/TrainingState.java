package io.foresell.training.fit.neural;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Where the training of one network stands, beside the network itself. One owner. */
final class TrainingState {
    /** Epochs done. */
    int epoch;

    double leastLoss = Double.POSITIVE_INFINITY;
    int epochsSinceLeast;

    /** How often the learning rate fell on a plateau, and how long ago. */
    int drops;

    int epochsSinceDrop;

    /** Parameters of the epoch with the least loss. */
    final INDArray best;

    TrainingState(INDArray parameters) {
        this.best = parameters.dup();
    }

    /** Takes the loss after one more epoch. */
    void add(double loss, INDArray parameters, LearningRateSchedule schedule) {
        epoch++;
        epochsSinceLeast++;
        epochsSinceDrop++;
        if (loss < leastLoss - 1e-6) {
            leastLoss = loss;
            epochsSinceLeast = 0;
            epochsSinceDrop = 0;
            best.assign(parameters);
        } else if (epochsSinceDrop >= schedule.everyEpochs()) {
            drops++;
            epochsSinceDrop = 0;
        }
    }

    boolean isDone(TrainingPlan plan) {
        return epoch >= plan.epochs() || epochsSinceLeast >= plan.patience();
    }
}
