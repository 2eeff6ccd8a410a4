package io.foresell.training.dataset;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** The real file of daily entries at twenty stations, in thousands. */
public final class ChicagoDaily {
    private ChicagoDaily() {}

    /**
     * Windows over the stations' days.
     *
     * @param inputs row-major, shape [count, length]
     * @param next the day after each window
     * @param scale 1 over the standard deviation of the inputs
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Windows(int count, float[] inputs, float[] next, float mean, float scale) {}

    /** Reads the file and cuts windows at even distances; the test is skipped when the data folder is not there. */
    public static Windows windows(int length, int count) throws IOException {
        List<List<Float>> series = List.copyOf(series().values());
        float[] inputs = new float[count * length];
        float[] next = new float[count];
        for (int i = 0; i < count; i++) {
            List<Float> station = series.get(i % series.size());
            int start = (int) ((long) i * (station.size() - length - 1) / count);
            for (int day = 0; day < length; day++) {
                inputs[i * length + day] = station.get(start + day);
            }
            next[i] = station.get(start + length);
        }
        double sum = 0;
        double squares = 0;
        for (float x : inputs) {
            sum += x;
            squares += (double) x * x;
        }
        double mean = sum / inputs.length;
        double deviation = Math.sqrt(squares / inputs.length - mean * mean);
        return new Windows(count, inputs, next, (float) mean, (float) (1 / deviation));
    }

    private static Map<String, List<Float>> series() throws IOException {
        Path file = Path.of(
                System.getProperty("foresell.shared", "../../shared"), "data/chicago_daily/chicago_daily.csv.gz");
        assumeThat(file).exists();
        Map<String, List<Float>> series = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] cells = line.split(",");
                series.computeIfAbsent(cells[1], station -> new ArrayList<>()).add(Float.parseFloat(cells[2]));
            }
        }
        return series;
    }
}
