package io.foresell.inference.serve.tensor;

import io.foresell.inference.load.LoadStates;
import io.foresell.inference.load.VersionStatus;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.ParkedRelease;
import io.foresell.inference.route.RouteBoard;
import io.foresell.inference.route.RouteTable;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.route.WeightedVersion;
import io.foresell.inference.serve.SlotChoice;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the version that answers a request: a released package, else a built-in test model. */
final class ModelDirectory {
    /** How clients of the protocol recognise that a model is not there. */
    private static final String UNKNOWN = "Request for unknown model: ";

    private static final int RELEASED = 0;

    private final RouteBoard board;
    private final LoadStates states;
    private final SlotChoice slots;
    private final TestModels tests;
    private final AtomicLong requests = new AtomicLong(); // spreads requests without a subject over the routes

    ModelDirectory(RouteBoard board, LoadStates states, TestModels tests) {
        this.board = board;
        this.states = states;
        this.slots = new SlotChoice(board, states);
        this.tests = tests;
    }

    /**
     * Returns the version that answers a request.
     *
     * @param version empty for the release's choice
     * @param subject assigned to a version for as long as the weights stay; empty spreads requests by the weights
     * @throws ServiceException NOT_FOUND, UNAVAILABLE while it is not loaded, INVALID_ARGUMENT for what cannot be a version
     */
    TensorModel find(String model, String version, String subject) {
        int number = number(version);
        RouteTable table = board.current();
        ModelSlot slot = table.slot(model);
        if (slot == null) {
            TestModel test = table.parked(model) == null ? tests.loaded(model) : null;
            if (test != null) {
                return requireVersion(test, number);
            }
            slot = missing(table, model);
        }
        if (number != RELEASED) {
            return PackageModel.named(slot, pinned(slot, number));
        }
        long key = subject.isEmpty() ? slot.key(requests.getAndIncrement()) : slot.key(subject);
        return PackageModel.routed(slot, key);
    }

    /** Returns the version that describes a model: the one asked for, else the one with the greatest weight. */
    TensorModel describe(String model, String version) {
        if (number(version) == RELEASED) {
            ModelSlot slot = board.current().slot(model);
            if (slot != null) {
                return PackageModel.named(slot, heaviest(slot));
            }
        }
        return find(model, version, "");
    }

    private static ServedVersion heaviest(ModelSlot slot) {
        return slot.routes().stream()
                .max(Comparator.comparingInt(WeightedVersion::weight))
                .orElseThrow()
                .served();
    }

    /** Returns whether a model, and the version if one is named, answers now. */
    boolean isReady(String model, String version) {
        int number = number(version);
        ModelSlot slot = board.current().slot(model);
        if (slot == null) {
            ParkedRelease parked = board.current().parked(model);
            return parked == null
                    ? tests.loaded(model) != null && number <= 1
                    : number == RELEASED || parked.version(number) != null;
        }
        return number == RELEASED || slot.version(number) != null;
    }

    /** Returns all versions that answer, by model and version. */
    List<TensorModel> all() {
        List<TensorModel> models = new ArrayList<>();
        RouteTable table = board.current();
        for (ModelSlot slot : table.slots()) {
            slot.routes().forEach(route -> models.add(PackageModel.named(slot, route.served())));
        }
        for (TestModel test : tests.loaded()) {
            if (table.slot(test.name()) == null && table.parked(test.name()) == null) {
                models.add(test);
            }
        }
        models.sort(Comparator.comparing(TensorModel::name));
        return models;
    }

    /** Returns whether the first call for a model loads it. */
    boolean isParked(String model) {
        return board.current().parked(model) != null;
    }

    /** Returns the releases that the first call for their model loads. */
    Collection<ParkedRelease> parked() {
        return board.current().parked();
    }

    /** Returns the versions that a release asks for and that do not answer. */
    List<VersionStatus> notReady() {
        return states.all();
    }

    /** Returns whether the load at start is finished. */
    boolean isStarted() {
        return states.isStarted();
    }

    /** Says in words what serves a model now; empty when nothing is known of it. */
    String served(String model) {
        RouteTable table = board.current();
        ModelSlot slot = table.slot(model);
        if (slot != null) {
            return words(
                    slot.revision(),
                    slot.routes().stream()
                            .map(route -> words(route.served().version(), route.weight(), route.shadowPercent())));
        }
        ParkedRelease parked = table.parked(model);
        if (parked != null) {
            return words(
                            parked.revision(),
                            parked.versions().stream()
                                    .map(each -> words(each.version(), each.weight(), each.shadowPercent())))
                    + ", parked";
        }
        List<VersionStatus> statuses = states.of(model);
        if (!statuses.isEmpty()) {
            VersionStatus first = statuses.get(0);
            return first.isUnloaded() ? "unloaded" : first.isFailed() ? "nothing: " + first.failure() : "loading";
        }
        return !tests.knows(model) ? "" : tests.loaded(model) == null ? "unloaded" : "test model";
    }

    private static String words(int revision, Stream<String> routes) {
        return "release %d: %s".formatted(revision, routes.collect(Collectors.joining(", ")));
    }

    private static String words(int version, int weight, int shadowPercent) {
        return shadowPercent > 0
                ? "%d as shadow of %d %%".formatted(version, shadowPercent)
                : "%d at %d %%".formatted(version, weight);
    }

    private ModelSlot missing(RouteTable table, String model) {
        if (tests.knows(model) && states.of(model).isEmpty()) {
            throw new ServiceException(Failure.unavailable(
                    "MODEL_UNLOADED",
                    "model '%s': unloaded by order (expected: loaded)".formatted(model),
                    Duration.ofSeconds(30)));
        }
        try {
            return slots.slot(table, model);
        } catch (ServiceException e) {
            Failure failure = e.failure();
            throw failure.code() == Status.Code.NOT_FOUND ? unknown(failure) : e;
        }
    }

    private static ServedVersion pinned(ModelSlot slot, int number) {
        try {
            return SlotChoice.pinned(slot, number);
        } catch (ServiceException e) {
            throw unknown(e.failure());
        }
    }

    private static TestModel requireVersion(TestModel test, int number) {
        if (number > 1) {
            throw unknown(Failure.notFound(
                    "version", Integer.toString(number), "a loaded version of '%s': 1".formatted(test.name())));
        }
        return test;
    }

    private static ServiceException unknown(Failure failure) {
        return new ServiceException(new Failure(
                failure.code(),
                failure.reason(),
                UNKNOWN + failure.message(),
                failure.metadata(),
                failure.violations(),
                failure.retryAfter()));
    }

    private static int number(String version) {
        if (version.isEmpty()) {
            return RELEASED;
        }
        try {
            int number = Integer.parseInt(version);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw invalidVersion(version, e);
        }
        throw invalidVersion(version, null);
    }

    private static ServiceException invalidVersion(String version, @org.jspecify.annotations.Nullable Throwable cause) {
        String shown = version.length() <= 60 ? version : version.substring(0, 57) + "...";
        return new ServiceException(
                Failure.invalid(
                                "VERSION_INVALID",
                                "failed to get model version from specified version string '%s' (expected: a whole number from 1, or nothing for the release)"
                                        .formatted(shown))
                        .violating("model_version", "'%s' (expected: a whole number from 1)".formatted(shown))
                        .with("value", shown),
                cause);
    }
}
