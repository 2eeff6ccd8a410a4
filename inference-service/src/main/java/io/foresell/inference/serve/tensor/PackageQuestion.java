package io.foresell.inference.serve.tensor;

import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.serve.tensor.TensorRequest.RequestedOutput;
import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.model.Answer;
import io.foresell.model.reason.Language;
import java.util.ArrayList;
import java.util.List;

/**
 * What a request wants of a package besides its rows, checked.
 *
 * @param wants in order of the answer
 * @param labelCount how many of the best labels, 1 or more; at most as many as there are
 * @param reasonCount 0 to 20; 0 when reasons are not wanted
 * @param reasonTarget index of the label that the reasons are about; {@value #WINNER} for each row's winner
 */
record PackageQuestion(
        List<Want> wants, int labelCount, int reasonCount, Language language, int reasonTarget, boolean allowsMissing) {
    static final int WINNER = -1;

    private static final int MAX_REASONS = 20;
    private static final int DEFAULT_REASONS = 3;
    private static final int MAX_LABELS = 1000;
    private static final int DEFAULT_LABELS = 5;
    private static final int MAX_NAME_COMPARED = 128;

    /** An output and, for classes instead of values, how many. */
    record Want(PackageOutput output, int classCount) {}

    /**
     * Reads outputs and parameters.
     *
     * @throws ServiceException INVALID_ARGUMENT naming the output or parameter
     */
    static PackageQuestion of(TensorRequest request, ServedVersion served) {
        InferParameters parameters = request.parameters();
        Answer answer = served.modelPackage().answer();
        boolean hasParameters = !parameters.values().isEmpty();
        int reasonCount = hasParameters ? parameters.count("reason_count", 0, MAX_REASONS) : 0;
        List<Want> wants = request.outputs().isEmpty()
                ? usual(served, answer, reasonCount > 0)
                : named(request.outputs(), served, answer);
        boolean wantsReasons = wants.stream().anyMatch(want -> want.output() == PackageOutput.REASONS);
        int labels = Math.min(DEFAULT_LABELS, answer.width());
        if (!hasParameters) {
            return new PackageQuestion(
                    wants,
                    labels,
                    wantsReasons ? DEFAULT_REASONS : 0,
                    Language.ENGLISH,
                    reasonTarget("", answer),
                    false);
        }
        int labelCount = parameters.count("label_count", DEFAULT_LABELS, MAX_LABELS);
        return new PackageQuestion(
                wants,
                Math.min(Math.max(1, labelCount), answer.width()),
                wantsReasons ? (reasonCount == 0 ? DEFAULT_REASONS : reasonCount) : 0,
                language(parameters.text("language")),
                reasonTarget(parameters.text("reason_label"), answer),
                parameters.flag("allow_missing"));
    }

    private static List<Want> usual(ServedVersion served, Answer answer, boolean wantsReasons) {
        List<Want> wants = new ArrayList<>();
        for (PackageOutput output : PackageOutput.values()) {
            boolean isWanted = output.isUsual(answer.task()) || (wantsReasons && output == PackageOutput.REASONS);
            if (isWanted && output.isOf(served)) {
                wants.add(new Want(output, 0));
            }
        }
        return wants;
    }

    private static List<Want> named(List<RequestedOutput> names, ServedVersion served, Answer answer) {
        List<Want> wants = new ArrayList<>(names.size());
        for (RequestedOutput requested : names) {
            PackageOutput output = output(requested.name(), served, answer);
            if (requested.classCount() > 0 && output != PackageOutput.SCORE && output != PackageOutput.ALL) {
                throw new ServiceException(Failure.invalid(
                        "CLASSIFICATION_UNSUPPORTED",
                        "outputs['%s'].parameters['classification']".formatted(requested.name()),
                        requested.classCount(),
                        "absent: only %s and %s have classes"
                                .formatted(
                                        PackageOutput.SCORE.name(answer.task()),
                                        PackageOutput.ALL.name(answer.task()))));
            }
            wants.add(new Want(output, requested.classCount()));
        }
        return wants;
    }

    private static PackageOutput output(String name, ServedVersion served, Answer answer) {
        for (PackageOutput output : PackageOutput.values()) {
            if (output.name(answer.task()).equals(name) && output.isOf(served)) {
                return output;
            }
        }
        throw unknownOutput(
                name,
                PackageOutput.specsOf(served).stream().map(TensorSpec::name).toList());
    }

    static ServiceException unknownOutput(String name, List<String> known) {
        String nearest = name.length() > MAX_NAME_COMPARED ? "" : "; nearest is '" + Names.nearest(name, known) + "'";
        return new ServiceException(
                Failure.invalid("OUTPUT_UNKNOWN", "outputs", name, "of " + String.join(", ", known) + nearest));
    }

    private static Language language(String code) {
        try {
            return Language.ofCode(code);
        } catch (IllegalArgumentException e) {
            throw new ServiceException(
                    Failure.invalid("LANGUAGE_UNKNOWN", "parameters['language']", code, "en or zh"), e);
        }
    }

    private static int reasonTarget(String label, Answer answer) {
        if (label.isEmpty()) {
            return answer.labels().isEmpty() ? 0 : WINNER;
        }
        int target = answer.labels().indexOf(label);
        if (target < 0) {
            throw new ServiceException(Failure.invalid(
                    "LABEL_UNKNOWN",
                    "parameters['reason_label']",
                    label,
                    answer.labels().isEmpty()
                            ? "absent: the model has no labels"
                            : "one of the %d labels of the model, such as %s"
                                    .formatted(
                                            answer.labels().size(),
                                            answer.labels().get(0))));
        }
        return target;
    }
}
