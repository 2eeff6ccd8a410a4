package io.foresell.gateway;

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

/** Lets only callers with the token of the cluster use the API, when one is set. Console and health stay open: probes know no token. */
@Provider
@ApplicationScoped
public class TokenFilter implements ContainerRequestFilter {
    private final byte[] expected;

    TokenFilter(GatewayConfig config) {
        expected = config.token()
                .map(token -> ("Bearer " + token).getBytes(StandardCharsets.UTF_8))
                .orElse(new byte[0]);
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (expected.length == 0 || request.getUriInfo().getPath().startsWith("/v2/health/")) {
            return;
        }
        String sent = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        // A comparison in constant time tells nothing about how much of a guess was right.
        if (sent == null || !MessageDigest.isEqual(expected, sent.getBytes(StandardCharsets.UTF_8))) {
            throw new ProblemException(Problem.of(
                    401,
                    "TOKEN_REQUIRED",
                    "authorization: missing or wrong (expected: the bearer token of the cluster)"));
        }
    }
}
