package io.foresell.gateway.backend;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Tells of rotated certificates that cannot be used. The gateway stays ready: those before are in use, and a restart would have none. */
@Readiness
@ApplicationScoped
public class ServiceTlsHealth implements HealthCheck {
    private final ServiceTls tls;

    ServiceTlsHealth(ServiceTls tls) {
        this.tls = tls;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder answer =
                HealthCheckResponse.named("service-tls").up();
        String problem = tls.problem();
        return problem.isEmpty()
                ? answer.build()
                : answer.withData("notice", problem).build();
    }
}
