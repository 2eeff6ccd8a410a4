package io.foresell.model.graph;

import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.model.Answer;
import io.foresell.model.Signature;
import io.foresell.model.graph.network.Dense;
import io.foresell.model.graph.network.Embedding;
import io.foresell.model.graph.network.Flatten;
import io.foresell.model.graph.network.Network;
import io.foresell.model.graph.network.NetworkBuilder;
import io.foresell.model.graph.network.RandomNetworks;
import io.foresell.model.graph.network.Shape;
import io.foresell.model.graph.network.Tensor;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** One small graph of every family that our writers know, drawn from a seed. */
public final class DrawnGraphs {
    private DrawnGraphs() {}

    /** A graph with what it reads and answers. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Drawn(String family, byte[] onnx, Signature signature, Answer answer) {}

    /** Returns the graphs of a seed. */
    public static List<Drawn> of(int seed) {
        List<Drawn> drawn = new ArrayList<>();
        RandomModels models = new RandomModels(seed);
        Preprocessing filled = models.tabular(false);
        Preprocessing raw = models.tabular(true);
        Preprocessing sequences = models.sequences(2, 6);
        drawn.add(drawn("logistic", filled, models.logistic(filled)));
        drawn.add(drawn("boosted", raw, models.trees(raw, 2, 3)));
        drawn.add(drawn("convolution", sequences, models.convolution(sequences)));
        drawn.add(drawn("lstm", sequences, models.lstm(sequences)));
        Preprocessing encoded = new RandomEncodings(seed, false).draw();
        Preprocessing keeping = new RandomEncodings(seed, true).draw();
        FILLED.forEach((name, family) -> drawn.add(
                drawn(name, encoded, family.apply(new RandomDraw(seed), encoded).onnx())));
        KEEPING.forEach((name, family) -> drawn.add(
                drawn(name, keeping, family.apply(new RandomDraw(seed), keeping).onnx())));
        Network steps = new RandomNetworks(seed).overSequences(sequences, 1 + seed % 3);
        drawn.add(drawn("network over sequences", steps, 1 + seed % 3));
        Shape.Image image = new Shape.Image(1 + seed % 3, 3 + seed % 4, 4);
        Preprocessing pixels = new Preprocessing(List.of(new SequenceEncoding("pixels", image.size(), 0.1f, 0.5f, 2)));
        Network planes = new RandomNetworks(seed).overImages(pixels, image, 1 + seed % 3);
        drawn.add(drawn("network over images", planes, 1 + seed % 3));
        drawn.add(drawn("network over words", overWords(models, 2 + seed % 4), 1));
        Preprocessing counts =
                new Preprocessing(List.of(FlatSequenceEncoding.of(new NumberEncoding("history", 0, 0, 1), 4)));
        RecommenderModel recommender = RecommenderModel.itemToItem(4, models.gaussians(16, 1), seed % 2 == 0);
        drawn.add(drawn("item to item", counts, ModelGraph.write(counts, recommender, Head.ranking(2))));
        return drawn;
    }

    private static Network overWords(RandomModels models, int length) {
        WordSequenceEncoding words = new WordSequenceEncoding("review", List.of("a", "nan", "一年"), length);
        NetworkBuilder builder = new NetworkBuilder(new Preprocessing(List.of(words)));
        Embedding embedding = new Embedding(words.indexCount(), 2, models.gaussians(words.indexCount() * 2, 1));
        Tensor flat = builder.apply(new Flatten(), builder.apply(embedding, builder.words("review")));
        return builder.build(
                builder.apply(new Dense(2 * length, 1, models.gaussians(2 * length, 1), new float[1]), flat));
    }

    private static Drawn drawn(String family, Network network, int outputs) {
        Head head = outputs == 1 ? Head.binary(Calibration.NONE) : Head.multiclass(List.of());
        byte[] onnx = network.onnx(head);
        return new Drawn(family, onnx, network.signature(), answer(onnx));
    }

    private static final Map<String, BiFunction<RandomDraw, Preprocessing, Case>> FILLED = new LinkedHashMap<>();
    private static final Map<String, BiFunction<RandomDraw, Preprocessing, Case>> KEEPING = new LinkedHashMap<>();

    static {
        FILLED.put("linear regression", LinearFamilies::linearRegression);
        FILLED.put("logistic with any encoding", LinearFamilies::logistic);
        FILLED.put("multinomial", LinearFamilies::multinomial);
        FILLED.put("one versus rest", LinearFamilies::oneVersusRest);
        FILLED.put("support vectors", DistanceFamilies::supportVectors);
        FILLED.put("k-means", DistanceFamilies::kMeans);
        FILLED.put("examples of clusters", DistanceFamilies::examples);
        FILLED.put("independent normals", NormalFamilies::independentNormals);
        FILLED.put("full normals", NormalFamilies::fullNormals);
        FILLED.put("averaged", EnsembleFamilies::averaged);
        FILLED.put("stacked", EnsembleFamilies::stacked);
        KEEPING.put("boosted with any encoding", TreeFamilies::boosted);
        KEEPING.put("boosted classes", TreeFamilies::boostedClasses);
        KEEPING.put("forest of values", TreeFamilies::forestOfValues);
        KEEPING.put("forest of probabilities", TreeFamilies::forestOfProbabilities);
    }

    private static Drawn drawn(String family, Preprocessing preprocessing, byte[] onnx) {
        return new Drawn(family, onnx, preprocessing.signature(), answer(onnx));
    }

    /** Returns the answer by the name and width of the first output; an input of that name makes it longer. */
    private static Answer answer(byte[] onnx) {
        try {
            ValueInfoProto output = ModelProto.parseFrom(onnx).getGraph().getOutput(0);
            String name = output.getName();
            int width =
                    (int) output.getType().getTensorType().getShape().getDim(1).getDimValue();
            List<String> labels =
                    IntStream.range(0, width).mapToObj(i -> "label " + i).toList();
            Answer usual = name.startsWith("probabilities")
                    ? Answer.multiclass(labels)
                    : name.startsWith("probability")
                            ? Answer.binary()
                            : name.startsWith("value")
                                    ? Answer.regression()
                                    : name.startsWith("memberships") ? Answer.clusters(labels) : Answer.ranking(labels);
            return new Answer(usual.task(), name, 0, usual.labels());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
