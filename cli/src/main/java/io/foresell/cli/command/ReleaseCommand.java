package io.foresell.cli.command;

import com.google.gson.JsonObject;
import com.google.protobuf.util.Durations;
import io.foresell.cli.terminal.ProgressBar;
import io.foresell.cli.terminal.Table;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.inference.v1.ListLoadedModelsRequest;
import io.foresell.proto.inference.v1.LoadState;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.registry.v1.DegradationLadder;
import io.foresell.proto.registry.v1.ListReleasesRequest;
import io.foresell.proto.registry.v1.ListReleasesResponse;
import io.foresell.proto.registry.v1.ListRolloutEventsRequest;
import io.foresell.proto.registry.v1.ListRolloutEventsResponse;
import io.foresell.proto.registry.v1.Release;
import io.foresell.proto.registry.v1.Route;
import io.foresell.proto.registry.v1.SetReleaseRequest;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Releases versions of a model and waits until they serve. */
@Command(
        name = "release",
        sortOptions = false,
        description = {
            "Make versions of a model serve, all at once, and wait until inference does; or, by the sub-commands, step by step.",
            "Exit code 3 when released but not served in time."
        })
final class ReleaseCommand implements Callable<Integer> {
    private static final long POLL_MILLIS = 200;

    private final Session session;

    @Parameters(
            arity = "0..1", // a sub-command has none
            paramLabel = "MODEL[@VERSION|@latest|@ALIAS]",
            description = "The version that takes everything; with --weight the model alone.")
    private String model = "";

    @Option(
            names = "--weight",
            paramLabel = "VERSION=PERCENT",
            order = 1,
            description = "Share of a version, 0 to 100; repeatable, must sum to 100.")
    private Map<String, Integer> weights = new LinkedHashMap<>();

    @Option(names = "--reason", paramLabel = "TEXT", order = 2, description = "Why, for the history.")
    private String reason = "";

    @Option(
            names = "--expect-revision",
            paramLabel = "N",
            order = 3,
            description = "Release only when N is the current revision; 0: only when nothing is released.")
    private @Nullable Integer expectedRevision;

    @Option(
            names = "--fallback",
            paramLabel = "VERSION|latest|ALIAS",
            order = 6,
            description = {
                "A smaller version that answers when the one chosen cannot in time; loaded beside the others.",
                "Not kept from the release before."
            })
    private String fallback = "";

    @Option(
            names = "--last-known-max-age",
            paramLabel = "SPAN",
            order = 7,
            description = {
                "When no version can answer in time, the score that a subject got last, up to this old, such as 10m.",
                "Not kept from the release before."
            })
    private String lastKnownMaxAge = "";

