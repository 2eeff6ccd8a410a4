package io.foresell.gateway;

import io.foresell.gateway.config.GatewayConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;

/**
 * Bounds bodies of unannounced length where they are read, on whatever thread that is; {@link RequestLimits} looks at those that announce
 * theirs.
 */
@Provider
@Priority(Priorities.ENTITY_CODER)
@ApplicationScoped
public class BodyInterceptor implements ReaderInterceptor {
    private final long maxBodyBytes;

    BodyInterceptor(GatewayConfig config) {
        this.maxBodyBytes = config.http().maxBody().asLongValue();
    }

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext body) throws IOException {
        if (body.getHeaders().getFirst(HttpHeaders.CONTENT_LENGTH) == null) {
            body.setInputStream(new BoundedBody(body.getInputStream(), maxBodyBytes));
        }
        return body.proceed();
    }
}
