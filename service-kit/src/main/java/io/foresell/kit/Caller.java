package io.foresell.kit;

import io.foresell.kit.identity.Identity;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
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

    /** Who calls and what it may do, on servers that ask. */
    public static final Context.Key<Identity> IDENTITY = Context.key("foresell-identity");

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

    /** Returns who was proven to call, e.g. {@code key:crm}; {@code unverified} on servers that ask nobody. */
    public static String verified() {
        Identity identity = IDENTITY.get();
        return identity == null ? "unverified" : identity.shown();
    }

    /** Returns what the client showed, verified; null when it showed nothing. */
    static @Nullable X509Certificate certificate(ServerCall<?, ?> call) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (session == null) {
            return null;
        }
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate shown ? shown : null;
        } catch (SSLPeerUnverifiedException e) {
            return null; // it showed none
        }
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