    @Option(names = "--force", order = 5, description = "Release versions that failed a gate, too; needs --reason.")
    private boolean isForced;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            order = 4,
            description = "How long to wait for inference (default: 30).")
    private int waitSeconds = 30;

    ReleaseCommand(Session session) {
        this.session = session;
    }

    /** Whether inference serves a release, and what it says when not. */
    private record Serving(boolean isServing, String remark) {}

    @Override
    public Integer call() throws InterruptedException {
        List<Route> routes = routes();
        DegradationLadder ladder = ladder();
        SetReleaseRequest.Builder request = SetReleaseRequest.newBuilder()
                .setModel(ModelRef.parse(model).model())
                .addAllRoutes(withFallback(routes, ladder.getFallbackVersion()))
                .setActor(session.actor())
                .setReason(reason)
                .setIsForced(isForced);
        if (!ladder.equals(DegradationLadder.getDefaultInstance())) {
            request.setLadder(ladder);
        }
        if (expectedRevision != null) {
            request.setExpectedRevision(expectedRevision);
        }
        Release release =
                session.services().registry().setRelease(request.build()).getRelease();
        Serving serving = waitSeconds > 0 ? await(release) : new Serving(false, "not waited for");
        print(release, serving);
        return serving.isServing() || waitSeconds <= 0 ? ExitCode.OK : ExitCode.PARTLY;
    }

    private List<Route> routes() {
        if (model.isEmpty()) {
            throw new ServiceException(
                    Failure.invalid("USAGE", "release: no model named (expected: 'release MODEL@VERSION')"));
        }
        ModelRef reference = ModelRef.parse(model);
        if (weights.isEmpty()) {
            if (!reference.hasVersion()) {
                throw new ServiceException(
                        Failure.invalid("VERSION_MISSING", "model", model, "MODEL@VERSION, MODEL@latest or --weight"));
            }
            int version = reference.resolve(session).getVersion();
            return List.of(Route.newBuilder().setVersion(version).setWeight(100).build());
        }
        int sum = weights.values().stream().mapToInt(Integer::intValue).sum();
        if (sum != 100 || weights.values().stream().anyMatch(weight -> weight < 0)) {
            throw new ServiceException(
                    Failure.invalid("WEIGHTS_INVALID", "--weight", weights, "0 to 100 each, sum 100"));
        }
        List<Route> routes = new ArrayList<>();
        weights.forEach((version, weight) -> routes.add(Route.newBuilder()
                .setVersion(new ModelRef(reference.model(), version)
                        .resolve(session)
                        .getVersion())
                .setWeight(weight)
                .build()));
        return routes;
    }

    private DegradationLadder ladder() {
        DegradationLadder.Builder ladder = DegradationLadder.newBuilder();
        if (!fallback.isEmpty()) {
            ladder.setFallbackVersion(new ModelRef(ModelRef.parse(model).model(), fallback)
                    .resolve(session)
                    .getVersion());
        }
        if (!lastKnownMaxAge.isEmpty()) {
            ladder.setLastKnownMaxAge(Durations.fromMillis(
                    Instants.span("--last-known-max-age", lastKnownMaxAge).toMillis()));
        }
        return ladder.build();
    }

    /** A fallback that answers nobody of its own is a route of weight 0, so that it is loaded. */
    private static List<Route> withFallback(List<Route> routes, int fallback) {
        if (fallback == 0 || routes.stream().anyMatch(route -> route.getVersion() == fallback)) {
            return routes;
        }
        List<Route> more = new ArrayList<>(routes);
        more.add(Route.newBuilder().setVersion(fallback).build());
        return more;
    }

    private Serving await(Release release) throws InterruptedException {
        long endNanos = System.nanoTime() + waitSeconds * 1_000_000_000L;
        Serving serving = new Serving(false, "");
        try (ProgressBar bar = session.progress()) {
            while (System.nanoTime() < endNanos) {
                serving = look(release);
                if (serving.isServing()) {
                    return serving;
                }
                double waited = 1 - (endNanos - System.nanoTime()) / (waitSeconds * 1e9);
                bar.update("waiting for inference", waited, serving.remark());
                Thread.sleep(POLL_MILLIS);
            }
        }
        return serving;
    }

    private Serving look(Release release) {
        List<LoadedModel> loaded;
        try {
            loaded = session.services()
                    .inference()
                    .listLoadedModels(ListLoadedModelsRequest.getDefaultInstance())
                    .getModelsList();
        } catch (StatusRuntimeException e) {
            return new Serving(false, ErrorReport.explained(e).message());
        }
        for (Route route : release.getRoutesList()) {
            Serving serving = look(release, route.getVersion(), loaded);
            if (!serving.isServing()) {
                return serving;
            }
        }
        return new Serving(true, "");
    }

    private static Serving look(Release release, int version, List<LoadedModel> loaded) {
        String name = "%s@%d".formatted(release.getModel(), version);
        for (LoadedModel model : loaded) {
            boolean isMeant = model.getModel().equals(release.getModel()) && model.getVersion() == version;
            if (isMeant && model.getState() == LoadState.LOAD_STATE_FAILED) {
                return new Serving(false, "%s failed to load: %s".formatted(name, model.getFailure()));
            }
            boolean answers = model.getState() == LoadState.LOAD_STATE_READY
                    || model.getState() == LoadState.LOAD_STATE_PARKED; // its first call loads it
            if (isMeant && answers) {
                boolean isNewEnough = model.getReleaseRevision() >= release.getRevision();
                return new Serving(isNewEnough, isNewEnough ? "" : name + " is ready, the release not yet seen");
            }
        }
        return new Serving(false, name + " is not loaded yet");
    }

    private void print(Release release, Serving serving) {
        if (session.isJson()) {
            JsonObject document = new JsonObject();
            document.add("release", Json.element(release));
            document.addProperty("isServing", serving.isServing());
            document.addProperty("remark", serving.remark());
            session.terminal().line(Json.text(document));
            return;
        }
        String head =
                "%s release %d: %s".formatted(release.getModel(), release.getRevision(), ModelsCommand.routes(release));
        if (serving.isServing()) {
            session.terminal().line(head + "  " + session.terminal().green("serving"));
            session.terminal().note("next: foresell score %s ID --reasons 3".formatted(release.getModel()));
        } else {
            session.terminal().line(head + "  " + session.terminal().yellow("not serving yet: " + serving.remark()));
        }
    }

    /** Lists the releases of a model. */
    @Command(
            name = "history",
            sortOptions = false,
            description = "List the releases of a model and what its rollouts did, newest first.")
    static final class History implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "MODEL", description = "The model.")
        private String model = "";

        History(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            ListReleasesResponse response = session.services()
                    .registry()
                    .listReleases(
                            ListReleasesRequest.newBuilder().setModel(model).build());
            ListRolloutEventsResponse events = session.services()
                    .rollouts()
                    .listRolloutEvents(ListRolloutEventsRequest.newBuilder()
                            .setModel(model)
                            .build());
            if (session.isJson()) {
                JsonObject document = Json.element(response).getAsJsonObject();
                document.add(
                        "rolloutEvents", Json.element(events).getAsJsonObject().get("events"));
                session.terminal().line(Json.text(document));
                return ExitCode.OK;
            }
            print(response);
            if (events.getEventsCount() > 0) {
                session.terminal().line("");
                new RolloutText(session.terminal()).events(events.getEventsList());
            }
            return ExitCode.OK;
        }

        private void print(ListReleasesResponse response) {
            Table table = new Table(">revision", "routes", "when", "who", "why");
            for (Release release : response.getReleasesList()) {
                table.row(
                        Integer.toString(release.getRevision()),
                        ModelsCommand.routes(release),
                        Shown.time(release.getCreatedAtMillis()),
                        release.getActor(),
                        release.getReason());
            }
            table.print(session.terminal());
        }
    }
}
