package io.foresell.inference.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.inference.fetch.Release;
import io.foresell.inference.fetch.RoutedVersion;
import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.ParkedRelease;
import io.foresell.inference.route.RouteTable;
import io.foresell.inference.route.ServedVersion;
import io.foresell.kit.ServiceException;
import io.foresell.model.pack.ModelPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random sequences of calls, calls in flight, bulk streams, releases, orders and restarts on the real lane with little memory, against a reference
 * that knows which release of each model is in force, and the laws of the budget.
 */
final class MemoryMachineTest {
    private static final int SEEDS = 3;
    private static final int STEPS = 120;
    private static final int MODELS = 6;
    private static final long BUDGET = 240_000; // for four versions of about 55,000

    @TempDir
    Path folder;

    @Test
    void keepsTheBudgetAndWhatIsHeldAndLosesNoModel() throws Exception {
        Set<String> seen = new HashSet<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            List<String> story = new ArrayList<>();
            try (LaneMachine machine = new LaneMachine(folder.resolve("seed-" + seed), BUDGET, Duration.ZERO)) {
                Game game = new Game(machine, new SplittableRandom(seed), story, seen);
                for (int step = 0; step < STEPS; step++) {
                    game.step();
                    game.requireLaws();
                }
                game.end();
            } catch (AssertionError e) {
                throw new AssertionError(
                        "seed %d: %s after%n%s".formatted(seed, e.getMessage(), String.join("\n", story)), e);
            }
        }
        assertThat(seen)
                .contains(
                        "resident",
                        "parked",
                        "loaded",
                        "no room",
                        "held",
                        "pinned",
                        "unloaded",
                        "released",
                        "restarted");
    }

    private static final class Game {
        private final LaneMachine machine;
        private final SplittableRandom random;
        private final List<String> story;
        private final Set<String> seen;
        private final Map<String, Integer> revisions = new HashMap<>(); // of the release in force
        private final Set<String> unloaded = new HashSet<>();
        private final List<ModelSlot> calls = new ArrayList<>(); // in flight
        private final Map<String, ServedVersion> streams = new HashMap<>(); // by model

        Game(LaneMachine machine, SplittableRandom random, List<String> story, Set<String> seen) {
            this.machine = machine;
            this.random = random;
            this.story = story;
            this.seen = seen;
            for (int i = 0; i < MODELS; i++) {
                release("model_" + i);
            }
        }

        void step() throws Exception {
            String model = "model_" + random.nextInt(MODELS);
            int kind = random.nextInt(30);
            if (kind < 14) {
                call(model);
            } else if (kind < 20) {
                begin(model);
            } else if (kind < 22) {
                finish();
            } else if (kind < 25) {
                openStream(model);
            } else if (kind < 26) {
                closeStream();
            } else if (kind < 27) {
                release(model);
            } else if (kind < 28) {
                order(model, false);
            } else if (kind < 29) {
                order(model, true);
            } else {
                restart();
            }
        }

        /** Asks for a model as a call does; null when it is not to be had. */
        private ModelSlot ask(String model) throws Exception {
            for (int attempt = 0; attempt < 50; attempt++) {
                RouteTable table = machine.board.current();
                ModelSlot slot = table.slot(model);
                if (slot != null) {
                    seen.add("resident");
                    return slot;
                }
                ParkedRelease parked = table.parked(model);
                if (parked == null) {
                    return null;
                }
                seen.add("parked");
                CompletableFuture<Void> load = machine.demands.load(parked);
                try {
                    load.get(held() < 4 ? 10_000 : 60, TimeUnit.MILLISECONDS);
                    seen.add("loaded");
                } catch (TimeoutException e) {
                    assertThat(held()).as("models held while %s waits", model).isGreaterThanOrEqualTo(4);
                    seen.add("no room");
                    return null;
                }
            }
            throw new AssertionError("parked again and again: " + model);
        }

        /** Nobody waits long unless what is held leaves no room for one more. */
        private long held() {
            return calls.stream().map(ModelSlot::model).distinct().count() + streams.size();
        }

        private void call(String model) throws Exception {
            story.add("call " + model);
            ModelSlot slot = ask(model);
            if (slot != null) {
                slot.usage().begin(System.nanoTime());
                assertThat(slot.revision()).isEqualTo(revisions.get(model));
                slot.usage().end();
            }
        }

        private void begin(String model) throws Exception {
            story.add("begin " + model);
            ModelSlot slot = ask(model);
            if (slot != null) {
                slot.usage().begin(System.nanoTime());
                if (machine.board.current().slot(model) != slot) { // a load that waited for room came first
                    slot.usage().end();
                    return;
                }
                calls.add(slot);
                seen.add("held");
            }
        }

        private void finish() {
            if (!calls.isEmpty()) {
                ModelSlot slot = calls.remove(random.nextInt(calls.size()));
                story.add("finish " + slot.model());
                slot.usage().end();
            }
        }

        private void openStream(String model) throws Exception {
            if (streams.containsKey(model)) {
                return;
            }
            story.add("open stream " + model);
            ModelSlot slot = ask(model);
            if (slot != null) {
                ServedVersion version = slot.routes().get(0).served();
                machine.pins.pin(model, version);
                streams.put(model, version);
                seen.add("pinned");
            }
        }

        private void closeStream() {
            if (!streams.isEmpty()) {
                String model = List.copyOf(streams.keySet()).get(random.nextInt(streams.size()));
                story.add("close stream " + model);
                machine.pins.unpin(model, streams.remove(model), false);
            }
        }

        private void release(String model) {
            int revision = revisions.merge(model, 1, Integer::sum);
            story.add("release %s %d".formatted(model, revision));
            if (streams.size() + calls.size() > 2) { // else a release might find no room, which is tried again later
                while (!calls.isEmpty()) {
                    finish();
                }
                while (!streams.isEmpty()) {
                    closeStream();
                }
            }
            byte[] bytes = TestPackages.logistic(model, revision);
            String digest = ModelPackage.digestOf(bytes);
            machine.packages.put(digest, bytes);
            machine.lane.changed(List.of(new Release(
                    model, revision, List.of(new RoutedVersion(revision, 100, digest, bytes.length)), "s")));
            unloaded.remove(model);
            Cluster.await(model + " revision " + revision, () -> revision(model) == revision);
            seen.add("released");
        }

        private int revision(String model) {
            RouteTable table = machine.board.current();
            ModelSlot slot = table.slot(model);
            ParkedRelease parked = table.parked(model);
            return slot != null ? slot.revision() : parked != null ? parked.revision() : 0;
        }

        private void order(String model, boolean isLoad) throws Exception {
            story.add((isLoad ? "load " : "unload ") + model);
            CompletableFuture<Void> done = isLoad ? machine.orders.load(model) : machine.orders.unload(model);
            try {
                done.get(10, TimeUnit.SECONDS);
                if (isLoad) {
                    unloaded.remove(model);
                } else {
                    unloaded.add(model);
                    seen.add("unloaded");
                }
            } catch (ExecutionException e) {
                assertThat(isLoad).isTrue();
                assertThat(((ServiceException) e.getCause()).failure().message())
                        .contains("MODEL_MEMORY_FULL");
                unloaded.remove(model);
                if (revision(model) == 0) {
                    unloaded.add(model); // not there until there is room, which a retry finds
                    order(model, false);
                }
            }
        }

        private void restart() throws IOException {
            story.add("restart");
            seen.add("restarted");
            calls.clear();
            streams.clear();
            unloaded.clear();
            machine.stop();
            machine.start();
            Cluster.await("restored", () -> machine.states.isStarted());
        }

        void requireLaws() {
            RouteTable table = machine.board.current();
            assertThat(machine.budget.residentBytes()).isLessThanOrEqualTo(BUDGET);
            Set<ServedVersion> resident = Collections.newSetFromMap(new IdentityHashMap<>());
            table.slots().forEach(slot -> slot.routes().forEach(route -> resident.add(route.served())));
            machine.pins.all().forEach(pin -> resident.add(pin.served()));
            assertThat(resident.stream().mapToLong(ServedVersion::memoryBytes).sum())
                    .as("bytes of models in memory")
                    .isLessThanOrEqualTo(BUDGET);
            for (ModelSlot call : calls) {
                if (!unloaded.contains(call.model())) {
                    assertThat(table.slot(call.model()))
                            .as(call.model() + ", in flight")
                            .isNotNull();
                }
            }
            streams.forEach(
                    (model, version) -> assertThat(machine.pins.find(model, version.version(), version.digest()))
                            .as(model + ", held by a stream")
                            .isSameAs(version));
            revisions.forEach((model, revision) ->
                    assertThat(revision(model)).as(model).isEqualTo(unloaded.contains(model) ? 0 : revision));
        }

        /** With nothing held every model answers. */
        void end() throws Exception {
            while (!calls.isEmpty()) {
                finish();
            }
            while (!streams.isEmpty()) {
                closeStream();
            }
            for (String model : revisions.keySet()) {
                if (!unloaded.contains(model)) {
                    assertThat(ask(model)).as(model).isNotNull();
                }
            }
        }
    }
}
