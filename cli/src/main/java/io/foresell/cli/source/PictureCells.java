package io.foresell.cli.source;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;

/** Turns cells that name or hold a picture into its numbers. A cell is a path (relative to the CSV file) or a data URL in base64. */
record PictureCells(Path file, String column, PictureSize size) {
    private static final String BASE64_MARK = ";base64,";
    private static final long MAX_FILE_BYTES = 20_000_000;

    /**
     * Returns the numbers of a cell; an empty one stays empty.
     *
     * @throws ServiceException INVALID_ARGUMENT naming line and column when there is no such picture
     */
    String numbers(long lineNumber, String cell) {
        String text = cell.strip();
        if (text.isEmpty()) {
            return "";
        }
        try {
            return size.numbers(bytes(text));
        } catch (IOException | IllegalArgumentException e) {
            String shown = text.length() <= 80 ? text : text.substring(0, 77) + "...";
            throw new ServiceException(
                    Failure.invalid(
                            "PICTURE_UNREADABLE",
                            "%s:%d %s: '%s' is %s (expected: a PNG, JPEG, GIF or BMP of at most 20 MB and 50 million pixels,"
                                            .formatted(file, lineNumber, column, shown, problem(e))
                                    + " as a path or a data URL in base64)"),
                    e);
        }
    }

    private static String problem(Exception e) {
        return e instanceof java.nio.file.NoSuchFileException ? "not there" : String.valueOf(e.getMessage());
    }

    private byte[] bytes(String text) throws IOException {
        if (text.startsWith("data:")) {
            int mark = text.indexOf(BASE64_MARK);
            if (mark < 0) {
                throw new IOException("not in base64");
            }
            return Base64.getDecoder().decode(text.substring(mark + BASE64_MARK.length()));
        }
        Path picture;
        try {
            picture = file.toAbsolutePath().resolveSibling(text);
        } catch (InvalidPathException e) {
            throw new IOException("not a path", e);
        }
        if (Files.isRegularFile(picture) && Files.size(picture) > MAX_FILE_BYTES) {
            throw new IOException("a file of %d bytes".formatted(Files.size(picture)));
        }
        return Files.readAllBytes(picture);
    }
}
