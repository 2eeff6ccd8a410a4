package io.foresell.training.rollout.observe;

import io.foresell.kit.FailureStatus;
import io.foresell.kit.GrpcClient;
import io.foresell.proto.inference.v1.GetReleaseStatisticsRequest;
import io.foresell.proto.inference.v1.GetReleaseStatisticsResponse;
import io.foresell.proto.inference.v1.ReleaseStatisticsServiceGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every replica of inference for itself: a name that stands for several addresses is asked at each of them. Owns a channel an address.
 * Thread-safe.
 */
public final class ReplicaFleetClient implements Replicas, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReplicaFleetClient.class);
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final int MAX_REPLICAS = 200;
    private static final int MAX_MESSAGE_BYTES = 16 << 20;

    /** Opens channels. */
    @FunctionalInterface
    public interface Channels {
        /**
         * Opens a channel without connecting yet.
         *
         * @param address {@code host:port} to connect to
         * @param host the name that the server's certificate must have
         */
        GrpcClient open(String address, String host);
    }

    private final List<Place> places;
    private final Channels opened;
    private final Map<String, GrpcClient> channels = new HashMap<>(); // guarded by this

    private record Place(String host, int port) {}

    /**
     * Prepares to ask.
     *
     * @param targets {@code host:port} or {@code dns:///host:port}, several separated by commas
     * @throws IllegalArgumentException when one is neither
     */
    public ReplicaFleetClient(String targets, Channels opened) {
        this.places = Arrays.stream(targets.split(",", -1))
                .map(ReplicaFleetClient::place)
                .toList();
        this.opened = opened;
    }

    private static Place place(String target) {
        String plain = target.strip().replaceFirst("^dns:///", "");
        int colon = plain.lastIndexOf(':');
        try {
            int port = Integer.parseInt(plain.substring(colon + 1));
            if (colon > 0 && port > 0 && port < 65_536) {
                return new Place(plain.substring(0, colon), port);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'%s' (expected: host:port)".formatted(target), e);
        }
        throw new IllegalArgumentException("'%s' (expected: host:port)".formatted(target));
    }

    @Override
    public List<ReplicaReport> ask(String model, int champion, int candidate, int revision) {
        Map<String, String> hosts = new LinkedHashMap<>();
        List<ReplicaReport> reports = new ArrayList<>();
        for (Place place : places) {
            try {
                addresses(place).forEach(address -> hosts.put(address, place.host()));
            } catch (UnknownHostException e) {
                reports.add(ReplicaReport.unreached(
                        place.host() + ":" + place.port(), "host not found (expected: replicas of inference)"));
            }
        }
        GetReleaseStatisticsRequest request = GetReleaseStatisticsRequest.newBuilder()
                .setModel(model)
                .setFromRevision(revision)
                .build();
        Map<String, Future<GetReleaseStatisticsResponse>> asked = new LinkedHashMap<>();
        channels(hosts)
                .forEach((address, channel) -> asked.put(
                        address,
                        ReleaseStatisticsServiceGrpc.newFutureStub(channel.channel())
                                .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                                .withMaxInboundMessageSize(MAX_MESSAGE_BYTES)
                                .getReleaseStatistics(request)));
        asked.forEach((address, answer) -> reports.add(report(address, answer, model, champion, candidate, revision)));
        return reports;
    }

    /** Of a host with addresses of both kinds those of one are enough: they lead to the same processes. */
    private static List<String> addresses(Place place) throws UnknownHostException {
        InetAddress[] all = InetAddress.getAllByName(place.host());
        boolean hasFour = Arrays.stream(all).anyMatch(Inet4Address.class::isInstance);
        return Arrays.stream(all)
                .filter(address -> !hasFour || address instanceof Inet4Address)
                .map(address -> address instanceof Inet4Address
                        ? address.getHostAddress()
                        : "[" + address.getHostAddress() + "]")
                .distinct()
                .sorted()
                .limit(MAX_REPLICAS)
                .map(address -> address + ":" + place.port())
                .toList();
    }

    private synchronized Map<String, GrpcClient> channels(Map<String, String> hosts) {
        List<String> gone = channels.keySet().stream()
                .filter(address -> !hosts.containsKey(address))
                .toList();
        for (String address : gone) {
            GrpcClient channel = channels.remove(address);
            if (channel != null) {
                channel.close();
            }
        }
        Map<String, GrpcClient> needed = new TreeMap<>();
        hosts.forEach((address, host) ->
                needed.put(address, channels.computeIfAbsent(address, missing -> opened.open(missing, host))));
        return needed;
    }

    private static ReplicaReport report(
            String address,
            Future<GetReleaseStatisticsResponse> answer,
            String model,
            int champion,
            int candidate,
            int revision) {
        try {
            return StatisticsProtos.report(
                    address,
                    answer.get(2 * DEADLINE.toMillis(), TimeUnit.MILLISECONDS),
                    model,
                    champion,
                    candidate,
                    revision);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while asking replicas");
        } catch (ExecutionException | TimeoutException e) {
            log.debug("replica not reached address={}", address, e);
            if (e.getCause() instanceof StatusRuntimeException status) {
                return status.getStatus().getCode() == Status.Code.NOT_FOUND
                        ? new ReplicaReport(
                                address,
                                "",
                                "serves no release of " + model,
                                true,
                                0,
                                Map.of(),
                                Map.of(),
                                java.util.Optional.empty())
                        : ReplicaReport.unreached(address, text(status));
            }
            return ReplicaReport.unreached(address, "no answer in time");
        }
    }

    private static String text(StatusRuntimeException error) {
        String message = FailureStatus.fromStatus(error).message();
        return error.getStatus().getCode() + (message.isEmpty() ? "" : ": " + message);
    }

    @Override
    public synchronized void close() {
        channels.values().forEach(GrpcClient::close);
        channels.clear();
    }
}
