package io.foresell.kit;

import io.foresell.kit.AccessTable.Asked;
import io.foresell.kit.AccessTable.Rule;
import io.foresell.kit.identity.Authenticator;
import io.foresell.kit.identity.CredentialException;
import io.foresell.kit.identity.Identity;
import io.foresell.kit.identity.Role;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lets in who proved who it is and may do what it asks. Runs before a message is read; what depends on the message follows in {@link GuardedCall}. */
final class AccessInterceptor implements ServerInterceptor {
    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Authenticator authenticator;
    private final AccessTable rights;
    private final MeterRegistry meters;
    private final Counter denied;

    AccessInterceptor(Authenticator authenticator, AccessTable rights, MeterRegistry meters) {
        this.authenticator = authenticator;
        this.rights = rights;
        this.meters = meters;
        this.denied = refused("not_allowed");
        for (CredentialException.Kind kind : CredentialException.Kind.values()) {
            refused(kind.name());
        }
    }

    private Counter refused(String cause) {
        return Counter.builder("access_refused")
                .description("Calls of callers who are not known or not allowed")
                .tag("cause", cause.toLowerCase(Locale.ROOT))
                .register(meters);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Rule rule = rights.of(call.getMethodDescriptor());
        if (rule.asked() == Asked.NOTHING) {
            return next.startCall(call, headers);
        }
        Identity identity = identity(call, headers);
        boolean isEverywhere = rule.asked() == Asked.IDENTITY || identity.mayEverywhere(rule.roles());
        if (!isEverywhere && (rule.asked() == Asked.ROLE_EVERYWHERE || !identity.maySomewhere(rule.roles()))) {
            throw denied(identity, rule, null);
        }
        Context known = Context.current().withValues(Caller.IDENTITY, identity, Caller.AUTHENTICATED, identity.name());
        if (isEverywhere && call.getMethodDescriptor().getType() == MethodType.UNARY) {
            return Contexts.interceptCall(known, call, headers, next); // nothing left to ask
        }
        GuardedCall<Q, A> guarded = new GuardedCall<>(call, this, identity, rule, isEverywhere);
        return guarded.listener(Contexts.interceptCall(known, guarded, headers, next));
    }

    private Identity identity(ServerCall<?, ?> call, Metadata headers) {
        try {
            return authenticator.authenticate(headers.get(AUTHORIZATION), Caller.certificate(call));
        } catch (CredentialException e) {
            refused(e.kind().name()).increment();
            throw new ServiceException(failure(e));
        }
    }

    private Failure failure(CredentialException refused) {
        return switch (refused.kind()) {
            case MISSING -> Failure.unauthenticated(
                    "CREDENTIAL_MISSING", "authorization: missing (expected: %s)".formatted(authenticator.expected()));
            case REFUSED -> Failure.unauthenticated(
                    "CREDENTIAL_REFUSED",
                    "authorization: %s (expected: %s)".formatted(refused.getMessage(), authenticator.expected()));
            case KEYS_AWAY -> Failure.unavailable(
                    "ISSUER_KEYS_AWAY", "authorization: " + refused.getMessage(), Duration.ofSeconds(1));
        };
    }

    /** Says what is missing; the same words whether the model exists or not. */
    ServiceException denied(Identity identity, Rule rule, @Nullable String model) {
        denied.increment();
        String roles = rule.roles().stream().map(Role::word).collect(Collectors.joining(" or "));
        String on = model == null
                ? (rule.asked() == Asked.ROLE_EVERYWHERE ? " on every model" : "")
                : " on '" + model + "'";
        Failure failure = Failure.denied(
                        "NOT_ALLOWED",
                        "%s: not allowed (expected: a grant of %s%s)".formatted(identity.shown(), roles, on))
                .with("caller", identity.shown())
                .with("roles", roles);
        return new ServiceException(model == null ? failure : failure.with("model", model));
    }

    boolean holds(Identity identity) {
        return authenticator.holds(identity);
    }
}
