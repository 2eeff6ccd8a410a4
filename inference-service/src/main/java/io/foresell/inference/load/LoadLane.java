package io.foresell.inference.load;

import io.foresell.inference.fetch.PackageStore;
import io.foresell.inference.fetch.Release;
import io.foresell.inference.fetch.ReleaseListener;
import io.foresell.inference.ladder.LastKnownScores;
import io.foresell.inference.lookup.FeatureSetClient;
import io.foresell.inference.measure.ReleaseWindows;
import io.foresell.inference.route.FeatureContract;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.PinnedVersions;
import io.foresell.inference.route.RouteBoard;
import io.foresell.inference.route.WeightedVersion;
import io.foresell.kit.ServiceException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread on which everything is loaded, one after the other: what served last at start, then orders, models that calls wait for and releases
 * in turn. When nothing waits it compares what could not be compared, and rehearses once.
 */
public final class LoadLane implements ReleaseListener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LoadLane.class);
    private static final Duration RECHECK = Duration.ofSeconds(5);
    private static final Duration MAX_WAIT = Duration.ofHours(1);
    private static final Duration PAUSE_AFTER_BUG = Duration.ofMillis(200);

    private final RouteBoard board;
    private final LoadStates states;
    private final FeatureContracts contracts;
    private final Runnable whenStarted;
    private final Rehearsal rehearsal;
    private final ServingReleases serving;
    private final ModelMemory memory;
    private final ReleaseDesk desk;
    private final Thread thread = new Thread(this::run, "load-lane");

    private final ReleaseQueue queue = new ReleaseQueue();
    private final LoadOrders orders;
    private final LoadDemands demands;
    private volatile boolean isBusy; // written only by the lane's thread
    private volatile boolean isStartKnown; // what to load at start was said, by the disk or by the registry
    private volatile boolean isClosed;

    // The rest belongs to the lane's thread.
    private boolean isRehearsed;
    private long comparedNanos = System.nanoTime();

    /** Makes a lane; {@code whenStarted} runs once on the lane's thread when the load at start is finished. */
    public LoadLane(
            VersionLoader loader,
            PackageStore store,
            RouteBoard board,
            PinnedVersions pins,
            LoadStates states,
            ReleaseWindows windows,
            LastKnownScores lastKnown,
            FeatureSetClient featureSets,
            LoadOrders orders,
            LoadDemands demands,
            MemoryBudget budget,
            Runnable whenStarted,
            MeterRegistry meters) {
        this.board = board;
        this.states = states;
        this.contracts = new FeatureContracts(featureSets);
        this.orders = orders;
        this.demands = demands;
        this.whenStarted = whenStarted;
        VersionFacts facts = new VersionFacts();
        this.serving = new ServingReleases(board, pins, windows, new ReleaseJournal(store), facts, lastKnown);
        this.memory = new ModelMemory(budget, serving, board, pins, meters);
        this.desk = new ReleaseDesk(
                new ReleaseLoader(loader, contracts, serving, facts),
                serving,
                memory,
                new ReleaseReports(states, board, meters),
                states,
                board,
                demands,
                queue,
                facts);
        Gauge.builder("model_load_queue_length", this, lane -> lane.queueLength())
                .description("Releases waiting for the load lane")
                .register(meters);
        this.rehearsal = new Rehearsal(meters);
        thread.setDaemon(true);
        orders.whenOffered(queue::wake);
        demands.whenOffered(queue::wake);
    }

    /** Starts the thread; it loads the releases served last first, so that a newer one that fails never leaves nothing. */
    public void start() {
        thread.start();
    }

    private void restore() throws InterruptedException {
        List<Release> before = serving.recall();
        if (before.isEmpty()) {
            return;
        }
        log.info("loading from disk models={}", before.size());
        for (Release release : before) {
            desk.restore(release);
        }
        completed();
    }

    private int queueLength() {
        return queue.length() + (isBusy ? 1 : 0);
    }

    @Override
    public void changed(List<Release> releases) {
        queue.offer(releases);
    }

    @Override
    public void completed() {
        isStartKnown = true;
        queue.wake();
    }

    private void run() {
        try {
            restore();
            while (!isClosed) {
                workOn();
            }
        } catch (InterruptedException e) {
            log.debug("load lane interrupted by close", e);
        }
        var unused = Thread.interrupted(); // a channel would not write
        serving.keep(true);
    }

    /** A bug costs the work that met it, not all that comes after. */
    private void workOn() throws InterruptedException {
        try {
            work();
        } catch (RuntimeException e) {
            log.error("load lane goes on with the next work", e);
            Thread.sleep(PAUSE_AFTER_BUG.toMillis());
        }
    }

    private void work() throws InterruptedException {
        carryOut();
        String model = demands.next();
        if (model != null) {
            desk.demand(model);
        }
        Release release = queue.poll();
        isBusy = release != null;
        if (release != null) {
            desk.hear(release);
        } else {
            tellStarted();
            idle();
        }
    }

    private void tellStarted() {
        if (isStartKnown && !states.isStarted()) {
            states.started();
            whenStarted.run();
        }
    }

    private void carryOut() throws InterruptedException {
        for (LoadOrders.Order order = orders.poll(); order != null; order = orders.poll()) {
            try {
                if (order.isLoad()) {
                    desk.load(order.model());
                } else {
                    desk.unload(order.model());
                }
                order.done().complete(null);
            } catch (ServiceException e) {
                order.done().completeExceptionally(e);
            }
        }
    }

    /** Waits for work, and as long as feature sets are unchecked asks for them now and then. */
    private void idle() throws InterruptedException {
        if (!demands.isEmpty() && demands.next() != null) {
            return;
        }
        rehearse();
        memory.settle(); // streams that ended hold nothing any more
        serving.keep(false);
        List<ModelSlot> unchecked = board.current().slots().stream()
                .filter(slot -> slot.routes().stream().anyMatch(LoadLane::isUnchecked))
                .toList();
        Duration pause = unchecked.isEmpty() ? MAX_WAIT : RECHECK;
        Duration untilDemand = demands.isEmpty() ? pause : demands.untilNext();
        boolean hasWork = queue.awaitWork(pause.compareTo(untilDemand) < 0 ? pause : untilDemand);
        if (!hasWork && System.nanoTime() - comparedNanos > RECHECK.toNanos() / 2) {
            comparedNanos = System.nanoTime();
            for (ModelSlot slot : unchecked) {
                slot.routes().forEach(route -> contracts.checkAgain(slot.model(), route.served()));
            }
        }
    }

    private static boolean isUnchecked(WeightedVersion route) {
        return route.served().featureContract().state() == FeatureContract.State.UNCHECKED;
    }

    /** Only when the service is ready and nothing waits. */
    private void rehearse() {
        if (states.isStarted() && !isRehearsed) {
            isRehearsed = true;
            rehearsal.run(() -> !isClosed && queue.length() == 0 && orders.isEmpty() && demands.isEmpty());
        }
    }

    @Override
    public void close() {
        isClosed = true;
        orders.close();
        demands.close();
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
