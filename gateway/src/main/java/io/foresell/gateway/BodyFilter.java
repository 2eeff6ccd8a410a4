package io.foresell.gateway;

import io.foresell.gateway.config.GatewayConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;

/** Bounds bodies of unannounced length where they are read; {@link RequestLimits} looks at those that announce theirs. */
@Provider
@Priority(Priorities.ENTITY_CODER)
@ApplicationScoped
public class BodyFilter implements ContainerRequestFilter {
    private final long maxBodyBytes;

    BodyFilter(GatewayConfig config) {
        this.maxBodyBytes = config.http().maxBody().asLongValue();
    }

    @Override
    public void filter(ContainerRequestContext request) {
        boolean hasBody = !request.getMethod().equals(HttpMethod.GET)
                && !request.getMethod().equals(HttpMethod.HEAD);
        if (hasBody && request.getHeaderString(HttpHeaders.CONTENT_LENGTH) == null) {
            request.setEntityStream(new BoundedBody(request.getEntityStream(), maxBodyBytes));
        }
    }
}
