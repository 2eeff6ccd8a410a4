package io.foresell.kit;

import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who calls. In this order: who authentication says it is, the subject of the client's certificate, the header
 * {@code foresell-caller}, the address. The header is a word among those who hold the cluster's token, no proof.
 */
public final class Caller {
    /** Set by an interceptor that knows who calls, such as one that checks API keys. */
    public static final Context.Key<String> AUTHENTICATED = Context.key("foresell-caller");

    /** Names the caller to a server that has no better way to know. */
    public static final Metadata.Key<String> HEADER =
            Metadata.Key.of("foresell-caller", Metadata.ASCII_STRING_MARSHALLER);

    private static final Logger log = LoggerFactory.getLogger(Caller.class);

    private Caller() {}

    /** Returns the name of the caller. */
    public static String name(ServerCall<?, ?> call, Metadata headers) {
        String known = proven(call);
        if (known != null) {
            return known;
        }
        String named = headers.get(HEADER);
        return named == null || named.isEmpty() ? address(call) : named;
    }

    /** Returns the caller's certificate or address, which it does not choose from call to call. */
    public static String peer(ServerCall<?, ?> call) {
        String known = proven(call);
        return known == null ? address(call) : known;
    }

    private static @Nullable String proven(ServerCall<?, ?> call) {
        String authenticated = AUTHENTICATED.get();
        if (authenticated != null) {
            return authenticated;
        }
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (session == null) {
            return null;
        }
        try {
            return commonName(session.getPeerPrincipal().getName());
        } catch (SSLPeerUnverifiedException e) {
            log.trace("caller shows no certificate", e);
            return null;
        }
    }

    private static String commonName(String subject) {
        for (String part : subject.split(",", -1)) {
            if (part.strip().startsWith("CN=")) {
                return part.strip().substring(3);
            }
        }
        return subject;
    }

    private static String address(ServerCall<?, ?> call) {
        SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return remote instanceof InetSocketAddress internet && internet.getAddress() != null
                ? internet.getAddress().getHostAddress()
                : String.valueOf(remote);
    }
}
