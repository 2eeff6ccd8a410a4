package io.foresell.inference.serve;

import io.foresell.inference.load.LoadStates;
import io.foresell.inference.load.VersionStatus;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.RouteBoard;
import io.foresell.inference.route.RouteTable;
import io.foresell.inference.route.ServedVersion;
import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the slot a request asks for, or says why there is none. */
public final class SlotChoice {
    private static final int MAX_NAME_COMPARED = 63; // no longer name exists
    private static final int NAMES_LISTED = 20;

    private final RouteBoard board;
    private final LoadStates states;

    public SlotChoice(RouteBoard board, LoadStates states) {
        this.board = board;
        this.states = states;
    }

    /**
     * Returns the slot of a model.
     *
     * @throws ServiceException UNAVAILABLE while it may still be loaded, else NOT_FOUND naming what is there
     */
    public ModelSlot slot(RouteTable table, String model) {
        RouteTable before = table;
        while (true) {
            ModelSlot slot = before.slot(model);
            if (slot != null) {
                return slot;
            }
            requireNothingKnown(model);
            if (before.parked(model) != null) { // it left memory, or came back, between two looks
                throw new ServiceException(Failure.unavailable(
                        ParkedModels.PARKED,
                        "model '%s': being loaded (expected: in memory)".formatted(model),
                        Duration.ofMillis(100)));
            }
            RouteTable now = board.current();
            if (now == before) {
                throw notFound(now, model);
            }
            before = now; // published between the two looks, which is why nothing is said of it any more
        }
    }

    private void requireNothingKnown(String model) {
        for (VersionStatus status : states.of(model)) {
            if (status.isUnloaded()) {
                throw new ServiceException(Failure.unavailable(
                        "MODEL_UNLOADED",
                        "model '%s': unloaded by order (expected: loaded)".formatted(model),
                        Duration.ofSeconds(30)));
            }
            throw new ServiceException(
                    status.isFailed()
                            ? Failure.unavailable(
                                    "MODEL_LOAD_FAILED",
                                    "model '%s' version %d: %s (expected: ready)"
                                            .formatted(model, status.version(), status.failure()),
                                    Duration.ofSeconds(30))
                            : Failure.unavailable(
                                    "MODEL_LOADING",
                                    "model '%s' version %d: loading (expected: ready)"
                                            .formatted(model, status.version()),
                                    Duration.ofMillis(500)));
        }
        if (!states.isStarted()) {
            throw new ServiceException(
                    Failure.unavailable("STARTING", "models: being loaded (expected: ready)", Duration.ofSeconds(1)));
        }
    }

    private static ServiceException notFound(RouteTable table, String model) {
        List<String> names = table.slots().stream().map(ModelSlot::model).toList();
        String known = names.isEmpty()
                ? "a released model; none is released"
                : "one of "
                        + names.stream().limit(NAMES_LISTED).collect(Collectors.joining(", "))
                        + (model.length() <= MAX_NAME_COMPARED ? ", nearest is " + Names.nearest(model, names) : "");
        String shown = model.length() <= MAX_NAME_COMPARED ? model : model.substring(0, MAX_NAME_COMPARED) + "...";
        return new ServiceException(Failure.notFound("model", shown, known));
    }

    /**
     * Returns a version by number.
     *
     * @throws ServiceException NOT_FOUND naming the versions that are loaded
     */
    public static ServedVersion pinned(ModelSlot slot, int version) {
        ServedVersion served = slot.version(version);
        if (served == null) {
            String loaded = slot.routes().stream()
                    .map(route -> Integer.toString(route.served().version()))
                    .collect(Collectors.joining(", "));
            throw new ServiceException(Failure.notFound(
                            "version",
                            Integer.toString(version),
                            "a loaded version of '%s': %s".formatted(slot.model(), loaded))
                    .with("model", slot.model())
                    .with("loaded", loaded));
        }
        return served;
    }
}
