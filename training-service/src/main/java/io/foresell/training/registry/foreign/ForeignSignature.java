package io.foresell.training.registry.foreign;

import io.foresell.model.InputKind;
import io.foresell.model.Task;
import io.foresell.model.manifest.Bands;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a foreign file means, as the person who brings it says.
 *
 * @param algorithm empty means "imported"
 * @param inputs the columns of each input of the graph, in the order of the file
 * @param bands null means the default ones
 * @param entity empty for a model that only scores rows, like feature set and hash
 */
public record ForeignSignature(
        Task task,
        String description,
        String algorithm,
        Output output,
        Map<String, List<Column>> inputs,
        @Nullable Bands bands,
        String entity,
        String featureSet,
        String featureSetHash) {
    public ForeignSignature {
        inputs = new LinkedHashMap<>(inputs);
    }

    /**
     * Says which output answers.
     *
     * @param name empty means the one that fits the task
     * @param column null means 1 for a binary model with two columns, else 0
     * @param labels empty means as the graph says
     * @param isNegated whether less is better
     */
    public record Output(String name, @Nullable Integer column, List<String> labels, boolean isNegated) {
        public Output {
            labels = List.copyOf(labels);
        }
    }

    /**
     * One column of an input.
     *
     * @param kind null means as the graph says
     * @param width 1, or the length of a sequence
     */
    public record Column(String name, @Nullable InputKind kind, int width, String description) {}
}
