package io.foresell.inference.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.inference.fetch.Release;
import io.foresell.inference.fetch.RoutedVersion;
import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.inference.ladder.Ladder;
import io.foresell.inference.measure.ReleaseWindow;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.ReleaseTerms;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.route.SlotLadder;
import io.foresell.kit.ServiceException;
import io.foresell.model.pack.ModelPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random sequences of all that can happen to versions and routes, against a reference model of a page. After every step the real lane,
 * board, disk and windows must come to what the reference says.
 */
final class ReleaseMachineTest {
    private static final int SEEDS = 3;
    private static final int STEPS = 40;
    private static final List<String> MODELS = List.of("churn", "offer");
    private static final int SUBJECTS = 40;

    @TempDir
    Path folder;

    @Test
    void followsTheReferenceWhateverHappens() throws Exception {
        Set<String> seen = new HashSet<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            play(seed, seen);
        }
        assertThat(seen)
                .as("kinds of steps and of outcomes")
                .contains("served", "refused", "unloaded", "restarted", "registry lost", "rolled back");
    }

    private void play(long seed, Set<String> seen) throws Exception {
        List<String> story = new ArrayList<>();
        try (LaneMachine machine = new LaneMachine(folder.resolve("seed-" + seed), 0, Duration.ofMinutes(1))) {
            Game game = new Game(machine, new SplittableRandom(seed), story, seen);
            game.requireEqual();
            for (int step = 0; step < STEPS; step++) {
                game.step();
                game.requireEqual();
            }
        } catch (AssertionError e) {
            throw new AssertionError(
                    "seed %d: %s after%n%s".formatted(seed, e.getMessage(), String.join("\n", story)), e);
        }
    }

    /** What is published: immutable versions of a model, some of which no server can load. */
    private record Published(int version, int packageBytes, String digest) {}

    /** Draws steps and does them to both. */
    private static final class Game {
        private final LaneMachine machine;
        private final SplittableRandom random;
        private final List<String> story;
        private final Map<String, List<Published>> published = new HashMap<>();
        private final Map<String, List<Release>> released = new HashMap<>(); // by model, oldest first
        private final Map<String, ExpectedModel> expected = new TreeMap<>();
        private final Set<String> disk = new HashSet<>();
        private final Set<String> bad = new HashSet<>();
        private final Map<String, List<Integer>> assigned =
                new HashMap<>(); // by unit: the same unit, the same versions
        private final Set<String> seen;

        Game(LaneMachine machine, SplittableRandom random, List<String> story, Set<String> seen) {
            this.machine = machine;
            this.random = random;
            this.story = story;
            this.seen = seen;
            for (String model : MODELS) {
                published.put(model, new ArrayList<>());
                released.put(model, new ArrayList<>());
                expected.put(model, new ExpectedModel());
                publish(model, false);
                release(model);
            }
        }

        void step() throws Exception {
            String model = MODELS.get(random.nextInt(MODELS.size()));
            int kind = random.nextInt(20);
            if (kind < 3) {
                publish(model, false);
            } else if (kind < 5) {
                publish(model, true);
            } else if (kind < 10) {
                release(model);
            } else if (kind < 12) {
                changeWeights(model);
            } else if (kind < 14) {
                rollBack(model);
            } else if (kind < 15) {
                order(model, false);
            } else if (kind < 17) {
                order(model, true);
            } else if (kind < 19) {
                toggleRegistry();
            } else {
                restart();
            }
        }

        private void publish(String model, boolean isBad) {
            int version = published.get(model).size() + 1;
            byte[] bytes = isBad
                    ? TestPackages.withWrongGolden(model, version / 10.0, 0.001)
                    : TestPackages.logistic(model, version / 10.0);
            Published next = new Published(version, bytes.length, ModelPackage.digestOf(bytes));
            story.add("publish %s@%d%s".formatted(model, version, isBad ? " bad" : ""));
            published.get(model).add(next);
            machine.packages.put(next.digest(), bytes);
            if (isBad) {
                bad.add(next.digest());
            }
        }

        private void release(String model) {
            List<Published> versions = new ArrayList<>(published.get(model));
            List<RoutedVersion> routes = new ArrayList<>();
            int left = 100;
            int count = 1 + random.nextInt(Math.min(3, versions.size()));
            for (int i = 0; i < count; i++) {
                // The newer ones more often, so that bad ones do not stay for ever.
                int pick = Math.max(random.nextInt(versions.size()), random.nextInt(versions.size()));
                Published version = versions.remove(pick);
                int weight = i == count - 1 ? left : random.nextInt(left + 1);
                left -= weight;
                boolean isShadow = weight == 0 && random.nextBoolean();
                routes.add(route(version, weight, isShadow ? 1 + random.nextInt(100) : 0));
            }
            release(model, routes, terms(routes));
        }

        private static RoutedVersion route(Published version, int weight, int shadowPercent) {
            return new RoutedVersion(
                    version.version(), weight, shadowPercent, version.digest(), version.packageBytes());
        }

        private ReleaseTerms terms(List<RoutedVersion> routes) {
            RoutedVersion baseline = routes.get(0);
            boolean isHeldOut = random.nextInt(3) == 0 && baseline.shadowPercent() == 0;
            return new ReleaseTerms(
                    "salt",
                    isHeldOut ? new ReleaseTerms.HoldOut(1 + random.nextInt(99), baseline.version()) : null,
                    random.nextBoolean() ? new ReleaseTerms.Bands(0.2, random.nextDouble(0.2, 1)) : null,
                    random.nextInt(5) == 0 ? "hash-1" : "",
                    random.nextInt(5) == 0 ? "plan" : "",
                    random.nextInt(3) == 0 ? ladder(routes) : null);
        }

        private Ladder ladder(List<RoutedVersion> routes) {
            RoutedVersion any = routes.get(random.nextInt(routes.size()));
            return new Ladder(
                    random.nextBoolean() && any.shadowPercent() == 0 ? any.version() : 0,
                    Duration.ofMillis(1000 + random.nextInt(100_000)));
        }

        private void changeWeights(String model) {
            Release current = newest(model);
            int first = random.nextInt(101);
            List<RoutedVersion> answering = current.routes().stream()
                    .filter(route -> route.shadowPercent() == 0)
                    .toList();
            List<RoutedVersion> routes = new ArrayList<>();
            for (RoutedVersion route : current.routes()) {
                int place = answering.indexOf(route);
                int weight = answering.size() == 1 ? 100 : place == 0 ? first : place == 1 ? 100 - first : 0;
                routes.add(
                        place < 0
                                ? route
                                : new RoutedVersion(route.version(), weight, 0, route.digest(), route.packageBytes()));
            }
            release(model, routes, current.terms());
        }

        private void rollBack(String model) {
            List<Release> history = released.get(model);
            Release earlier = history.get(random.nextInt(history.size()));
            seen.add("rolled back");
            release(model, earlier.routes(), earlier.terms());
        }

        private void release(String model, List<RoutedVersion> routes, ReleaseTerms terms) {
            Release next = new Release(model, released.get(model).size() + 1, routes, terms);
            released.get(model).add(next);
            story.add("release " + next);
            if (machine.isRegistryUp) {
                machine.lane.changed(List.of(next));
                hear(model);
            }
        }

        private Release newest(String model) {
            List<Release> history = released.get(model);
            return history.get(history.size() - 1);
        }

        private void hear(String model) {
            expected.get(model).hear(newest(model), disk, true, bad);
        }

        private void order(String model, boolean isLoad) {
            story.add((isLoad ? "load " : "unload ") + model);
            ExpectedModel reference = expected.get(model);
            CompletableFuture<Void> order = isLoad ? machine.orders.load(model) : machine.orders.unload(model);
            String outcome = "done";
            try {
                order.join();
            } catch (CompletionException e) {
                outcome = ((ServiceException) e.getCause()).failure().reason();
            }
            if (reference.heard == null) {
                assertThat(outcome).isEqualTo("MODEL_NOT_FOUND");
            } else if (isLoad) {
                reference.apply(disk, machine.isRegistryUp, bad);
                assertThat(outcome).isEqualTo(reference.isFailed ? "MODEL_LOAD_FAILED" : "done");
            } else {
                reference.unload();
                seen.add("unloaded");
                assertThat(outcome).isEqualTo("done");
            }
        }

        private void toggleRegistry() {
            machine.isRegistryUp = !machine.isRegistryUp;
            story.add("registry " + (machine.isRegistryUp ? "back" : "lost"));
            if (machine.isRegistryUp) {
                tellAll();
            } else {
                seen.add("registry lost");
            }
        }

        private void tellAll() {
            machine.lane.changed(MODELS.stream().map(this::newest).toList());
            machine.lane.completed();
            MODELS.forEach(this::hear);
        }

        private void restart() throws IOException {
            story.add("restart");
            seen.add("restarted");
            machine.stop();
            machine.start();
            expected.values().forEach(model -> model.restart(disk, bad));
            if (machine.isRegistryUp) {
                tellAll();
            }
        }

        void requireEqual() {
            for (String model : MODELS) {
                ExpectedModel wanted = expected.get(model);
                try {
                    Cluster.await(model, () -> differences(model, wanted).isEmpty());
                } catch (AssertionError e) {
                    throw new AssertionError(model + ": " + differences(model, wanted), e);
                }
                ModelSlot slot = machine.board.current().slot(model);
                if (slot != null) {
                    seen.add("served");
                    requireSticky(slot);
                }
                if (wanted.isFailed) {
                    seen.add("refused");
                }
            }
        }

        private String differences(String model, ExpectedModel wanted) {
            ModelSlot slot = machine.board.current().slot(model);
            List<VersionStatus> statuses = machine.states.of(model);
            List<ReleaseWindow> windows = machine.windows.of(model);
            ReleaseWindow window = windows.isEmpty() ? null : windows.get(windows.size() - 1);
            if (wanted.serving == null) {
                if (slot != null) {
                    return "serves revision %d, expected none".formatted(slot.revision());
                }
                if (window != null && window.endedAt().isEmpty()) {
                    return "its window is open";
                }
            } else if (slot == null || !unitOf(slot).equals(unitOf(wanted.serving))) {
                return "serves %s, expected %s".formatted(slot == null ? null : unitOf(slot), unitOf(wanted.serving));
            } else if (slot.revision() != wanted.serving.revision()) {
                return "serves revision %d, expected %d".formatted(slot.revision(), wanted.serving.revision());
            } else if (window == null
                    || window.revision() != slot.revision()
                    || window.endedAt().isPresent()) {
                return "no open window of revision " + slot.revision();
            }
            if (wanted.isUnloaded) {
                boolean isSaid = statuses.size() == wanted.heard.routes().size()
                        && statuses.stream().allMatch(VersionStatus::isUnloaded);
                return isSaid ? "" : "unloaded, and says " + statuses;
            }
            if (wanted.isFailed) {
                String prefix = "release %d: ".formatted(wanted.heard.revision());
                boolean isSaid = !statuses.isEmpty()
                        && statuses.stream().allMatch(status -> status.failure().startsWith(prefix));
                return isSaid ? "" : "expected '%s', says %s".formatted(prefix, statuses);
            }
            return statuses.isEmpty() ? "" : "ready, and says " + statuses;
        }

        private static String unitOf(ModelSlot slot) {
            StringBuilder unit = new StringBuilder(slot.terms().toString());
            slot.routes()
                    .forEach(route -> unit.append(" %d:%d:%d:%s"
                            .formatted(
                                    route.served().version(),
                                    route.weight(),
                                    route.shadowPercent(),
                                    route.served().digest())));
            return unit.toString();
        }

        private static String unitOf(Release release) {
            StringBuilder unit = new StringBuilder(release.terms().toString());
            release.routes().stream()
                    .sorted(java.util.Comparator.comparingInt(RoutedVersion::version))
                    .forEach(route -> unit.append(" %d:%d:%d:%s"
                            .formatted(route.version(), route.weight(), route.shadowPercent(), route.digest())));
            return unit.toString();
        }

        private static void requireLadder(ModelSlot slot) {
            Ladder declared = slot.terms().ladder();
            SlotLadder ladder = slot.ladder();
            assertThat(ladder == null).isEqualTo(declared == null);
            if (ladder != null) {
                assertThat(ladder.known()).isNotNull();
                ServedVersion fallback = ladder.fallback();
                assertThat(fallback == null ? 0 : fallback.version()).isEqualTo(declared.fallbackVersion());
                assertThat(fallback == null || slot.version(fallback.version()) == fallback)
                        .isTrue();
            }
        }

        /** Whatever happened in between: the same unit gives every subject the version it had. */
        private void requireSticky(ModelSlot slot) {
            requireLadder(slot);
            List<Integer> versions = new ArrayList<>();
            for (int subject = 0; subject < SUBJECTS; subject++) {
                long key = slot.key("subject-" + subject);
                var route = slot.routeFor(key);
                ReleaseTerms.HoldOut holdOut = slot.terms().holdOut();
                if (slot.isHeldOut(key)) {
                    assertThat(route.served().version()).isEqualTo(holdOut.version());
                } else {
                    assertThat(route.weight()).isPositive();
                }
                versions.add(route.served().version());
            }
            assertThat(versions).isEqualTo(assigned.computeIfAbsent(slot.model() + unitOf(slot), unit -> versions));
        }
    }
}
