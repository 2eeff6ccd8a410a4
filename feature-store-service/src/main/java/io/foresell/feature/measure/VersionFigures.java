package io.foresell.feature.measure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one version.
 *
 * @param scoreDrift null without enough rows on either side
 * @param inputDrifts furthest first
 */
public record VersionFigures(
        int version,
        String digest,
        Figures figures,
        List<Slice> slices,
        @Nullable InputDrift scoreDrift,
        List<InputDrift> inputDrifts,
        long withFeaturesCount) {
    /** The figures of the rows in which an input has some values. */
    public record Slice(String name, Figures figures) {}

    public VersionFigures {
        slices = List.copyOf(slices);
        inputDrifts = List.copyOf(inputDrifts);
    }
}
