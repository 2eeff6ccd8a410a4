package io.foresell.model.adopt;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.Signature;
import io.foresell.model.graph.BetaCalibration;
import io.foresell.model.graph.BinnedEncoding;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.ColumnProjection;
import io.foresell.model.graph.ColumnSelection;
import io.foresell.model.graph.ColumnStep;
import io.foresell.model.graph.EnsembleModel;
import io.foresell.model.graph.FlatSequenceEncoding;
import io.foresell.model.graph.GaussianMixtureModel;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.InputEncoding;
import io.foresell.model.graph.IsotonicCalibration;
import io.foresell.model.graph.KMeansModel;
import io.foresell.model.graph.Kernel;
import io.foresell.model.graph.LinearModel;
import io.foresell.model.graph.Member;
import io.foresell.model.graph.MissingEncoding;
import io.foresell.model.graph.ModelGraph;
import io.foresell.model.graph.NumberEncoding;
import io.foresell.model.graph.PlattCalibration;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.RecommenderModel;
import io.foresell.model.graph.ScoreModel;
import io.foresell.model.graph.SvmMachine;
import io.foresell.model.graph.SvmModel;
import io.foresell.model.graph.TermWeights;
import io.foresell.model.graph.TextEncoding;
import io.foresell.model.graph.TextNumberEncoding;
import io.foresell.model.graph.Tree;
import io.foresell.model.graph.TreeEnsembleModel;
import io.foresell.model.graph.WordsEncoding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Parameters that another library fitted, as our writer takes them; the "written" part of a file of {@code real_data_models.py}. */
final class WrittenModel {
    private final Preprocessing preprocessing;
    private final ScoreModel model;
    private final Head head;

    /** Reads the parameters. */
    WrittenModel(Struct json) {
        this.preprocessing = new Preprocessing(
                each(json, "encodings", WrittenModel::encoding), each(json, "steps", WrittenModel::step));
        this.model = model(struct(json, "model"), preprocessing.encodedWidth());
        this.head = head(struct(json, "head"));
    }

    Signature signature() {
        return preprocessing.signature();
    }

    Answer answer(List<String> labels) {
        return head.answerOf(labels);
    }

    /** Returns the file. */
    byte[] onnx() {
        return ModelGraph.write(preprocessing, model, head);
    }

    private static InputEncoding encoding(Struct json) {
        String kind = text(json, "kind");
        String input = text(json, "input");
        return switch (kind) {
            case "number" -> number(json);
            case "flat" -> new FlatSequenceEncoding(input, each(json, "steps", WrittenModel::number));
            case "text" -> new TextEncoding(input, texts(json, "categories"));
            case "missing_text" -> new MissingEncoding(InputField.text(input));
            case "missing_number" -> new MissingEncoding(InputField.number(input));
            case "text_number" -> new TextNumberEncoding(input, lookup(json), (float) real(json, "unseen"));
            case "bins" -> new BinnedEncoding(input, boxed(floats(json, "edges")), true);
            case "words" -> words(json, input);
            default -> throw new IllegalArgumentException("encoding: " + kind);
        };
    }

    private static NumberEncoding number(Struct json) {
        float fill = json.getFieldsOrThrow("fill").hasNullValue() ? Float.NaN : (float) real(json, "fill");
        NumberEncoding plain = new NumberEncoding(
                text(json, "input"), fill, (float) real(json, "offset"), (float) real(json, "scale"));
        return json.containsFields("low") ? plain.within((float) real(json, "low"), (float) real(json, "high")) : plain;
    }

    private static Map<String, Float> lookup(Struct json) {
        Map<String, Float> numbers = new HashMap<>();
        List<String> texts = texts(json, "texts");
        float[] values = floats(json, "numbers");
        for (int i = 0; i < values.length; i++) {
            numbers.put(texts.get(i), values[i]);
        }
        return numbers;
    }

    private static WordsEncoding words(Struct json, String input) {
        Map<String, Integer> columns = new HashMap<>();
        struct(json, "terms")
                .getFieldsMap()
                .forEach((term, column) -> columns.put(term, (int) column.getNumberValue()));
        return new WordsEncoding(
                input,
                columns,
                new TermWeights(boxed(floats(json, "weights")), truth(json, "sublinear"), truth(json, "normalized")));
    }

    private static ColumnStep step(Struct json) {
        return text(json, "kind").equals("select")
                ? new ColumnSelection((int) real(json, "inputs"), integers(json, "kept"))
                : new ColumnProjection(doubles(json, "mean"), matrix(json, "components"));
    }

    private static ScoreModel model(Struct json, int inputs) {
        String kind = text(json, "kind");
        return switch (kind) {
            case "linear" -> new LinearModel(matrix(json, "weights"), doubles(json, "bias"));
            case "forest" -> TreeEnsembleModel.forest(inputs, each(json, "trees", WrittenModel::tree));
            case "boosted" -> TreeEnsembleModel.boosted(
                    inputs, each(json, "trees", WrittenModel::tree), doubles(json, "base"));
            case "svm" -> new SvmModel(kernel(json), each(json, "machines", WrittenModel::machine));
            case "k_means" -> new KMeansModel(matrix(json, "centres"));
            case "normals" -> normals(json);
            case "item_to_item" -> RecommenderModel.itemToItem(
                    (int) real(json, "items"), floats(json, "similarity"), false);
            case "factors" -> RecommenderModel.factors(
                    (int) real(json, "items"),
                    (int) real(json, "count"),
                    floats(json, "fold_in"),
                    floats(json, "factors"),
                    false);
            case "mean" -> EnsembleModel.mean(members(json, inputs), doubles(json, "weights"));
            case "stacked" -> EnsembleModel.stacked(
                    members(json, inputs), (LinearModel) model(struct(json, "last"), inputs));
            default -> throw new IllegalArgumentException("model: " + kind);
        };
    }

