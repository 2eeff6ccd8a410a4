package io.foresell.benchmarks.soak;

import io.foresell.benchmarks.soak.Series.Held;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Looks at processes every second on a thread of its own, until it is closed. */
final class Sampler implements AutoCloseable {
    private static final long EVERY_NANOS = 1_000_000_000;

    private final List<ProcessProbe> probes;
    private final double collectEverySeconds;
    private final List<Map<Held, Series>> series =
            new ArrayList<>(); // one a probe; the sampling thread's until it has ended
    private final Thread thread = new Thread(this::run, "sampler");
    private volatile boolean isOver;
    private volatile String failure = "";

    /**
     * Begins to look.
     *
     * @param collectEverySeconds how often garbage is collected, so that what the heap holds can be seen
     */
    Sampler(List<ProcessProbe> probes, double collectEverySeconds) {
        this.probes = List.copyOf(probes);
        this.collectEverySeconds = collectEverySeconds;
        for (ProcessProbe probe : probes) {
            Map<Held, Series> held = new EnumMap<>(Held.class);
            for (Held each : Held.values()) {
                held.put(each, new Series(probe.name(), each));
            }
            series.add(held);
        }
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        long start = System.nanoTime();
        double nextCollection = 0;
        try {
            for (long count = 0; !isOver; count++) {
                double now = (System.nanoTime() - start) / 1e9;
                boolean isCollecting = now >= nextCollection;
                for (int i = 0; i < probes.size(); i++) {
                    look(probes.get(i), series.get(i), now, isCollecting);
                }
                nextCollection += isCollecting ? collectEverySeconds : 0;
                long due = start + (count + 1) * EVERY_NANOS;
                Thread.sleep(Math.max(1, (due - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            failure = String.valueOf(e); // a process that ended
        }
    }

    private static void look(ProcessProbe probe, Map<Held, Series> series, double now, boolean isCollecting)
            throws IOException {
        if (isCollecting) {
            add(series, Held.HEAP, now, probe.heapMib());
        }
        add(series, Held.THREADS, now, probe.threadCount());
        add(series, Held.FILES, now, probe.openFileCount());
        add(series, Held.DIRECT, now, probe.directMib());
        add(series, Held.RESIDENT, now, probe.residentMib());
    }

    private static void add(Map<Held, Series> series, Held held, double now, double value) {
        Series one = series.get(held);
        if (one != null) {
            one.add(now, value);
        }
    }

    /**
     * Ends and returns what was seen.
     *
     * @throws UncheckedIOException when a process could not be asked to the end
     */
    List<Series> ended() throws InterruptedException {
        close();
        thread.join();
        if (!failure.isEmpty()) {
            throw new UncheckedIOException(new IOException("a server cannot be asked any more: " + failure));
        }
        return series.stream().flatMap(held -> held.values().stream()).toList();
    }

    @Override
    public void close() {
        isOver = true;
    }
}
