package io.foresell.benchmarks.faults;

import io.foresell.benchmarks.model.Packages;
import io.foresell.benchmarks.release.PreparedVersion;
import io.foresell.model.pack.ModelPackage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** The scenarios, in the order in which they are played. */
final class Scenarios {
    private static final long SEED = 11;

    private final Duration least; // of a scenario that could go on for ever
    private final Duration gone; // how long a registry or a disk is away

    Scenarios(Duration least, Duration gone) {
        this.least = least;
        this.gone = gone;
    }

    List<Scenario> all() {
        int seconds = (int) least.toSeconds() + 2;
        return List.of(
                new Scenario("good update", seconds, this::update),
                new Scenario("bad package", 1, this::badPackage),
                new Scenario("roll back", seconds, this::rollBack),
                new Scenario("registry gone", 2, this::registryGone),
                new Scenario("disk full", 2, this::diskFull),
                new Scenario("replica restarted", 1, this::restart));
    }

    /** A new version every second: half of the subjects first, then all. */
    private String update(Fleet fleet) throws InterruptedException {
        PreparedVersion before = fleet.next();
        int revision = fleet.release(before);
        int count = 1;
        for (long due = System.nanoTime(), end = due + least.toNanos(); due < end; count++) {
            due = sleepUntil(due + Duration.ofSeconds(1).toNanos());
            if (count % 2 == 1) {
                PreparedVersion version = fleet.next();
                revision = fleet.release(Map.of(before, 50, version, 50));
                before = version;
            } else {
                revision = fleet.release(Map.of(before, 100));
            }
        }
        fleet.awaitServed(revision);
        return "%d releases of %d versions".formatted(count, (count + 2) / 2);
    }

    /** Returns the instant; sleeps until then. */
    private static long sleepUntil(long nanos) throws InterruptedException {
        Thread.sleep(Math.max(0, (nanos - System.nanoTime()) / 1_000_000));
        return nanos;
    }

    /** Packages that lie or do not work, each until every replica has refused it; a good one afterwards. */
    private String badPackage(Fleet fleet) throws InterruptedException {
        byte[] good = Packages.boosted(Fleet.MODEL, SEED);
        byte[] noise = new byte[10_000];
        new Random(SEED).nextBytes(noise);
        byte[] disagreeing = Packages.disagreeing(Fleet.MODEL, SEED);
        List<Integer> revisions = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (Runnable release : List.<Runnable>of(
                () -> revisions.add(fleet.releaseBroken(noise, ModelPackage.digestOf(noise), noise.length)),
                () -> revisions.add(fleet.releaseBroken(good, ModelPackage.digestOf(new byte[1]), good.length)),
                () -> revisions.add(fleet.releaseBroken(good, ModelPackage.digestOf(good), good.length + 1000L)),
                () -> revisions.add(
                        fleet.releaseBroken(disagreeing, ModelPackage.digestOf(disagreeing), disagreeing.length)))) {
            release.run();
            String cause = fleet.awaitRefused(revisions.get(revisions.size() - 1));
            reasons.add(cause.substring(0, Math.max(0, cause.indexOf(':'))));
            Thread.sleep(1000); // served on meanwhile
        }
        fleet.awaitServed(fleet.release(fleet.next()));
        return "bytes that are no package, a wrong digest, a package cut short, answers that are not its graph's, each refused by"
                + " both: %s".formatted(String.join(", ", reasons));
    }

    /** Every second a new version, and the one before again. */
    private String rollBack(Fleet fleet) throws InterruptedException {
        PreparedVersion kept = fleet.next();
        fleet.awaitServed(fleet.release(kept));
        int revision = 0;
        int count = 0;
        for (long due = System.nanoTime(), end = due + least.toNanos(); due < end; count++) {
            due = sleepUntil(due + Duration.ofMillis(500).toNanos());
            revision = fleet.release(fleet.next());
            due = sleepUntil(due + Duration.ofMillis(500).toNanos());
            revision = fleet.release(Map.of(kept, 100));
        }
        fleet.awaitServed(revision);
        return "%d times to the version before".formatted(count);
    }

    /** Nobody answers where the registry was; what is ordered meanwhile is served when it is back. */
    private String registryGone(Fleet fleet) throws InterruptedException {
        fleet.awaitServed(fleet.release(fleet.next()));
        fleet.registry().goAway();
        int revision;
        try {
            revision = fleet.release(fleet.next());
            Thread.sleep(gone.toMillis());
        } finally {
            fleet.registry().comeBack();
        }
        long back = System.nanoTime();
        fleet.awaitServed(revision);
        return "gone for %d s; what was ordered meanwhile served %s s after it was back"
                .formatted(gone.toSeconds(), secondsSince(back));
    }

    /** Not a byte can be written where packages are kept; what is ordered meanwhile is refused, and served when there is room. */
    private String diskFull(Fleet fleet) throws Exception {
        fleet.awaitServed(fleet.release(fleet.next()));
        PreparedVersion version = fleet.next();
        int revision;
        String cause;
        fleet.disk().fill();
        try {
            revision = fleet.release(version);
            cause = fleet.awaitRefused(revision);
            Thread.sleep(Math.min(5000, gone.toMillis())); // tried again meanwhile
        } finally {
            fleet.disk().free();
        }
        long freed = System.nanoTime();
        fleet.awaitServed(revision);
        return "%s; refused: %s; served %s s after there was room"
                .formatted(fleet.disk().how(), cause, secondsSince(freed));
    }

    /** One replica after the other ends and starts again, and hears of a release that came meanwhile. */
    private String restart(Fleet fleet) throws Exception {
        fleet.stop(0);
        int revision = fleet.release(fleet.next());
        long stopped = System.nanoTime();
        fleet.start(0);
        String seconds = secondsSince(stopped);
        fleet.awaitServed(revision);
        return "one of two: drained, ended, served again %s s after it was started".formatted(seconds);
    }

    private static String secondsSince(long nanos) {
        return String.format(Locale.ROOT, "%.1f", (System.nanoTime() - nanos) / 1e9);
    }
}
