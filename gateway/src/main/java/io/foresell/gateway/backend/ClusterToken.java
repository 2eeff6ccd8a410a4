package io.foresell.gateway.backend;

import io.foresell.gateway.config.GatewayConfig;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.stub.MetadataUtils;
import io.quarkus.arc.Arc;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.inject.Singleton;

/**
 * Sends with every call to a service what the caller sent to say who it is, so that services decide about rights. In a cluster with one
 * shared token that token goes along: whoever got here has shown it.
 */
@Singleton
@GlobalInterceptor
public class ClusterToken implements ClientInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final String shared;
    private final CallerCredential caller;

    ClusterToken(GatewayConfig config, CallerCredential caller) {
        this.shared = config.token().map(token -> "Bearer " + token).orElse("");
        this.caller = caller;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        String authorization = shared.isEmpty() ? ofCaller() : shared;
        if (authorization.isEmpty()) {
            return next.newCall(method, options);
        }
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                if (!headers.containsKey(AUTHORIZATION)) {
                    headers.put(AUTHORIZATION, authorization);
                }
                super.start(listener, headers);
            }
        };
    }

    /** Returns what goes along for a caller: the shared token, or else what the caller sent; empty when there is nothing. */
    String shownFor(String sent) {
        return shared.isEmpty() ? sent : shared;
    }

    /** Returns an interceptor for calls that begin outside of a request; empty shows nothing. */
    static ClientInterceptor showing(String authorization) {
        Metadata headers = new Metadata();
        if (!authorization.isEmpty()) {
            headers.put(AUTHORIZATION, authorization);
        }
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    /** Health checks at the start are nobody's. */
    private String ofCaller() {
        return Arc.container().requestContext().isActive() ? caller.authorization() : "";
    }
}
