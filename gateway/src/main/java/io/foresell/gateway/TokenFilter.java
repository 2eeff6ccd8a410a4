package io.foresell.gateway;

import io.foresell.gateway.backend.CallerCredential;
import io.foresell.gateway.problem.Problem;
import io.foresell.gateway.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;

/** Takes what a caller sends to say who it is and passes it on; services judge it. Console and health stay open: probes know none. */
@Provider
@ApplicationScoped
public class TokenFilter implements ContainerRequestFilter {
    private final Credentials credentials;
    private final CallerCredential credential;

    TokenFilter(Credentials credentials, CallerCredential credential) {
        this.credentials = credentials;
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
        Problem refusal = credentials.refusal(sent);
        if (refusal != null) {
            throw new ProblemException(refusal);
        }
    }
}
