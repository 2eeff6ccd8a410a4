package io.foresell.gateway;

import io.foresell.gateway.backend.CallerCredential;
import io.foresell.gateway.config.GatewayConfig;
import io.foresell.gateway.problem.Problem;
import io.foresell.gateway.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a caller sends to say who it is and passes it on; services judge it. With one shared token only its holders come in, and where
 * a credential is required nobody without one. Console and health stay open: probes know none.
 */
@Provider
@ApplicationScoped
public class TokenFilter implements ContainerRequestFilter {
    private final byte[] expected;
    private final boolean isRequired;
    private final CallerCredential credential;

    TokenFilter(GatewayConfig config, CallerCredential credential) {
        this.expected = config.token()
                .map(token -> ("Bearer " + token).getBytes(StandardCharsets.UTF_8))
                .orElse(new byte[0]);
        this.isRequired = config.credential().required();
        this.credential = credential;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        String sent = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        if (sent != null) {
            credential.set(sent);
        }
        if (request.getUriInfo().getPath().startsWith("/v2/health/")) {
            return;
        }
        if (expected.length > 0 && !isToken(sent)) {
            throw refused("TOKEN_REQUIRED", "missing or wrong (expected: the bearer token of the cluster)");
        }
        if (isRequired && sent == null) {
            throw refused("CREDENTIAL_MISSING", "missing (expected: Bearer with an API key or a token of the issuer)");
        }
    }

    /** A comparison in constant time tells nothing about how much of a guess was right. */
    private boolean isToken(@Nullable String sent) {
        return sent != null && MessageDigest.isEqual(expected, sent.getBytes(StandardCharsets.UTF_8));
    }

    private static ProblemException refused(String reason, String words) {
        return new ProblemException(Problem.of(401, reason, "authorization: " + words));
    }
}
