package io.foresell.training.fit.neural;

import io.foresell.training.fit.Ranges;

/**
 * How a network is trained.
 *
 * @param epochs most passes over the training rows, 1 to 1000
 * @param batchSize rows of one step, 1 to 4096
 * @param learningRate first step size, 1e-7 to 1
 * @param weightDecay share of each weight that a step of rate 1 takes away, 0 to 1
 * @param patience epochs without a lower loss on the rows held back, after which training ends; 1 to 1000
 * @param heldBackShare share of the training rows that decides when to end, 0.01 to 0.5
 * @param networkCount networks with seeds of their own whose answers are averaged, 1 to 20
 * @param checkpointEpochs epochs between two checkpoints, 1 to 1000; read where a fit has a folder for them
 */
public record TrainingPlan(
        int epochs,
        int batchSize,
        Optimizer optimizer,
        double learningRate,
        LearningRateSchedule schedule,
        double weightDecay,
        GradientClipping clipping,
        int patience,
        double heldBackShare,
        int networkCount,
        int checkpointEpochs) {
    /** Is what a spec means that says nothing else. */
    public static final TrainingPlan DEFAULT = new TrainingPlan(
            40,
            64,
            Optimizer.ADAM,
            0.003,
            LearningRateSchedule.CONSTANT,
            0.01,
            GradientClipping.value(1),
            5,
            0.1,
            1,
            1);

    public TrainingPlan {
        Ranges.require("epochs", epochs, 1, 1000);
        Ranges.require("batch_size", batchSize, 1, 4096);
        Ranges.require("learning_rate", learningRate, 1e-7, 1);
        Ranges.require("weight_decay", weightDecay, 0, 1);
        Ranges.require("patience", patience, 1, 1000);
        Ranges.require("held_back", heldBackShare, 0.01, 0.5);
        Ranges.require("networks", networkCount, 1, 20);
        Ranges.require("checkpoint_epochs", checkpointEpochs, 1, 1000);
    }
}
