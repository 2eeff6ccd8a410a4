package io.foresell.cli.source;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The size that pictures of a column are brought to, and how they become numbers: row by row, each pixel its channels from 0 to 255,
 * which is the order that an image of a network is read in.
 *
 * @param channels 1 (grey) or 3 (red, green, blue)
 */
public record PictureSize(int height, int width, int channels) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,4})x(\\d{1,4})(?:x([13]))?");
    private static final int MAX_NUMBERS = 16_384;
    /** A small file may claim to be a huge picture. */
    private static final long MAX_PIXELS = 50_000_000;

    /**
     * Reads a size such as {@code 32x32x3}; two numbers mean grey.
     *
     * @throws ServiceException INVALID_ARGUMENT when it is none, or more than 16,384 numbers
     */
    public static PictureSize parse(String column, String text) {
        Matcher matcher = TEXT.matcher(text);
        if (matcher.matches()) {
            String channels = matcher.group(3);
            PictureSize size = new PictureSize(
                    Integer.parseInt(matcher.group(1)),
                    Integer.parseInt(matcher.group(2)),
                    channels == null ? 1 : Integer.parseInt(channels));
            long numbers = (long) size.height * size.width * size.channels;
            if (numbers >= 2 && numbers <= MAX_NUMBERS) {
                return size;
            }
        }
        throw new ServiceException(Failure.invalid(
                "PICTURE_SIZE",
                "--picture " + column,
                text,
                "HEIGHTxWIDTH or HEIGHTxWIDTHx3, such as 32x32x3; at most %d numbers".formatted(MAX_NUMBERS)));
    }

    /**
     * Returns a picture as numbers between spaces; of a picture that is not opaque, on white.
     *
     * @param encoded PNG, JPEG, GIF or BMP
     * @throws IOException when it is no picture, or one of more than 50 million pixels
     */
    String numbers(byte[] encoded) throws IOException {
        BufferedImage scaled = scaled(decoded(encoded));
        StringBuilder numbers = new StringBuilder(height * width * channels * 4);
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                int rgb = scaled.getRGB(column, row);
                int red = rgb >> 16 & 0xFF;
                int green = rgb >> 8 & 0xFF;
                int blue = rgb & 0xFF;
                if (channels == 1) {
                    // Luma of ITU-R BT.601.
                    numbers.append(Math.round(0.299 * red + 0.587 * green + 0.114 * blue))
                            .append(' ');
                } else {
                    numbers.append(red)
                            .append(' ')
                            .append(green)
                            .append(' ')
                            .append(blue)
                            .append(' ');
                }
            }
        }
        return numbers.substring(0, numbers.length() - 1);
    }

    private static BufferedImage decoded(byte[] encoded) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(encoded))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException("not a picture");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > MAX_PIXELS) {
                    throw new IOException("a picture of %d pixels".formatted(pixels));
                }
                @Nullable BufferedImage image = reader.read(0);
                if (image == null) {
                    throw new IOException("not a picture");
                }
                return image;
            } catch (RuntimeException e) {
                throw new IOException("a damaged picture", e); // some readers fail so on damaged bytes
            } finally {
                reader.dispose();
            }
        }
    }

    private BufferedImage scaled(BufferedImage image) {
        boolean isSameSize = image.getWidth() == width && image.getHeight() == height;
        Image sized = isSameSize ? image : image.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING);
        BufferedImage opaque = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = opaque.createGraphics();
        canvas.setColor(java.awt.Color.WHITE);
        canvas.fillRect(0, 0, width, height);
        canvas.drawImage(sized, 0, 0, null);
        canvas.dispose();
        return opaque;
    }
}
