package io.foresell.training.fit.neural;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.training.fit.FitRequest;
import java.util.Optional;
import java.util.Random;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/** Trains one network, and ends early by the loss on rows held back; the best parameters stay. */
final class NetworkTrainer {
    private final TrainingPlan plan;
    private final NetworkRows fitted;
    private final NetworkRows heldBack;
    private final FitRequest request;
    private final long seed;
    private final Optional<CheckpointFile> checkpoint;

    NetworkTrainer(
            TrainingPlan plan,
            NetworkRows fitted,
            NetworkRows heldBack,
            FitRequest request,
            long seed,
            Optional<CheckpointFile> checkpoint) {
        this.plan = plan;
        this.fitted = fitted;
        this.heldBack = heldBack;
        this.request = request;
        this.seed = seed;
        this.checkpoint = checkpoint;
    }

    /**
     * Trains to the end, from a checkpoint where there is one.
     *
     * @param epochsBefore epochs of networks trained before, for progress
     * @param epochsInAll epochs of all networks
     */
    void train(ComputationGraph network, int epochsBefore, int epochsInAll) {
        TrainingState state = new TrainingState(network.params());
        checkpoint.ifPresent(file -> file.read(network, state));
        while (!state.isDone(plan)) {
            double trainingLoss = pass(network, state);
            double loss = heldBack.loss(network, request.isCancelled());
            requireFinite(loss, state.epoch);
            state.add(loss, network.params(), plan.schedule());
            request.listener().progressed(epochsBefore + state.epoch, epochsInAll, trainingLoss);
            if (state.epoch % plan.checkpointEpochs() == 0 || state.isDone(plan)) {
                checkpoint.ifPresent(file -> file.write(network, state));
            }
        }
        network.setParams(state.best);
    }

    /** Takes every row once in random order; returns the mean loss. */
    private double pass(ComputationGraph network, TrainingState state) {
        long epochSeed = seed * 1_000_003 + state.epoch;
        // What dropout draws follows from the epoch alone, so that a checkpoint has no state of it.
        Nd4j.getRandom().setSeed(epochSeed);
        setLearningRate(network, plan.learningRate() * plan.schedule().share(state.epoch, plan.epochs(), state.drops));
        int[] order = shuffled(fitted.rowCount(), new Random(epochSeed));
        // Batches of nearly one size: a small one at the end would weigh its rows more.
        int batches = (order.length + plan.batchSize() - 1) / plan.batchSize();
        double lossSum = 0;
        for (int batch = 0; batch < batches; batch++) {
            request.requireWanted();
            int from = (int) ((long) batch * order.length / batches);
            int until = (int) ((long) (batch + 1) * order.length / batches);
            network.fit(fitted.batch(order, from, until - from));
            double loss = network.score();
            requireFinite(loss, state.epoch);
            lossSum += loss * (until - from);
        }
        return lossSum / order.length;
    }

    /** Sets the rate at every optimizer: DL4J's own method leaves out layers that wrap another. */
    private static void setLearningRate(ComputationGraph network, double rate) {
        for (Layer layer : network.getLayers()) {
            for (String parameter : layer.paramTable().keySet()) {
                IUpdater updater = layer.getConfig().getUpdaterByParam(parameter);
                if (updater.hasLearningRate()) {
                    updater.setLrAndSchedule(rate, null);
                }
            }
        }
    }

    private void requireFinite(double loss, int epoch) {
        if (!Double.isFinite(loss)) {
            throw new ServiceException(Failure.precondition(
                    "NETWORK_DIVERGED",
                    "loss in epoch %d: %s (expected: finite; try a learning_rate below %s, gradient_clipping, or"
                                    .formatted(epoch + 1, loss, plan.learningRate())
                            + " look for extreme values among the features)"));
        }
    }

    private static int[] shuffled(int count, Random random) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int place = random.nextInt(i + 1);
            order[i] = order[place];
            order[place] = i;
        }
        return order;
    }
}
