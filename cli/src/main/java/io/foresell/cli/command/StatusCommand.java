package io.foresell.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.protobuf.Message;
import io.foresell.cli.call.Targets;
import io.foresell.cli.terminal.Table;
import io.foresell.cli.terminal.Terminal;
import io.foresell.proto.feature.v1.GetStoreStatusRequest;
import io.foresell.proto.feature.v1.GetStoreStatusResponse;
import io.foresell.proto.feature.v1.ViewStatus;
import io.foresell.proto.inference.v1.ListLoadedModelsRequest;
import io.foresell.proto.inference.v1.ListLoadedModelsResponse;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.MemoryUse;
import io.foresell.proto.registry.v1.ListModelsRequest;
import io.foresell.proto.registry.v1.ListModelsResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Shows the whole cluster on one screen; a part that is away does not hide the others. */
@Command(
        name = "status",
        sortOptions = false,
        description = {
            "Show services, views, models, releases and what inference has loaded.",
            "Exit code 4 when a service does not serve."
        })
final class StatusCommand implements Callable<Integer> {
    private static final double BYTES_A_MEGABYTE = 1e6;

    private final Session session;

    StatusCommand(Session session) {
        this.session = session;
    }

    /** How one service answers its health check. */
    private record Health(String service, String target, String state, double millis, String remark) {
        boolean isServing() {
            return state.equals("serving");
        }
    }

    @Override
    public Integer call() {
        Targets targets = session.services().targets();
        List<Health> healths = List.of(
                health("feature-store", targets.featureStore()),
                health("training", targets.training()),
                health("inference", targets.inference()));
        GetStoreStatusResponse store = healths.get(0).state().equals("away")
                ? null
                : read(() ->
                        session.services().featureStore().getStoreStatus(GetStoreStatusRequest.getDefaultInstance()));
        ListModelsResponse models = healths.get(1).state().equals("away")
                ? null
                : read(() -> session.services().registry().listModels(ListModelsRequest.getDefaultInstance()));
        ListLoadedModelsResponse loaded = healths.get(2).state().equals("away")
                ? null
                : read(() ->
                        session.services().inference().listLoadedModels(ListLoadedModelsRequest.getDefaultInstance()));
        if (session.isJson()) {
            session.terminal().line(Json.text(json(healths, store, models, loaded)));
        } else {
            print(healths, store, models, loaded);
        }
        return healths.stream().allMatch(Health::isServing) ? ExitCode.OK : ExitCode.UNAVAILABLE;
    }

    private Health health(String service, String target) {
        HealthCheckRequest request = HealthCheckRequest.getDefaultInstance();
        try {
            session.services().health(target).check(request); // opens the connection: not timed
            long startNanos = System.nanoTime();
            ServingStatus status =
                    session.services().health(target).check(request).getStatus();
            double millis = (System.nanoTime() - startNanos) / 1e6;
            return new Health(service, target, status.name().toLowerCase(Locale.ROOT), millis, "");
        } catch (StatusRuntimeException e) {
            return new Health(
                    service,
                    target,
                    "away",
                    Double.NaN,
                    ErrorReport.explained(e).message());
        }
    }

    private <M extends Message> @Nullable M read(Supplier<M> call) {
        try {
            return call.get();
        } catch (StatusRuntimeException e) {
            session.terminal().note("failed: " + ErrorReport.explained(e).message());
            return null;
        }
    }

    private static JsonObject json(
            List<Health> healths,
            @Nullable GetStoreStatusResponse store,
            @Nullable ListModelsResponse models,
            @Nullable ListLoadedModelsResponse loaded) {
        JsonArray services = new JsonArray();
        for (Health health : healths) {
            JsonObject service = new JsonObject();
            service.addProperty("service", health.service());
            service.addProperty("target", health.target());
            service.addProperty("state", health.state());
            service.add("latencyMillis", JsonNull.INSTANCE);
            if (!Double.isNaN(health.millis())) {
                service.addProperty("latencyMillis", health.millis());
            }
            service.addProperty("remark", health.remark());
            services.add(service);
        }
        JsonObject document = new JsonObject();
        document.add("services", services);
        document.add("store", store == null ? JsonNull.INSTANCE : Json.element(store));
        document.add("registry", models == null ? JsonNull.INSTANCE : Json.element(models));
        document.add("inference", loaded == null ? JsonNull.INSTANCE : Json.element(loaded));
        return document;
    }

    private void print(
            List<Health> healths,
            @Nullable GetStoreStatusResponse store,
            @Nullable ListModelsResponse models,
            @Nullable ListLoadedModelsResponse loaded) {
        Terminal terminal = session.terminal();
        Table services = new Table("service", "address", "state", ">answer", "remark");
        for (Health health : healths) {
            services.row(
                    health.service(),
                    health.target(),
                    health.isServing() ? terminal.green(health.state()) : terminal.red(health.state()),
                    Double.isNaN(health.millis()) ? "-" : String.format(Locale.ROOT, "%.1f ms", health.millis()),
                    health.remark());
        }
        services.print(terminal);
        if (store != null && store.getViewsCount() > 0) {
            printViews(terminal, store);
        }
        if (models != null && models.getModelsCount() > 0) {
            terminal.line("");
            ModelsCommand.print(terminal, models);
        }
        if (loaded != null && loaded.getModelsCount() > 0) {
            terminal.line("");
            printLoaded(terminal, loaded);
        }
    }

    private static void printViews(Terminal terminal, GetStoreStatusResponse store) {
        terminal.line("");
        Table views = new Table("view", ">entities", ">rows", ">quarantined", "newest event");
        for (ViewStatus view : store.getViewsList()) {
            views.row(
                    view.getView(),
                    Shown.count(view.getEntityCount()),
                    Shown.count(view.getRowCount()),
                    Shown.count(view.getQuarantinedCount()),
                    Shown.time(view.getNewestEventMillis()));
        }
        views.print(terminal);
    }

    static void printLoaded(Terminal terminal, ListLoadedModelsResponse loaded) {
        Table table = new Table("loaded", "algorithm", "state", "engine", ">load", ">weight", ">release", "remark");
        for (LoadedModel model : loaded.getModelsList()) {
            String state =
                    model.getState().name().substring("LOAD_STATE_".length()).toLowerCase(Locale.ROOT);
            table.row(
                    "%s@%d".formatted(model.getModel(), model.getVersion()),
                    model.getAlgorithm(),
                    state,
                    model.getEngine(),
                    String.format(Locale.ROOT, "%.0f ms", model.getLoadMillis()),
                    model.getWeight() + "%",
                    Integer.toString(model.getReleaseRevision()),
                    model.getFailure() + model.getFallbackReason());
        }
        table.print(terminal);
        MemoryUse memory = loaded.getMemory();
        if (memory.getBudgetBytes() > 0 && memory.getParkedModelCount() > 0) {
            terminal.line(terminal.faint(String.format(
                    Locale.ROOT,
                    "%d models in memory (%.1f of %.1f MB), %d parked: their first call loads them",
                    memory.getResidentModelCount(),
                    memory.getResidentBytes() / BYTES_A_MEGABYTE,
                    memory.getBudgetBytes() / BYTES_A_MEGABYTE,
                    memory.getParkedModelCount())));
        }
        if (!loaded.getKernels().isEmpty()) {
            terminal.line(terminal.faint("kernels of compiled networks: " + loaded.getKernels()));
        }
        if (!loaded.getIsRegistryConnected()) {
            terminal.line(terminal.yellow("! inference is not connected to the registry: it serves what it has"));
        }
    }
}
