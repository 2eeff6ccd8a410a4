package io.foresell.inference.serve.tensor;

import io.foresell.inference.load.LoadOrders;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.openinference.ModelRepositoryParameter;
import io.foresell.proto.openinference.RepositoryIndexRequest;
import io.foresell.proto.openinference.RepositoryIndexResponse;
import io.foresell.proto.openinference.RepositoryIndexResponse.ModelIndex;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The models of this server as a repository: listed, and loaded and unloaded where that is allowed. */
final class Repository {
    private final ModelDirectory directory;
    private final TestModels tests;
    private final LoadOrders orders;
    private final boolean isControlled;

    Repository(ModelDirectory directory, TestModels tests, LoadOrders orders, boolean isControlled) {
        this.directory = directory;
        this.tests = tests;
        this.orders = orders;
        this.isControlled = isControlled;
    }

    RepositoryIndexResponse index(RepositoryIndexRequest request) {
        if (!request.getRepositoryName().isEmpty()) {
            throw namedRepository(request.getRepositoryName());
        }
        List<ModelIndex> models = new ArrayList<>();
        directory.all().forEach(model -> models.add(ModelProtos.ready(model)));
        directory.parked().forEach(release -> models.addAll(ModelProtos.parked(release)));
        if (!request.getReady()) {
            directory.notReady().forEach(status -> models.add(ModelProtos.notReady(status)));
            tests.unloaded().forEach(name -> models.add(ModelProtos.unloaded(name)));
        }
        models.sort(Comparator.comparing(ModelIndex::getName));
        return RepositoryIndexResponse.newBuilder().addAllModels(models).build();
    }

    /** Loads a model; completes with its name. */
    CompletableFuture<String> load(String repository, String name, Map<String, ModelRepositoryParameter> parameters) {
        String model = model(repository, name);
        return order("load", model, () -> {
            boolean hasPackage = isPackage(model);
            for (String parameter : parameters.keySet()) {
                if (hasPackage || !parameter.equals("config")) {
                    throw new ServiceException(Failure.invalid(
                            "PARAMETER_UNSUPPORTED",
                            "parameters",
                            parameter,
                            hasPackage ? "none: packages are immutable" : "config"));
                }
            }
            if (!hasPackage) {
                ModelRepositoryParameter config = parameters.get("config");
                tests.load(model, config == null ? "" : config.getStringParam());
                return CompletableFuture.completedFuture(null);
            }
            return orders.load(model);
        });
    }

    /** Unloads a model; completes with its name. */
    CompletableFuture<String> unload(String repository, String name) {
        String model = model(repository, name);
        return order("unload", model, () -> {
            if (!isPackage(model)) {
                tests.unload(model);
                return CompletableFuture.completedFuture(null);
            }
            return orders.unload(model);
        });
    }

    private boolean isPackage(String model) {
        return !tests.knows(model)
                || directory.all().stream()
                        .anyMatch(known ->
                                known instanceof PackageModel && known.name().equals(model))
                || directory.isParked(model)
                || directory.notReady().stream()
                        .anyMatch(status -> status.model().equals(model));
    }

    private interface Work {
        CompletableFuture<Void> begin();
    }

    private CompletableFuture<String> order(String verb, String model, Work work) {
        CompletableFuture<Void> done;
        try {
            requireControl();
            done = work.begin();
        } catch (ServiceException e) {
            done = CompletableFuture.failedFuture(e);
        }
        return done.handle((nothing, error) -> {
            if (error != null) {
                throw failed(verb, model, error);
            }
            return model;
        });
    }

    /** Clients recognise the first words. */
    private static CompletionException failed(String verb, String model, Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (!(cause instanceof ServiceException known)) {
            return new CompletionException(cause);
        }
        Failure failure = known.failure();
        String shown = model.length() <= 63 ? model : model.substring(0, 63) + "...";
        return new CompletionException(new ServiceException(new Failure(
                failure.code(),
                failure.reason(),
                "failed to %s '%s', %s".formatted(verb, shown, failure.message()),
                failure.metadata(),
                failure.violations(),
                failure.retryAfter())));
    }

    private void requireControl() {
        if (!isControlled) {
            throw new ServiceException(new Failure(
                    Status.Code.PERMISSION_DENIED,
                    "MODEL_CONTROL_OFF",
                    "models are loaded by releases only (expected: setting open-inference.model-control true)",
                    Map.of(),
                    List.of(),
                    null));
        }
    }

    /** Another protocol has the model's name in the place of the repository's. */
    private static String model(String repository, String name) {
        if (!repository.isEmpty() && !name.isEmpty()) {
            throw namedRepository(repository);
        }
        String model = name.isEmpty() ? repository : name;
        if (model.isEmpty()) {
            throw new ServiceException(Failure.invalid("MODEL_REQUIRED", "model_name", "", "the name of a model"));
        }
        return model;
    }

    private static ServiceException namedRepository(String name) {
        return new ServiceException(
                Failure.invalid("REPOSITORY_UNKNOWN", "repository_name", name, "nothing: there is one repository"));
    }
}
