package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.foresell.standalone.process.Command;
import io.foresell.standalone.process.Standalone;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Product pictures, from PNG files to answers of a two-dimensional convolution. */
final class PicturesIT {
    private static final int SIDE = 12;
    private static final int COUNT = 400;

    @TempDir
    static Path folder;

    private static Standalone standalone;
    private static Command command;

    @BeforeAll
    static void start() throws Exception {
        standalone = Standalone.start(folder).awaitReady();
        command = standalone.command();
    }

    @AfterAll
    static void stop() {
        standalone.close();
    }

    @Test
    void whichWayStripesGoIsLearnedByAConvolutionAndByNoSumOfPixels() throws Exception {
        Path csv = Files.writeString(folder.resolve("products.csv"), products());
        Path view = Files.writeString(
                folder.resolve("view.yaml"),
                """
                feature_view:
                  name: products
                  entity: product
                  kind: snapshot
                  entity_key_column: sku
                  columns: [{name: photo, type: numbers, width: 144}]
                ---
                label_view: {name: cut, entity: product, entity_key_column: sku, column: stripes, type: text, positive_text: across}
                ---
                feature_set: {name: looks, entity: product, features: [products.photo]}
                """);
        Path spec = Files.writeString(
                folder.resolve("stripes.yaml"),
                """
                model: stripes
                feature_set: looks
                label_view: cut
                candidates:
                  - name: pixels
                    logistic_regression: {}
                  - name: pictures
                    network:
                      image: {feature: photo, height: 12, width: 12}
                      layers:
                        - conv2d: {filters: 8, kernel: 3}
                        - global_pool: max
                      epochs: 15
                      learning_rate: 0.02
                split: {hold_out: {test_fraction: 0.25}}
                """);
        command.run("define", view.toString()).succeeded();
        assertThat(command.run("ingest", "products,cut", csv.toString(), "--picture", "photo=12x12")
                        .succeeded()
                        .out())
                .containsPattern("products +400 +0 +0");
        JsonObject job = JsonParser.parseString(command.run("--json", "train", spec.toString())
                        .succeeded()
                        .out())
                .getAsJsonObject();
        assertThat(rocAuc(job, "pictures")).isGreaterThan(0.95);
        assertThat(rocAuc(job, "pixels")).isLessThan(0.7);
        command.run("release", "stripes@1").succeeded();

        JsonArray known = scores(command.run("--json", "score", "stripes", "P0", "P1")
                .succeeded()
                .out());
        Path row = Files.writeString(folder.resolve("row.json"), "{\"photo\": [%s]}".formatted(pixels(0)));
        JsonArray sent = scores(command.run("--json", "score", "stripes", "--file", row.toString())
                .succeeded()
                .out());
        assertThat(known.get(0).getAsJsonObject().get("score").getAsDouble()).isGreaterThan(0.5);
        assertThat(known.get(1).getAsJsonObject().get("score").getAsDouble()).isLessThan(0.5);
        assertThat(sent.get(0).getAsJsonObject().get("score").getAsDouble())
                .isEqualTo(known.get(0).getAsJsonObject().get("score").getAsDouble());
    }

    private static JsonArray scores(String json) {
        return JsonParser.parseString(json).getAsJsonObject().getAsJsonArray("rows");
    }

    private static double rocAuc(JsonObject job, String candidate) {
        for (var result : job.getAsJsonObject("job").getAsJsonArray("results")) {
            if (result.getAsJsonObject().get("candidate").getAsString().equals(candidate)) {
                return result.getAsJsonObject()
                        .getAsJsonObject("evaluation")
                        .getAsJsonObject("metrics")
                        .get("roc_auc")
                        .getAsDouble();
            }
        }
        throw new AssertionError("no candidate " + candidate + " in " + job);
    }

    private static String products() throws IOException {
        StringBuilder csv = new StringBuilder("sku,photo,stripes\n");
        Files.createDirectories(folder.resolve("photos"));
        for (int product = 0; product < COUNT; product++) {
            String name = "photos/%d.png".formatted(product);
            ImageIO.write(picture(product), "png", folder.resolve(name).toFile());
            csv.append("P%d,%s,%s\n".formatted(product, name, product % 2 == 0 ? "across" : "down"));
        }
        return csv.toString();
    }

    /** A stripe somewhere on noise, across where the number is even: every pixel is as bright in both kinds. */
    private static BufferedImage picture(int product) {
        SplittableRandom random = new SplittableRandom(product);
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        int place = random.nextInt(SIDE);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                boolean isStripe = (product % 2 == 0 ? y : x) == place;
                int grey = (isStripe ? 180 : 60) + random.nextInt(60);
                image.setRGB(x, y, grey << 16 | grey << 8 | grey);
            }
        }
        return image;
    }

    private static String pixels(int product) {
        BufferedImage image = picture(product);
        return IntStream.range(0, SIDE * SIDE)
                .mapToObj(i -> Integer.toString(image.getRGB(i % SIDE, i / SIDE) & 0xFF))
                .collect(Collectors.joining(", "));
    }
}
