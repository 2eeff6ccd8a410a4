package io.foresell.inference.serve.statistics;

import io.foresell.inference.fetch.RegistryConnection;
import io.foresell.inference.load.LoadStates;
import io.foresell.inference.load.VersionStatus;
import io.foresell.inference.measure.ReleaseWindow;
import io.foresell.inference.measure.ReleaseWindows;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.ParkedRelease;
import io.foresell.inference.route.ReleaseTerms;
import io.foresell.inference.route.RouteBoard;
import io.foresell.inference.route.RouteTable;
import io.foresell.inference.serve.Calls;
import io.foresell.inference.serve.SlotChoice;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.inference.v1.GetReleaseStatisticsRequest;
import io.foresell.proto.inference.v1.GetReleaseStatisticsResponse;
import io.foresell.proto.inference.v1.ReleaseStatisticsServiceGrpc;
import io.foresell.proto.inference.v1.ServedModel;
import io.grpc.stub.StreamObserver;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Answers what is served here and what was counted, from memory. On a thread of its own: sorting samples and adding up bins takes
 * milliseconds, which the network threads do not have.
 */
public final class StatisticsEndpoint extends ReleaseStatisticsServiceGrpc.ReleaseStatisticsServiceImplBase
        implements AutoCloseable {
    private static final int ID_BYTES = 8;
    private static final int MAX_WAITING = 64;

    private final RouteBoard board;
    private final LoadStates states;
    private final ReleaseWindows windows;
    private final RegistryConnection connection;
    private final Clock clock;
    private final SlotChoice slots;
    private final String instanceId;
    private final String host;
    private final long startedAtMillis;
    private final ThreadPoolExecutor pool =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), task -> {
                Thread thread = new Thread(task, "release-statistics");
                thread.setDaemon(true);
                return thread;
            });

    /**
     * Makes the service; the parts stay the caller's.
     *
     * @param host names the machine or pod; may be empty
     */
    public StatisticsEndpoint(
            RouteBoard board,
            LoadStates states,
            ReleaseWindows windows,
            RegistryConnection connection,
            String host,
            Clock clock) {
        this.board = board;
        this.states = states;
        this.windows = windows;
        this.connection = connection;
        this.clock = clock;
        this.slots = new SlotChoice(board, states);
        byte[] id = new byte[ID_BYTES];
        new SecureRandom().nextBytes(id);
        this.instanceId = HexFormat.of().formatHex(id);
        this.host = host;
        this.startedAtMillis = clock.millis();
    }

    @Override
    public void getReleaseStatistics(
            GetReleaseStatisticsRequest request, StreamObserver<GetReleaseStatisticsResponse> responses) {
        if (request.getFromRevision() < 0) {
            throw new ServiceException(Failure.invalid(
                    "REVISION_INVALID", "from_revision", request.getFromRevision(), "0 for the newest, or from 1"));
        }
        Calls.ignoreCancellation(responses);
        try {
            pool.execute(() -> Calls.guarded(responses, () -> {
                responses.onNext(statistics(request));
                responses.onCompleted();
            }));
        } catch (RejectedExecutionException e) {
            throw new ServiceException(
                    Failure.exhausted(
                            "TOO_MANY_QUESTIONS",
                            "statistics waiting: %d (expected: below %d)".formatted(MAX_WAITING, MAX_WAITING),
                            Duration.ofSeconds(1)),
                    e);
        }
    }

    private GetReleaseStatisticsResponse statistics(GetReleaseStatisticsRequest request) {
        RouteTable table = board.current();
        GetReleaseStatisticsResponse.Builder response = GetReleaseStatisticsResponse.newBuilder()
                .setInstanceId(instanceId)
                .setHost(host)
                .setStartedAtMillis(startedAtMillis)
                .setNowMillis(clock.millis())
                .setIsRegistryConnected(connection.isConnected());
        if (request.getModel().isEmpty()) {
            TreeSet<String> names = new TreeSet<>();
            table.slots().forEach(slot -> names.add(slot.model()));
            table.parked().forEach(release -> names.add(release.model()));
            states.all().forEach(status -> names.add(status.model()));
            names.forEach(name -> response.addModels(served(name, table, request)));
        } else {
            requireKnown(table, request.getModel());
            response.addModels(served(request.getModel(), table, request));
        }
        return response.build();
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }

    private void requireKnown(RouteTable table, String model) {
        if (states.of(model).isEmpty() && table.parked(model) == null) {
            var unused = slots.slot(table, model); // or says that nothing is known of it
        }
    }

    private ServedModel served(String model, RouteTable table, GetReleaseStatisticsRequest request) {
        ServedModel.Builder message = ServedModel.newBuilder().setModel(model);
        ModelSlot slot = table.slot(model);
        ParkedRelease parked = table.parked(model);
        if (slot != null) {
            slot.routes().forEach(route -> message.addVersions(StatisticsProtos.ofRoute(route)));
            addTerms(message, slot.revision(), slot.terms());
        } else if (parked != null) {
            parked.versions().forEach(version -> message.addVersions(StatisticsProtos.ofParked(version)));
            addTerms(message, parked.revision(), parked.terms());
        }
        for (VersionStatus status : states.of(model)) {
            message.addPending(StatisticsProtos.ofStatus(status));
        }
        for (ReleaseWindow window : windows.of(model)) {
            boolean isWanted = request.getFromRevision() == 0
                    ? message.getVersionsCount() > 0 && window.revision() == message.getReleaseRevision()
                    : window.revision() >= request.getFromRevision();
            if (isWanted) {
                message.addWindows(StatisticsProtos.ofWindow(window, request.getHasPairs()));
            }
        }
        return message.build();
    }

    private static void addTerms(ServedModel.Builder message, int revision, ReleaseTerms terms) {
        message.setReleaseRevision(revision);
        ReleaseTerms.HoldOut holdOut = terms.holdOut();
        if (holdOut != null) {
            message.setHoldOutPercent(holdOut.percent()).setHoldOutVersion(holdOut.version());
        }
    }
}
