package io.foresell.inference.load;

import io.foresell.inference.fetch.PackageStore;
import io.foresell.inference.fetch.Release;
import io.foresell.inference.route.Usage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the next start needs to know: the releases that serve, when each model was asked for last, and what its versions take in memory. Usage is
 * written once a minute at most and when the process ends: losing it costs the order of loads, nothing else. Used by the load lane's thread.
 */
final class ReleaseJournal {
    private static final Logger log = LoggerFactory.getLogger(ReleaseJournal.class);
    private static final String USAGE = "usage.txt";
    private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final PackageStore store;
    private long writtenNanos = System.nanoTime();
    private boolean isBehind; // what serves is not written: later, or the disk was full, or the process was told to end

    ReleaseJournal(PackageStore store) {
        this.store = store;
    }

    List<Release> read() {
        return store.readReleases();
    }

    /** Keeps the releases that serve, and of all packages theirs. */
    void write(Collection<Release> served) {
        isBehind = true;
        try {
            store.writeReleases(served);
            isBehind = false;
            store.prune(digestsOf(served));
        } catch (IOException e) {
            log.error("serving, but a restart without the registry would serve the release before", e);
        }
    }

    /** Remembers to write: a thousand releases that come at once are written once. */
    void writeLater() {
        isBehind = true;
    }

    /** Writes what was put off, or could not be written before. */
    void catchUp(Collection<Release> served) {
        if (isBehind) {
            write(served);
        }
    }

    static Set<String> digestsOf(Collection<Release> releases) {
        Set<String> digests = new HashSet<>();
        releases.forEach(release -> release.routes().forEach(route -> digests.add(route.digest())));
        return digests;
    }

    /** Returns the models of releases, those asked for last first; those of which nothing is known last. */
    static List<Release> byUsage(Collection<Release> releases, Map<String, Usage> usages) {
        long now = System.nanoTime();
        List<Release> sorted = new ArrayList<>(releases);
        sorted.sort(Comparator.comparingLong(release -> {
            Usage usage = usages.get(release.model());
            return usage == null ? Long.MAX_VALUE : now - usage.lastNanos();
        }));
        return sorted;
    }

    /** Reads usage of models into facts, and returns it by model; what cannot be read is left out. */
    Map<String, Usage> readUsage(VersionFacts facts) {
        Map<String, Usage> usages = new HashMap<>();
        long nowMillis = System.currentTimeMillis();
        long nowNanos = System.nanoTime();
        for (String line : store.readNote(USAGE).split("\n", -1)) {
            String[] words = line.split(" ", -1);
            try {
                if (words.length == 3 && words[0].equals("model")) {
                    long agoMillis = Math.max(0, nowMillis - Long.parseLong(words[2]));
                    usages.put(words[1], new Usage(nowNanos - TimeUnit.MILLISECONDS.toNanos(agoMillis)));
                } else if (words.length == 4 && words[0].equals("version")) {
                    Duration loadTime = Duration.ofMillis(Long.parseLong(words[3]));
                    facts.recall(words[1], Long.parseLong(words[2]), loadTime);
                }
            } catch (NumberFormatException e) {
                log.warn("usage of before not understood line=\"{}\"", line.length() < 200 ? line : "(long)");
            }
        }
        return usages;
    }

    /** Writes usage when it is time to. */
    void keepUsage(Map<String, Usage> usages, VersionFacts facts) {
        if (System.nanoTime() - writtenNanos > PERIOD_NANOS) {
            writeUsage(usages, facts);
        }
    }

    void writeUsage(Map<String, Usage> usages, VersionFacts facts) {
        writtenNanos = System.nanoTime();
        long nowMillis = System.currentTimeMillis();
        StringBuilder lines = new StringBuilder();
        usages.forEach((model, usage) -> lines.append("model %s %d%n"
                .formatted(model, nowMillis - TimeUnit.NANOSECONDS.toMillis(writtenNanos - usage.lastNanos()))));
        facts.all()
                .forEach((digest, known) -> lines.append("version %s %d %d%n"
                        .formatted(digest, known.memoryBytes(), known.loadTime().toMillis())));
        try {
            store.writeNote(USAGE, lines.toString());
        } catch (IOException e) {
            log.warn("usage not written, a restart loads models in another order", e);
        }
    }
}