    private static List<Member> members(Struct json, int inputs) {
        return each(
                json,
                "members",
                member -> new Member(model(struct(member, "model"), inputs), head(struct(member, "head"))));
    }

    private static Tree tree(Struct json) {
        int[] feature = indexes(json, "feature");
        double[][] leaves = matrix(json, "leaf");
        int width = leaves[0].length;
        float[] leaf = new float[leaves.length * width];
        for (int i = 0; i < leaf.length; i++) {
            leaf[i] = (float) leaves[i / width][i % width];
        }
        return new Tree(
                feature,
                floats(json, "threshold"),
                indexes(json, "yes"),
                indexes(json, "no"),
                indexes(json, "missing"),
                leaf,
                floats(json, "cover"),
                width);
    }

    private static Kernel kernel(Struct json) {
        Kernel.Kind kind = Kernel.Kind.valueOf(text(json, "kernel").toUpperCase(Locale.ROOT));
        return new Kernel(kind, real(json, "gamma"), real(json, "offset"), (int) real(json, "degree"));
    }

    private static SvmMachine machine(Struct json) {
        return new SvmMachine(matrix(json, "vectors"), doubles(json, "coefficients"), real(json, "bias"));
    }

    private static ScoreModel normals(Struct json) {
        double[] weights = doubles(json, "weights");
        double[][] means = matrix(json, "means");
        if (text(json, "covariance").equals("diag")) {
            return GaussianMixtureModel.diagonal(weights, means, matrix(json, "covariances"));
        }
        double[][][] covariances = list(json.getFieldsOrThrow("covariances")).stream()
                .map(WrittenModel::matrix)
                .toArray(double[][][]::new);
        return GaussianMixtureModel.full(weights, means, covariances);
    }

    private static Head head(Struct json) {
        String kind = text(json, "kind");
        List<Calibration> calibrations =
                json.containsFields("calibrations") ? each(json, "calibrations", WrittenModel::calibration) : List.of();
        return switch (kind) {
            case "regression" -> Head.regression();
            case "binary" -> Head.binary(calibrations.get(0));
            case "binary_of_probability" -> Head.binaryOfProbability(calibrations.get(0));
            case "multiclass" -> Head.multiclass(calibrations);
            case "multiclass_one_versus_rest" -> Head.multiclassOneVersusRest(calibrations);
            case "multiclass_of_probabilities" -> Head.multiclassOfProbabilities(calibrations);
            case "clusters" -> Head.clusters();
            case "clusters_of_logits" -> Head.clustersOfLogits();
            case "ranking" -> Head.ranking((int) real(json, "top"));
            default -> throw new IllegalArgumentException("head: " + kind);
        };
    }

    private static Calibration calibration(Struct json) {
        String kind = text(json, "kind");
        return switch (kind) {
            case "platt" -> new PlattCalibration(real(json, "slope"), real(json, "intercept"));
            case "isotonic" -> IsotonicCalibration.ofSteps(doubles(json, "from"), doubles(json, "to"));
            case "beta" -> new BetaCalibration(real(json, "a"), real(json, "b"), real(json, "c"));
            default -> throw new IllegalArgumentException("calibration: " + kind);
        };
    }

    private static List<Value> list(Value value) {
        return value.getListValue().getValuesList();
    }

    private static <T> List<T> each(Struct json, String name, Function<Struct, T> read) {
        List<T> found = new ArrayList<>();
        list(json.getFieldsOrThrow(name)).forEach(value -> found.add(read.apply(value.getStructValue())));
        return found;
    }

    private static Struct struct(Struct json, String name) {
        return json.getFieldsOrThrow(name).getStructValue();
    }

    private static String text(Struct json, String name) {
        return json.containsFields(name) ? json.getFieldsOrThrow(name).getStringValue() : "";
    }

    private static boolean truth(Struct json, String name) {
        return json.getFieldsOrThrow(name).getBoolValue();
    }

    private static double real(Struct json, String name) {
        return json.getFieldsOrThrow(name).getNumberValue();
    }

    private static List<String> texts(Struct json, String name) {
        return list(json.getFieldsOrThrow(name)).stream()
                .map(Value::getStringValue)
                .toList();
    }

    private static double[] doubles(Value value) {
        return list(value).stream().mapToDouble(Value::getNumberValue).toArray();
    }

    private static double[] doubles(Struct json, String name) {
        return doubles(json.getFieldsOrThrow(name));
    }

    private static int[] indexes(Struct json, String name) {
        return list(json.getFieldsOrThrow(name)).stream()
                .mapToInt(value -> (int) value.getNumberValue())
                .toArray();
    }

    private static List<Integer> integers(Struct json, String name) {
        List<Integer> found = new ArrayList<>();
        for (int index : indexes(json, name)) {
            found.add(index);
        }
        return found;
    }

    private static float[] floats(Struct json, String name) {
        double[] values = doubles(json, name);
        float[] found = new float[values.length];
        for (int i = 0; i < found.length; i++) {
            found[i] = (float) values[i];
        }
        return found;
    }

    private static List<Float> boxed(float[] values) {
        List<Float> found = new ArrayList<>();
        for (float value : values) {
            found.add(value);
        }
        return found;
    }

    private static double[][] matrix(Value value) {
        return list(value).stream().map(WrittenModel::doubles).toArray(double[][]::new);
    }

    private static double[][] matrix(Struct json, String name) {
        return matrix(json.getFieldsOrThrow(name));
    }
}
