package io.foresell.inference.serve.tensor;

import io.foresell.inference.audit.AuditTrail;
import io.foresell.inference.audit.ControlAction;
import io.foresell.inference.audit.ControlAttempt;
import io.foresell.kit.Caller;
import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.proto.openinference.ModelRepositoryParameter;
import io.foresell.proto.openinference.RepositoryModelLoadRequest;
import io.foresell.proto.openinference.RepositoryModelUnloadRequest;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Orders of callers to load and unload models: audited, then carried out. */
final class ModelControl {
    private static final Logger log = LoggerFactory.getLogger(ModelControl.class);
    private static final String REASON = "reason";
    private static final String ACTOR = "actor";

    private final Repository repository;
    private final ModelDirectory directory;
    private final AuditTrail audit;

    ModelControl(Repository repository, ModelDirectory directory, AuditTrail audit) {
        this.repository = repository;
        this.directory = directory;
        this.audit = audit;
    }

    /** Loads a model; completes with its name. */
    CompletableFuture<String> load(RepositoryModelLoadRequest request) {
        Map<String, ModelRepositoryParameter> parameters = new TreeMap<>(request.getParametersMap());
        parameters.remove(REASON);
        parameters.remove(ACTOR);
        String to = parameters.isEmpty() ? "loaded" : "loaded with " + String.join(", ", parameters.keySet());
        return audit.around(
                attempt(
                        ControlAction.LOAD,
                        request.getRepositoryName(),
                        request.getModelName(),
                        to,
                        request.getParametersMap()),
                () -> repository.load(request.getRepositoryName(), request.getModelName(), parameters));
    }

    /** Unloads a model; completes with its name. */
    CompletableFuture<String> unload(RepositoryModelUnloadRequest request) {
        return audit.around(
                attempt(
                        ControlAction.UNLOAD,
                        request.getRepositoryName(),
                        request.getModelName(),
                        "unloaded",
                        request.getParametersMap()),
                () -> repository.unload(request.getRepositoryName(), request.getModelName()));
    }

    private ControlAttempt attempt(
            ControlAction action,
            String repository,
            String name,
            String to,
            Map<String, ModelRepositoryParameter> parameters) {
        String model = shown(name.isEmpty() ? repository : name);
        String caller = Caller.verified();
        String actor = text(parameters, ACTOR);
        String reason = text(parameters, REASON);
        log.info("order={} model={} caller={}", action, model, caller);
        return new ControlAttempt(action, caller, actor, model, directory.served(model), to, reason);
    }

    /** A caller's words could forge lines. */
    static String shown(String model) {
        return model.isEmpty() || Names.isValid(model) ? model : "(not a name)";
    }

    private static String text(Map<String, ModelRepositoryParameter> parameters, String name) {
        ModelRepositoryParameter value = parameters.get(name);
        if (value == null) {
            return "";
        }
        if (!value.hasStringParam()) {
            throw new ServiceException(Failure.invalid(
                    "PARAMETER_INVALID", "parameters['%s']".formatted(name), value.getParameterChoiceCase(), "a text"));
        }
        return value.getStringParam();
    }
}
