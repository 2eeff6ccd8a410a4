package io.foresell.training.fit.neural;

import io.foresell.training.fit.Ranges;

/**
 * A sequence feature read as an image: all pixels of the first channel row by row, then those of the second.
 *
 * @param feature a sequence of {@code height * width * channels} numbers
 */
public record ImageInput(String feature, int height, int width, int channels) {
    public ImageInput {
        Ranges.require("image.height", height, 1, 4096);
        Ranges.require("image.width", width, 1, 4096);
        Ranges.require("image.channels", channels, 1, 512);
    }

    int size() {
        return height * width * channels;
    }
}
