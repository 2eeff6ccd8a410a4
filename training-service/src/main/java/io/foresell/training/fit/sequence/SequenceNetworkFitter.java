package io.foresell.training.fit.sequence;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitListener;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Fits a DL4J network over sequences by Adam, and stops early on a held-back tenth of the training rows. */
final class SequenceNetworkFitter implements Fitter {
    private static final double HELD_BACK_SHARE = 0.1;
    private static final int PATIENCE_EPOCHS = 5;
    // Measured with 64 x 16 on two cores: two threads took three times the processor time of one, and longer.
    private static final int THREADED_STEP_CELLS = 1 << 16;

    private final SequenceNetwork parameters;
    private final int threadCount;

    SequenceNetworkFitter(SequenceNetwork parameters, int threadCount) {
        this.parameters = parameters;
        this.threadCount = threadCount;
    }

    @Override
    public FittedModel fit(FitRequest request) {
        TrainingFold fold = request.fold();
        long seed = request.seed();
        Encodings encodings = request.encodings();
        parameters.requireReadable(encodings.signature().inputs());
        Preprocessing preprocessing = encodings.sequential();
        TrainingFold.Parts parts = fold.holdBack(HELD_BACK_SHARE, seed);
        NetworkRows fitted = NetworkRows.of(preprocessing, parts.fitted());
        // Too few rows to hold any back: then the training loss itself decides.
        NetworkRows heldBack =
                parts.heldBack().rowCount() == 0 ? fitted : NetworkRows.of(preprocessing, parts.heldBack());
        limitThreads();
        NetworkLayout layout = new NetworkLayout(parameters, preprocessing);
        ComputationGraph network = layout.create(seed);
        fit(network, fitted, heldBack, seed, request.listener(), request.isCancelled());
        return new FittedNetwork(encodings.signature(), preprocessing, layout, network);
    }

    private void fit(
            ComputationGraph network,
            NetworkRows fitted,
            NetworkRows heldBack,
            long seed,
            FitListener listener,
            BooleanSupplier isCancelled) {
        Random random = new Random(seed);
        double leastLoss = Double.POSITIVE_INFINITY;
        INDArray best = network.params().dup();
        int epochsSinceBest = 0;
        for (int epoch = 1; epoch <= parameters.epochs() && epochsSinceBest < PATIENCE_EPOCHS; epoch++) {
            double trainingLoss = pass(network, fitted, random, isCancelled);
            double loss = heldBack.logLoss(network, isCancelled);
            if (!Double.isFinite(loss)) {
                throw new ServiceException(Failure.precondition(
                        "NETWORK_DIVERGED",
                        "loss after pass %d: %s (expected: finite; try a learning_rate below %s)"
                                .formatted(epoch, loss, parameters.learningRate())));
            }
            epochsSinceBest++;
            if (loss < leastLoss - 1e-6) {
                leastLoss = loss;
                best.assign(network.params());
                epochsSinceBest = 0;
            }
            listener.progressed(epoch, parameters.epochs(), trainingLoss);
        }
        network.setParams(best);
    }

    /** Takes every row once in random order; returns the mean loss. */
    private double pass(ComputationGraph network, NetworkRows rows, Random random, BooleanSupplier isCancelled) {
        int[] order = shuffled(rows.rowCount(), random);
        double lossSum = 0;
        for (int from = 0; from < order.length; from += parameters.batchSize()) {
            if (isCancelled.getAsBoolean()) {
                throw new CancellationException("cancelled while fitting");
            }
            int count = Math.min(parameters.batchSize(), order.length - from);
            network.fit(rows.batch(order, from, count));
            lossSum += network.score() * count;
        }
        return lossSum / order.length;
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

    /** Small steps are fastest on one thread: more of them would only wait for each other after every operation. */
    private void limitThreads() {
        boolean isSmall = parameters.batchSize() * parameters.units() < THREADED_STEP_CELLS;
        int threads = isSmall ? 1 : threadCount;
        Nd4j.getMemoryManager().togglePeriodicGc(false);
        Nd4j.getEnvironment().setMaxThreads(threads);
        Nd4j.getEnvironment().setMaxMasterThreads(threads);
        Nd4j.factory().blas().setMaxThreads(threads);
    }
}
