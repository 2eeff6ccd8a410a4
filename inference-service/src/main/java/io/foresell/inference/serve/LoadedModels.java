package io.foresell.inference.serve;

import io.foresell.inference.fetch.RegistryConnection;
import io.foresell.inference.load.LoadDemands;
import io.foresell.inference.load.LoadStates;
import io.foresell.inference.load.MemoryBudget;
import io.foresell.inference.load.VersionStatus;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.ParkedRelease;
import io.foresell.inference.route.PinnedVersions;
import io.foresell.inference.route.PinnedVersions.Pinned;
import io.foresell.inference.route.RouteBoard;
import io.foresell.inference.route.RouteTable;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.route.Usage;
import io.foresell.inference.route.WeightedVersion;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.kernel.Kernels;
import io.foresell.proto.inference.v1.ListLoadedModelsResponse;
import io.foresell.proto.inference.v1.LoadState;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.MemoryUse;
import io.foresell.proto.inference.v1.ModelInput;
import io.foresell.proto.inference.v1.Residency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Lists what serves, what is being loaded and what failed. */
final class LoadedModels {
    private static final double NANOS_A_MILLI = 1e6;
    private static final double NANOS_A_SECOND = 1e9;

    private final RouteBoard board;
    private final PinnedVersions pins;
    private final LoadStates states;
    private final RegistryConnection connection;
    private final LoadDemands demands;
    private final MemoryBudget memory;

    LoadedModels(ServeParts parts) {
        this.board = parts.board();
        this.pins = parts.pins();
        this.states = parts.states();
        this.connection = parts.connection();
        this.demands = parts.demands();
        this.memory = parts.memory();
    }

    ListLoadedModelsResponse list() {
        List<LoadedModel> models = new ArrayList<>();
        RouteTable table = board.current();
        for (ModelSlot slot : table.slots()) {
            slot.routes().forEach(route -> models.add(ready(slot, route)));
        }
        for (Pinned pinned : pins.all()) {
            ModelSlot slot = table.slot(pinned.model());
            ServedVersion served = pinned.served();
            ServedVersion routed = slot == null ? null : slot.version(served.version());
            if (routed == null || !routed.digest().equals(served.digest())) {
                models.add(describe(pinned.model(), served).setIsPinned(true).build());
            }
        }
        for (ParkedRelease release : table.parked()) {
            for (ParkedRelease.Version version : release.versions()) {
                if (!isTold(release.model(), version)) {
                    models.add(parked(release, version));
                }
            }
        }
        states.all().forEach(status -> models.add(notReady(status)));
        models.sort(Comparator.comparing(LoadedModel::getModel).thenComparing(LoadedModel::getVersion));
        ListLoadedModelsResponse.Builder response = ListLoadedModelsResponse.newBuilder()
                .addAllModels(models)
                .setIsRegistryConnected(connection.isConnected())
                .setMemory(MemoryUse.newBuilder()
                        .setBudgetBytes(memory.bytes())
                        .setResidentBytes(memory.residentBytes())
                        .setResidentModelCount(table.slots().size())
                        .setParkedModelCount(table.parked().size())
                        .setWaitingCallCount(demands.waitingCount()))
                .setKernels(Kernels.best().name());
        connection
                .messageAge()
                .map(Duration::toNanos)
                .ifPresent(nanos -> response.setRegistryMessageAgeSeconds(nanos / NANOS_A_SECOND));
        return response.build();
    }

    /** Returns whether it is said already why a version does not serve. */
    private boolean isTold(String model, ParkedRelease.Version version) {
        return states.of(model).stream()
                .anyMatch(status ->
                        status.version() == version.version() && status.digest().equals(version.digest()));
    }

    private static LoadedModel parked(ParkedRelease release, ParkedRelease.Version version) {
        long share = release.memoryBytes() / release.versions().size();
        return LoadedModel.newBuilder()
                .setModel(release.model())
                .setVersion(version.version())
                .setDigest(version.digest())
                .setState(LoadState.LOAD_STATE_PARKED)
                .setWeight(version.weight())
                .setShadowPercent(version.shadowPercent())
                .setReleaseRevision(release.revision())
                .setRemark(version.contract().remark())
                .setResidency(residency(release.usage(), share))
                .build();
    }

    private static Residency.Builder residency(Usage usage, long bytes) {
        return Residency.newBuilder()
                .setMemoryBytes(bytes)
                .setHitCount(usage.hits())
                .setLoadOnDemandCount(usage.loadsOnDemand())
                .setParkingCount(usage.parkings())
                .setIdleSeconds(Math.max(0, System.nanoTime() - usage.lastNanos()) / NANOS_A_SECOND);
    }

    private LoadedModel ready(ModelSlot slot, WeightedVersion route) {
        ServedVersion served = route.served();
        return describe(slot.model(), served)
                .setWeight(route.weight())
                .setShadowPercent(route.shadowPercent())
                .setReleaseRevision(slot.revision())
                .setIsFallback(isFallback(slot, served))
                .setResidency(residency(slot.usage(), served.memoryBytes()))
                .setIsPinned(pins.find(slot.model(), served.version(), served.digest()) != null)
                .build();
    }

    private static boolean isFallback(ModelSlot slot, ServedVersion served) {
        return slot.ladder() != null && slot.ladder().fallback() == served;
    }

    private static LoadedModel.Builder describe(String name, ServedVersion served) {
        LoadedModel.Builder model = LoadedModel.newBuilder()
                .setModel(name)
                .setVersion(served.version())
                .setDigest(served.digest())
                .setState(LoadState.LOAD_STATE_READY)
                .setEngine(served.scorer().engine())
                .setFallbackReason(served.fallbackReason())
                .setRemark(served.featureContract().remark())
                .setTask(served.modelPackage().manifest().getTask())
                .setLabelCount(served.modelPackage().answer().labels().size())
                .setLoadMillis(served.loadTime().toNanos() / NANOS_A_MILLI)
                .setAlgorithm(served.modelPackage().manifest().getAlgorithm())
                .setEntity(served.modelPackage().manifest().getEntity())
                .setSignatureDigest(served.modelPackage().signature().digest());
        for (InputField field : served.modelPackage().signature().inputs()) {
            model.addInputs(ModelInput.newBuilder()
                    .setName(field.name())
                    .setIsText(field.kind() == InputKind.TEXT)
                    .setWidth(field.width()));
        }
        return model;
    }

    private static LoadedModel notReady(VersionStatus status) {
        return LoadedModel.newBuilder()
                .setModel(status.model())
                .setVersion(status.version())
                .setDigest(status.digest())
                .setState(status.isFailed() ? LoadState.LOAD_STATE_FAILED : LoadState.LOAD_STATE_LOADING)
                .setFailure(status.failure())
                .build();
    }
}
