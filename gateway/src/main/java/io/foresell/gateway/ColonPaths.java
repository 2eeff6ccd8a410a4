package io.foresell.gateway;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Accepts {@code models/churn%3Ascore} for {@code models/churn:score}: many clients encode the colon. */
public class ColonPaths {
    private static final String ENCODED = "%3Ascore";

    @ServerRequestFilter(preMatching = true)
    void filter(ContainerRequestContext request) {
        URI uri = request.getUriInfo().getRequestUri();
        String path = uri.getRawPath();
        int verb = path.length() - ENCODED.length();
        if (path.startsWith("/v1/models/") && path.regionMatches(true, verb, ENCODED, 0, ENCODED.length())) {
            request.setRequestUri(UriBuilder.fromUri(uri)
                    .replacePath(path.substring(0, verb) + ":score")
                    .build());
        }
    }
}
