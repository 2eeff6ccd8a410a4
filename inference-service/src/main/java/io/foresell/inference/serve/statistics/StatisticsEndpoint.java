package io.foresell.inference.serve.statistics;

import io.foresell.inference.fetch.RegistryConnection;
import io.foresell.inference.load.LoadStates;
import io.foresell.inference.load.VersionStatus;
import io.foresell.inference.measure.ReleaseWindow;
import io.foresell.inference.measure.ReleaseWindows;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.ReleaseTerms;
import io.foresell.inference.route.RouteBoard;
import io.foresell.inference.route.RouteTable;
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
import java.util.HexFormat;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Answers what is served here and what was counted, from memory. */
public final class StatisticsEndpoint extends ReleaseStatisticsServiceGrpc.ReleaseStatisticsServiceImplBase {
    private static final int ID_BYTES = 8;

    private final RouteBoard board;
    private final LoadStates states;
    private final ReleaseWindows windows;
    private final RegistryConnection connection;
    private final Clock clock;
    private final SlotChoice slots;
    private final String instanceId;
    private final String host;
    private final long startedAtMillis;

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
            states.all().forEach(status -> names.add(status.model()));
            names.forEach(name -> response.addModels(served(name, table.slot(name), request)));
        } else {
            requireKnown(table, request.getModel());
            response.addModels(served(request.getModel(), table.slot(request.getModel()), request));
        }
        responses.onNext(response.build());
        responses.onCompleted();
    }

    private void requireKnown(RouteTable table, String model) {
        if (states.of(model).isEmpty()) {
            var unused = slots.slot(table, model); // or says that nothing is known of it
        }
    }

    private ServedModel served(String model, @Nullable ModelSlot slot, GetReleaseStatisticsRequest request) {
        ServedModel.Builder message = ServedModel.newBuilder().setModel(model);
        if (slot != null) {
            message.setReleaseRevision(slot.revision());
            slot.routes().forEach(route -> message.addVersions(StatisticsProtos.ofRoute(route)));
            ReleaseTerms.HoldOut holdOut = slot.terms().holdOut();
            if (holdOut != null) {
                message.setHoldOutPercent(holdOut.percent()).setHoldOutVersion(holdOut.version());
            }
        }
        for (VersionStatus status : states.of(model)) {
            message.addPending(StatisticsProtos.ofStatus(status));
        }
        for (ReleaseWindow window : windows.of(model)) {
            boolean isWanted = request.getFromRevision() == 0
                    ? slot != null && window.revision() == slot.revision()
                    : window.revision() >= request.getFromRevision();
            if (isWanted) {
                message.addWindows(StatisticsProtos.ofWindow(window, request.getHasPairs()));
            }
        }
        return message.build();
    }
}
