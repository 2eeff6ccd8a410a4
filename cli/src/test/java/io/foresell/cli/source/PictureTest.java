package io.foresell.cli.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cells that become pictures. */
final class PictureTest {
    @TempDir
    private Path folder;

    /** Two pixels: red and half transparent blue. */
    private static byte[] png(int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, x < width / 2 ? 0xFFFF0000 : 0x800000FF);
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    private List<List<String>> rows(String csv, String size) throws IOException {
        Path file = Files.writeString(folder.resolve("products.csv"), csv);
        CsvFile pictured = CsvFile.open(file, Optional.empty())
                .numbered("line")
                .picturing(Map.of("photo", PictureSize.parse("photo", size)));
        List<List<String>> rows = new ArrayList<>();
        pictured.forEachRow((line, values) -> rows.add(values));
        return rows;
    }

    @Test
    void pixelsAreReadRowByRowOnWhite() throws IOException {
        Files.write(folder.resolve("a.png"), png(2, 1));
        String url = "data:image/png;base64," + Base64.getEncoder().encodeToString(png(2, 1));

        List<List<String>> rows = rows("id;photo\na;a.png\nb;\"" + url + "\"\nc;\n", "1x2x3");

        assertThat(rows)
                .containsExactly(
                        List.of("2", "a", "255 0 0 127 127 255"),
                        List.of("3", "b", "255 0 0 127 127 255"),
                        List.of("4", "c", ""));
    }

    @Test
    void picturesAreBroughtToOneSize() throws IOException {
        Files.write(folder.resolve("a.png"), png(40, 30));

        assertThat(rows("id,photo\na,a.png\n", "2x4").get(0).get(2)).isEqualTo("76 76 142 142 76 76 142 142");
    }

    @Test
    void aChangedPictureIsAnotherFile() throws IOException {
        Path file = Files.writeString(folder.resolve("p.csv"), "id,photo\na,a.png\n");
        Map<String, PictureSize> sizes = Map.of("photo", PictureSize.parse("photo", "2x2"));
        Files.write(folder.resolve("a.png"), png(2, 2));
        CsvFile csv = CsvFile.open(file, Optional.empty());
        String before = csv.picturing(sizes).sha256();
        assertThat(csv.picturing(sizes).sha256()).isEqualTo(before);
        Files.write(folder.resolve("a.png"), png(1, 2));

        assertThat(csv.picturing(sizes).sha256()).isNotEqualTo(before);
        assertThat(csv.picturing(Map.of("photo", PictureSize.parse("photo", "2x2x3")))
                        .sha256())
                .isNotEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing.png", "text.png", "data:image/png,abc", "data:image/png;base64,AAAA", "cut.png"})
    void whatIsNoPictureIsNamedWithItsLine(String cell) throws IOException {
        Files.writeString(folder.resolve("text.png"), "not a picture");
        byte[] whole = png(20, 20);
        Files.write(folder.resolve("cut.png"), java.util.Arrays.copyOf(whole, whole.length / 2));

        assertThatThrownBy(() -> rows("id;photo\na;\"" + cell + "\"\n", "2x2"))
                .hasMessageContaining("products.csv:2 photo: '" + cell)
                .hasMessageContaining("expected: a PNG, JPEG, GIF or BMP");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "32", "0x5", "32x32x2", "200x200", "x"})
    void sizesAreChecked(String size) {
        assertThatThrownBy(() -> PictureSize.parse("photo", size))
                .hasMessageContaining("--picture photo: ")
                .hasMessageContaining("such as 32x32x3");
    }

    @Test
    void anUnknownColumnIsNamedWithTheNearest() {
        assertThatThrownBy(() -> {
                    Path file = Files.writeString(folder.resolve("q.csv"), "id,photo\na,\n");
                    CsvFile.open(file, Optional.empty()).picturing(Map.of("foto", new PictureSize(2, 2, 1)));
                })
                .hasMessageContaining("--picture: 'foto'")
                .hasMessageContaining("nearest: photo");
    }
}
