package io.foresell.training.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Pictures of 8 x 8 pixels with noise and one stroke of three pixels anywhere, from one edge on to the other where it leaves:
 * downwards to the right, or to the left. Every
 * pixel is as bright on average in both kinds, so that no weighting of pixels tells them apart.
 */
public final class PlantedImages {
    /** Rows and columns. */
    public static final int SIDE = 8;

    private PlantedImages() {}

    /** Returns rows with the picture and nothing else. */
    public static TrainingSet of(int rowCount, long seed) {
        Random random = new Random(seed);
        int size = SIDE * SIDE;
        double[] pixels = new double[rowCount * size];
        double[] labels = new double[rowCount];
        List<String> keys = new ArrayList<>();
        for (int row = 0; row < rowCount; row++) {
            keys.add("p" + row);
            labels[row] = random.nextInt(2);
            for (int i = 0; i < size; i++) {
                pixels[row * size + i] = 0.3 * random.nextGaussian();
            }
            int top = random.nextInt(SIDE);
            int left = random.nextInt(SIDE);
            for (int i = 0; i < 3; i++) {
                int column = (left + (labels[row] == 1 ? i : 2 - i)) % SIDE;
                pixels[row * size + (top + i) % SIDE * SIDE + column] += 2;
            }
        }
        return new TrainingSetBuilder(new FeatureSetInfo("pictures", "hash", "stroke", "product", Map.of()))
                .add(new RowBlock(
                        keys,
                        new long[rowCount],
                        new RowBlock.NumberTarget(labels),
                        List.of(new RowBlock.Numbers("picture", size, pixels))))
                .build();
    }
}
