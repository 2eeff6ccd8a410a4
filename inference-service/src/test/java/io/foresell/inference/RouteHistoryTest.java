package io.foresell.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.RegistryPeer;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.inference.measure.ReleaseWindow;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.ReleaseTerms;
import io.foresell.inference.route.RouteBoard;
import io.foresell.inference.route.RowCost;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.route.VersionMeters;
import io.foresell.inference.route.WeightedVersion;
import io.foresell.model.pack.LoadedPackage;
import io.foresell.proto.inference.v1.GetReleaseStatisticsRequest;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.registry.v1.HoldOut;
import io.foresell.proto.registry.v1.Release;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Concurrent histories: what many callers are answered while one writer changes the routes, checked afterwards. */
final class RouteHistoryTest {
    private static final int VERSIONS = 4;
    private static final int SUBJECTS = 8;
    private static final LoadedPackage LOADED =
            LoadedPackage.load(TestPackages.logistic("churn", 0), "", LoadedPackage.COMPILED);

    @TempDir
    Path folder;

    /** One answer: when it was asked for and when it came, and what each subject got. */
    private record Answer(long fromNanos, long toNanos, int revision, List<ScoredRow> rows) {}

    @Test
    void everyAnswerIsOfOneReleaseThatWasInForceAndNoneGoesBack() throws Exception {
        try (Cluster cluster = new Cluster(folder)) {
            for (int version = 1; version <= VERSIONS; version++) {
                cluster.registry.publish("churn", version, TestPackages.logistic("churn", version));
            }
            Map<Integer, Release> releases = new ConcurrentHashMap<>();
            Map<Integer, Long> announcedNanos = new ConcurrentHashMap<>();
            SplittableRandom random = new SplittableRandom(42);
            announce(cluster, random, releases, announcedNanos);
            cluster.startServing();
            List<Answer> answers = new ArrayList<>();
            AtomicBoolean isOver = new AtomicBoolean();
            AtomicInteger newest = new AtomicInteger(); // revision that a caller was answered with
            ExecutorService callers = Executors.newFixedThreadPool(4);
            List<Future<List<Answer>>> histories = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                histories.add(callers.submit(() -> ask(cluster, isOver, newest)));
            }
            int awaited = 0;
            for (int release = 0; release < 60; release++) {
                announce(cluster, random, releases, announcedNanos);
                if (random.nextBoolean()) {
                    int revision = releases.size();
                    Cluster.await("an answer of release " + revision, () -> newest.get() == revision);
                    awaited++;
                } else {
                    Thread.sleep(random.nextInt(30)); // the next may overtake it
                }
            }
            isOver.set(true);
            for (Future<List<Answer>> history : histories) {
                answers.addAll(history.get(20, TimeUnit.SECONDS));
            }
            callers.shutdown();
            Map<Integer, ModelSlot> slots = new HashMap<>();
            releases.forEach((revision, release) -> slots.put(revision, slot(release)));
            answers.forEach(answer -> {
                requireWhole(answer, slots.get(answer.revision()));
                assertThat(answer.toNanos()).isGreaterThan(announcedNanos.get(answer.revision()));
            });
            requireNoneGoesBack(answers);
            assertThat(answers.stream().mapToInt(Answer::revision).distinct().count())
                    .as("releases that answered")
                    .isGreaterThanOrEqualTo(awaited);
            assertThat(awaited).isGreaterThan(20);
            requireCounted(cluster, answers);
        }
    }

    private static void announce(
            Cluster cluster, SplittableRandom random, Map<Integer, Release> releases, Map<Integer, Long> nanos) {
        int first = random.nextInt(101);
        int second = random.nextInt(101 - first);
        int rotate = random.nextInt(VERSIONS);
        Release.Builder unit = RegistryPeer.unit(
                1 + rotate,
                first,
                1 + (rotate + 1) % VERSIONS,
                second,
                1 + (rotate + 2) % VERSIONS,
                100 - first - second);
        if (random.nextBoolean()) {
            unit.setHoldOut(HoldOut.newBuilder().setPercent(25).setVersion(1 + rotate));
        }
        int revision = releases.size() + 1;
        nanos.put(revision, System.nanoTime());
        releases.put(revision, unit.clone().setSalt("salt").build());
        assertThat(cluster.registry.release("churn", unit)).isEqualTo(revision);
    }

    private static List<Answer> ask(Cluster cluster, AtomicBoolean isOver, AtomicInteger newest) {
        PackedRows.Builder rows = PackedRows.newBuilder().setRowCount(SUBJECTS);
        for (int subject = 0; subject < SUBJECTS; subject++) {
            rows.addNumbers(subject).addNumbers(20).addTexts("gold").addSubjects(subject(subject));
        }
        ScoreRequest.Builder request =
                ScoreRequest.newBuilder().setModel("churn").setPackedRows(rows);
        List<Answer> answers = new ArrayList<>();
        while (!isOver.get()) {
            long fromNanos = System.nanoTime();
            ScoreResponse response = cluster.score(request);
            newest.accumulateAndGet(response.getReleaseRevision(), Math::max);
            answers.add(
                    new Answer(fromNanos, System.nanoTime(), response.getReleaseRevision(), response.getRowsList()));
        }
        return answers;
    }

    private static String subject(int number) {
        return "subject-" + number;
    }

    private static ModelSlot slot(Release release) {
        List<WeightedVersion> routes = release.getRoutesList().stream()
                .map(route -> new WeightedVersion(served(route.getVersion()), route.getWeight(), 0))
                .toList();
        ReleaseTerms.HoldOut holdOut = release.hasHoldOut()
                ? new ReleaseTerms.HoldOut(
                        release.getHoldOut().getPercent(), release.getHoldOut().getVersion())
                : null;
        return new ModelSlot(
                "churn",
                1,
                new ReleaseTerms(release.getSalt(), holdOut, null, "", ""),
                routes,
                new ReleaseWindow(1, Instant.EPOCH, List.of()));
    }

    private static ServedVersion served(int version) {
        return new ServedVersion(
                version,
                LOADED.modelPackage(),
                LOADED.scorer(),
                "",
                Duration.ZERO,
                new RowCost(1, 1),
                new VersionMeters(new SimpleMeterRegistry(), "churn", version));
    }

    /** Every row was assigned by the one release, and scored by the version it names. */
    private static void requireWhole(Answer answer, ModelSlot slot) {
        for (int subject = 0; subject < SUBJECTS; subject++) {
            ScoredRow row = answer.rows().get(subject);
            assertThat(row.getModelVersion())
                    .as("revision %d, subject %d", answer.revision(), subject)
                    .isEqualTo(slot.versionFor(subject(subject)).version());
            assertThat(row.getIsHeldOut()).isEqualTo(slot.isHeldOut(slot.key(subject(subject))));
            assertThat(row.getScore())
                    .isCloseTo(TestPackages.expected(row.getModelVersion(), subject, 20, "gold"), within(1e-5));
        }
    }

    /** Who asks after another was answered is answered by the same or a later release: the routes are one atomic register. */
    private static void requireNoneGoesBack(List<Answer> answers) {
        List<Answer> byStart = answers.stream()
                .sorted(Comparator.comparingLong(Answer::fromNanos))
                .toList();
        List<Answer> byEnd = answers.stream()
                .sorted(Comparator.comparingLong(Answer::toNanos))
                .toList();
        int ended = 0;
        int newest = 0;
        for (Answer answer : byStart) {
            while (ended < byEnd.size() && byEnd.get(ended).toNanos() < answer.fromNanos()) {
                newest = Math.max(newest, byEnd.get(ended++).revision());
            }
            assertThat(answer.revision()).isGreaterThanOrEqualTo(newest);
        }
    }

    /** The windows count each row once, under the release and the version that answered it. */
    private static void requireCounted(Cluster cluster, List<Answer> answers) {
        Map<String, Long> expected = new HashMap<>();
        for (Answer answer : answers) {
            answer.rows()
                    .forEach(row -> expected.merge(answer.revision() + ":" + row.getModelVersion(), 1L, Long::sum));
        }
        var model = cluster.statistics(
                GetReleaseStatisticsRequest.newBuilder().setModel("churn").setFromRevision(1));
        assertThat(model.getWindowsCount()).isEqualTo(8);
        model.getWindowsList().forEach(window -> window.getVersionsList().forEach(version -> assertThat(
                        version.getRowCount())
                .isEqualTo(expected.getOrDefault(window.getReleaseRevision() + ":" + version.getVersion(), 0L))));
    }

    @Test
    void theBoardIsAnAtomicRegisterOfWholeSlots() throws Exception {
        RouteBoard board = new RouteBoard();
        int writes = 20_000;
        long[] beganNanos = new long[writes + 1];
        long[] endedNanos = new long[writes + 1];
        ServedVersion served = served(1);
        AtomicBoolean isOver = new AtomicBoolean();
        ExecutorService readers = Executors.newFixedThreadPool(4);
        List<Future<List<long[]>>> histories = new ArrayList<>();
        for (int reader = 0; reader < 4; reader++) {
            histories.add(readers.submit(() -> {
                List<long[]> reads = new ArrayList<>(); // from, to, revision
                while (!isOver.get() && reads.size() < 200_000) {
                    long from = System.nanoTime();
                    ModelSlot slot = board.current().slot("churn");
                    long revision = slot == null ? 0 : slot.revision();
                    reads.add(new long[] {from, System.nanoTime(), revision});
                    if (slot != null) {
                        requireOfOnePiece(slot);
                    }
                }
                return reads;
            }));
        }
        for (int revision = 1; revision <= writes; revision++) {
            ModelSlot next =
                    new ModelSlot("churn", revision, "salt " + revision, List.of(new WeightedVersion(served, 100, 0)));
            beganNanos[revision] = System.nanoTime();
            board.publish(next);
            endedNanos[revision] = System.nanoTime();
        }
        isOver.set(true);
        for (Future<List<long[]>> history : histories) {
            for (long[] read : history.get(20, TimeUnit.SECONDS)) {
                int revision = (int) read[2];
                if (revision > 0 && beganNanos[revision] > read[1]) {
                    throw new AssertionError("revision %d read before it was written".formatted(revision));
                }
                if (revision < writes && endedNanos[revision + 1] < read[0]) {
                    throw new AssertionError("revision %d read after another took its place".formatted(revision));
                }
            }
        }
        readers.shutdown();
    }

    private static void requireOfOnePiece(ModelSlot slot) {
        boolean isWhole = slot.terms().salt().equals("salt " + slot.revision())
                && slot.routes().get(0).weight() == 100;
        if (!isWhole) {
            throw new AssertionError("revision %d with %s".formatted(slot.revision(), slot.terms()));
        }
    }
}
