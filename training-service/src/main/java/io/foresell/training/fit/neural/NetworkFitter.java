package io.foresell.training.fit.neural;

import io.foresell.model.Task;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Fits one network or several with seeds and held-back rows of their own. */
final class NetworkFitter implements Fitter {
    private final NeuralNetwork algorithm;
    private final int threadCount;

    NetworkFitter(NeuralNetwork algorithm, int threadCount) {
        this.algorithm = algorithm;
        this.threadCount = threadCount;
    }

    @Override
    public FittedModel fit(FitRequest request) {
        TrainingFold fold = request.fold();
        Encodings encodings = request.encodings();
        algorithm.requireReadable(encodings.signature().inputs());
        NetworkInputs inputs = NetworkInputs.of(encodings, algorithm.inputs());
        NetworkGraph graph =
                new NetworkGraph(algorithm, inputs, fold.task(), fold.classes().size());
        TrainingPlan plan = algorithm.training();
        long stepCells = plan.batchSize() * graph.activationsOfRow();
        NativeLimits.useThreads(threadCount, stepCells);
        Scale scale = Scale.of(fold);
        List<ComputationGraph> networks = new ArrayList<>();
        try {
            for (int i = 0; i < plan.networkCount(); i++) {
                ComputationGraph network = graph.create(plan, seed(request, i));
                networks.add(network);
                NativeLimits.requireRoom(network, plan.networkCount(), stepCells);
                train(graph, network, request, i, scale);
                if (fold.task() == Task.REGRESSION) {
                    NetworkGraph.rescale(network, scale.mean(), scale.deviation());
                }
            }
            return new FittedNetworks(encodings.signature(), graph, networks, fold.classes());
        } catch (Throwable e) {
            networks.forEach(ComputationGraph::close);
            throw e;
        }
    }

    private static long seed(FitRequest request, int index) {
        return request.seed() + 7919L * index;
    }

    private void train(NetworkGraph graph, ComputationGraph network, FitRequest request, int index, Scale scale) {
        TrainingPlan plan = algorithm.training();
        long seed = seed(request, index);
        TrainingFold.Parts parts = request.fold().holdBack(plan.heldBackShare(), seed);
        NetworkRows fitted = rows(graph, parts.fitted(), request, scale);
        // Too few rows to hold any back: then the training loss itself decides.
        NetworkRows heldBack =
                parts.heldBack().rowCount() == 0 ? fitted : rows(graph, parts.heldBack(), request, scale);
        Optional<CheckpointFile> checkpoint = request.checkpoints()
                .map(folder -> folder.resolve(
                        "network-%s.checkpoint".formatted(FitFingerprint.of(algorithm, graph, seed, fitted, heldBack))))
                .map(CheckpointFile::new);
        new NetworkTrainer(plan, fitted, heldBack, request, seed, checkpoint)
                .train(network, index * plan.epochs(), plan.networkCount() * plan.epochs());
    }

    private static NetworkRows rows(NetworkGraph graph, TrainingFold part, FitRequest request, Scale scale) {
        Preprocessing preprocessing = graph.inputs().preprocessing();
        float[] labels = part.labels();
        if (part.task() == Task.REGRESSION) {
            for (int i = 0; i < labels.length; i++) {
                labels[i] = (float) ((labels[i] - scale.mean()) / scale.deviation());
            }
        }
        float[] weights = FitRequest.of(part, request.seed())
                .weighted(request.classWeights())
                .weights();
        return NetworkRows.of(graph, part.rows(preprocessing.signature()), labels, weights);
    }

    /** What values are divided by, so that a network starts near them; of classes nothing. */
    private record Scale(double mean, double deviation) {
        static Scale of(TrainingFold fold) {
            if (fold.task() != Task.REGRESSION) {
                return new Scale(0, 1);
            }
            double mean = fold.meanLabel();
            double squares = 0;
            for (float label : fold.labels()) {
                squares += (label - mean) * (label - mean);
            }
            double deviation = Math.sqrt(squares / fold.rowCount());
            return new Scale(mean, deviation > 0 ? deviation : 1);
        }
    }
}
