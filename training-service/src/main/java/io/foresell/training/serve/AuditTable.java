package io.foresell.training.serve;

import io.foresell.proto.registry.v1.AddSignatureRequest;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc;
import io.foresell.proto.registry.v1.PackageSignatureServiceGrpc;
import io.foresell.proto.registry.v1.RolloutPlan;
import io.foresell.proto.registry.v1.RolloutServiceGrpc;
import io.foresell.proto.registry.v1.Route;
import io.foresell.proto.registry.v1.SetAliasRequest;
import io.foresell.proto.registry.v1.SetReleaseRequest;
import io.foresell.training.registry.ModelRegistry;
import io.grpc.MethodDescriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which methods are written to the audit log, and in which words. Immutable. */
final class AuditTable {
    /** What a request says, and what is before it. */
    record Said(String model, String actor, String from, String to, String reason) {}

    private final Map<String, Function<Object, Said>> rows = new HashMap<>();

    private AuditTable() {}

    /** Returns a row for every method that changes what serves. */
    static AuditTable of(ModelRegistry registry) {
        AuditTable table = new AuditTable();
        table.add(ModelRegistryServiceGrpc.getSetReleaseMethod(), request -> release(registry, request));
        table.add(ModelRegistryServiceGrpc.getSetAliasMethod(), request -> alias(registry, request));
        table.add(PackageSignatureServiceGrpc.getAddSignatureMethod(), AuditTable::signature);
        rollouts(table);
        return table;
    }

    /** What was before is in the release that the rollout sets, which is a line of its own. */
    private static void rollouts(AuditTable table) {
        table.add(RolloutServiceGrpc.getStartRolloutMethod(), request -> {
            RolloutPlan plan = request.getPlan();
            return new Said(
                    plan.getModel(), request.getActor(), "", "rollout of " + plan.getCandidate(), request.getReason());
        });
        table.add(
                RolloutServiceGrpc.getPromoteRolloutMethod(),
                request -> new Said(
                        request.getModel(),
                        request.getActor(),
                        "",
                        request.getIsToEnd() ? "promoted to the end" : "promoted by a stage",
                        request.getReason()));
        table.add(
                RolloutServiceGrpc.getRollBackRolloutMethod(),
                request -> new Said(request.getModel(), request.getActor(), "", "rolled back", request.getReason()));
        table.add(
                RolloutServiceGrpc.getHoldRolloutMethod(),
                request -> new Said(
                        request.getModel(),
                        request.getActor(),
                        "",
                        request.getIsReleased() ? "goes on" : "held",
                        request.getReason()));
    }

    @SuppressWarnings("unchecked") // a method's messages are of its own type
    private <Q> void add(MethodDescriptor<Q, ?> method, Function<Q, Said> words) {
        rows.put(method.getFullMethodName(), (Function<Object, Said>) (Function<?, Said>) words);
    }

    /** Returns how requests of a method are read; null for methods that are not written down. */
    @Nullable
    Function<Object, Said> of(MethodDescriptor<?, ?> method) {
        return rows.get(method.getFullMethodName());
    }

    private static Said release(ModelRegistry registry, SetReleaseRequest request) {
        var released = registry.releases().feed().current();
        var current = released == null ? null : released.get(request.getModel());
        String from = current == null
                ? ""
                : "release %d: %s"
                        .formatted(
                                current.release().revision(),
                                current.release().routes().stream()
                                        .map(route -> words(route.version(), route.weight()))
                                        .collect(Collectors.joining(", ")));
        return new Said(
                request.getModel(),
                request.getActor(),
                from,
                routes(request.getRoutesList()) + ladder(request) + (request.getIsForced() ? " by force" : ""),
                request.getReason());
    }

    private static String ladder(SetReleaseRequest request) {
        int fallback = request.getLadder().getFallbackVersion();
        long maxAge = request.getLadder().getLastKnownMaxAge().getSeconds();
        return (fallback == 0 ? "" : ", fallback %d".formatted(fallback))
                + (maxAge == 0 ? "" : ", last known up to %d s".formatted(maxAge));
    }

    private static String routes(List<Route> routes) {
        return routes.stream()
                .map(route -> words(route.getVersion(), route.getWeight()))
                .collect(Collectors.joining(", "));
    }

    private static String words(int version, int weight) {
        return "%d at %d %%".formatted(version, weight);
    }

    private static Said alias(ModelRegistry registry, SetAliasRequest request) {
        String alias = request.getAlias();
        String from = registry.models().stream()
                .filter(model -> model.name().equals(request.getModel()))
                .map(model -> model.aliases().get(alias))
                .filter(Objects::nonNull)
                .map(version -> alias + " at " + version)
                .findFirst()
                .orElse("");
        return new Said(
                request.getModel(),
                request.getActor(),
                from,
                alias + " at " + request.getVersion(),
                request.getReason());
    }

    private static Said signature(AddSignatureRequest request) {
        String signed =
                request.getDigest() + " signed by " + request.getSignature().getKeyId();
        return new Said(request.getModel(), "", "", signed, "");
    }
}
