package io.foresell.training.report;

import io.foresell.model.manifest.Manifest;
import io.foresell.training.evaluate.AnswerShape;
import io.foresell.training.evaluate.ClusterProfile;
import io.foresell.training.evaluate.Example;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a report is made of.
 *
 * @param manifest as it is packed
 * @param shape of the answers to all judged rows; empty without labels
 * @param examples without entity keys
 * @param clusters of a clustering, else empty
 * @param source other files of the package by plain name; those that the report knows are shown
 */
public record ReportContent(
        Manifest manifest,
        Optional<AnswerShape> shape,
        List<Example> examples,
        Optional<ClusterProfile> clusters,
        Map<String, byte[]> source) {
    public ReportContent {
        examples = List.copyOf(examples);
        source = Map.copyOf(source);
    }
}
