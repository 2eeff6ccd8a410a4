package io.foresell.gateway.rest;

import io.foresell.proto.feature.v1.GetStoreStatusResponse;
import io.foresell.proto.inference.v1.ListLoadedModelsResponse;
import io.foresell.proto.inference.v1.LoadedModel;
import java.util.Locale;

/** From the services' words about themselves to JSON. */
final class ServiceProtos {
    private ServiceProtos() {}

    static Services.Loaded loaded(ListLoadedModelsResponse response) {
        return new Services.Loaded(
                response.getIsRegistryConnected(),
                response.getKernels(),
                response.getModelsList().stream().map(ServiceProtos::model).toList());
    }

    static Services.Store store(GetStoreStatusResponse response) {
        return new Services.Store(response.getViewsList().stream()
                .map(view -> new Services.ViewStatus(
                        view.getView(),
                        view.getEntityCount(),
                        view.getRowCount(),
                        view.getQuarantinedCount(),
                        view.getNewestEventMillis()))
                .toList());
    }

    private static Services.LoadedModel model(LoadedModel model) {
        return new Services.LoadedModel(
                model.getModel(),
                model.getVersion(),
                model.getState().name().replace("LOAD_STATE_", "").toLowerCase(Locale.ROOT),
                model.getFailure(),
                model.getEngine(),
                model.getFallbackReason(),
                model.getTask(),
                Numbers.finite(model.getLoadMillis()),
                model.getWeight(),
                model.getAlgorithm());
    }
}
