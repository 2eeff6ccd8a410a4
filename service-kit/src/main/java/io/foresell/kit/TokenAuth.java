package io.foresell.kit;

import io.foresell.kit.identity.Grant;
import io.foresell.kit.identity.Identity;
import io.foresell.kit.identity.Role;
import io.grpc.CallCredentials;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * One shared bearer token between the processes of a cluster. Health and reflection stay open, because probes and tools
 * ask them before they know a token.
 */
final class TokenAuth implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /** Whoever holds the token may do everything. */
    private static final Identity HOLDER =
            new Identity(Identity.Proof.CLUSTER, "shared", List.of(new Grant(Role.ADMIN, "*")), Instant.MAX, "");

    private final byte[] expected;

    TokenAuth(String token) {
        expected = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String service = call.getMethodDescriptor().getServiceName();
        if (service != null && service.startsWith("grpc.")) {
            return next.startCall(call, headers);
        }
        String sent = headers.get(AUTHORIZATION);
        // A comparison in constant time tells nothing about how much of a guess was right.
        if (sent == null || !MessageDigest.isEqual(expected, sent.getBytes(StandardCharsets.UTF_8))) {
            throw new ServiceException(Failure.unauthenticated(
                    "TOKEN_REQUIRED", "authorization: missing or wrong (expected: the bearer token of the cluster)"));
        }
        return Contexts.interceptCall(Context.current().withValue(Caller.IDENTITY, HOLDER), call, headers, next);
    }

    /** Returns credentials that send the token with every call. */
    static CallCredentials credentials(String token) {
        return new CallCredentials() {
            @Override
            public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
                Metadata headers = new Metadata();
                headers.put(AUTHORIZATION, "Bearer " + token);
                applier.apply(headers);
            }
        };
    }
}
