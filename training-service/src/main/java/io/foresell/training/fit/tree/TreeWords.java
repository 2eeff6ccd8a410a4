package io.foresell.training.fit.tree;

import io.foresell.model.Task;
import io.foresell.model.graph.InputEncoding;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.TextEncoding;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Says what the nodes of a tree ask and answer, in the names of the inputs and their categories. */
final class TreeWords {
    private final GrownTree tree;
    private final List<String> names;
    private final Map<String, String> isCategory = new HashMap<>();
    private final Map<String, String> isOtherCategory = new HashMap<>();
    private final Task task;
    private final List<String> classes;
    private final double leastAnswer;
    private final double greatestAnswer;

    TreeWords(GrownTree tree, Preprocessing preprocessing, Task task, List<String> classes) {
        this.tree = tree;
        this.names = preprocessing.encodedNames();
        this.task = task;
        this.classes = classes;
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (int node = 0; node < tree.nodeCount(); node++) {
            least = Math.min(least, tree.answer(node)[0]);
            greatest = Math.max(greatest, tree.answer(node)[0]);
        }
        this.leastAnswer = least;
        this.greatestAnswer = greatest;
        for (InputEncoding encoding : preprocessing.encodings()) {
            if (encoding instanceof TextEncoding text) {
                for (String category : text.categories()) {
                    String name = text.input() + "=" + category;
                    isCategory.put(name, "%s is %s".formatted(text.input(), category));
                    isOtherCategory.put(name, "%s is not %s".formatted(text.input(), category));
                }
            }
        }
    }

    /** Returns the condition of a split's yes child, or of its no child. */
    String condition(int node, boolean isYes) {
        String name = names.get(tree.column(node));
        if (isCategory.containsKey(name)) {
            // The yes child of an indicator is "below a half".
            return (isYes ? isOtherCategory : isCategory).getOrDefault(name, name);
        }
        boolean isWithMissing = isYes == tree.isMissingYes(node);
        if (tree.threshold(node) == -Float.MAX_VALUE) {
            return name + (isWithMissing ? " is missing" : " is known");
        }
        String comparison = "%s %s %s".formatted(name, isYes ? "<" : ">=", shown(tree.threshold(node)));
        return isWithMissing ? comparison + " or missing" : comparison;
    }

    /** Returns what a node answers, e.g. "probability 0.265", "basic 71 %" or "value 12.5". */
    String answer(int node) {
        float[] answer = tree.answer(node);
        return switch (task) {
            case BINARY -> String.format(Locale.ROOT, "probability %.3f", answer[0]);
            case MULTICLASS -> String.format(
                    Locale.ROOT, "%s %.0f %%", classes.get(highest(answer)), 100 * answer[highest(answer)]);
            case REGRESSION, CLUSTERS, RANKING -> "value " + shown(answer[0]);
        };
    }

    /** Returns how much of a bar a node fills, in [0, 1]: probability, share of the likeliest class, or place in the range. */
    double strength(int node) {
        float[] answer = tree.answer(node);
        if (task != Task.REGRESSION) {
            return answer[highest(answer)];
        }
        return greatestAnswer > leastAnswer ? (answer[0] - leastAnswer) / (greatestAnswer - leastAnswer) : 0.5;
    }

    /** Returns one line about the whole tree. */
    String title() {
        return "%d leaves, %d splits deep, %d training rows; all together: %s"
                .formatted(tree.leafCount(), tree.depth(), tree.rowCount(0), answer(0));
    }

    private static int highest(float[] answer) {
        int highest = 0;
        for (int i = 1; i < answer.length; i++) {
            highest = answer[i] > answer[highest] ? i : highest;
        }
        return highest;
    }

    /** Returns the shortest text of a number, without an exponent where people use none. */
    static String shown(float value) {
        double magnitude = Math.abs(value);
        if (magnitude >= 1e9 || (magnitude < 1e-3 && magnitude > 0)) {
            return Float.toString(value);
        }
        String text = new BigDecimal(Float.toString(value)).toPlainString();
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
