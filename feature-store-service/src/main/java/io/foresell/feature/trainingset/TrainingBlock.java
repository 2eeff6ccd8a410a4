package io.foresell.feature.trainingset;

import io.foresell.feature.asof.FeatureTable;
import java.util.List;

/** Some rows of a training set. Of the labels, one list has an entry per row and the other is empty. */
public record TrainingBlock(FeatureTable table, List<Double> labelNumbers, List<String> labelTexts) {
    public TrainingBlock {
        labelNumbers = List.copyOf(labelNumbers);
        labelTexts = List.copyOf(labelTexts);
    }
}
