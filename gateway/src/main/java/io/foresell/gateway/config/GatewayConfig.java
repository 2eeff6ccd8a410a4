package io.foresell.gateway.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/**
 * What an operator can set, read once at start. {@code foresell.churn.model} is the environment variable
 * {@code FORESELL_CHURN_MODEL}; {@code application.properties} describes every key.
 */
@ConfigMapping(prefix = "foresell")
public interface GatewayConfig {
    /** Returns where the gateway itself listens. */
    Http http();

    /** Returns where the feature store answers. */
    Target featureStore();

    /** Returns where the training service answers, with the registry in it. */
    Target training();

    /** Returns where the inference service answers. */
    Target inference();

    /** Returns the bearer token that callers must send and that is sent to the services; absent leaves the API open. */
    Optional<String> token();

    /** Returns what callers must send. */
    Credential credential();

    /** Returns how the gateway speaks to the services. */
    Tls tls();

    /** Returns what {@code /v1/customers/{id}/churn} asks for. */
    Churn churn();

    /** Returns how long each kind of call may take. */
    Deadline deadline();

    /** Returns where spans go. */
    Traces traces();

    /** Where the gateway itself listens. */
    interface Http {
        /** Returns the interface to listen on. */
        String host();

        /** Returns the port of REST, console, health and metrics; 0 means any free one. */
        int port();

        /** Returns the largest request body accepted. */
        MemorySize maxBody();
    }

    /** Where a service answers. */
    interface Target {
        /** Returns the host's name or address. */
        String host();

        /** Returns the gRPC port. */
        int port();
    }

    /** What callers must send to say who they are; services judge it. */
    interface Credential {
        /** Returns whether a request without a credential is refused here already. */
        @WithDefault("false")
        boolean required();
    }

    /** Certificates towards the services; the gateway's own HTTPS is Quarkus' {@code quarkus.tls}. */
    interface Tls {
        /** Returns the PEM file of trusted authorities; absent speaks plain text. */
        Optional<String> trust();

        /** Returns the PEM file of the certificate to show; absent shows none. */
        Optional<String> certificate();

        /** Returns the PEM file of its PKCS#8 key. */
        Optional<String> privateKey();

        /** Returns how often the files are looked at, 1 second or more. */
        @WithDefault("10s")
        Duration rotation();
    }

    /** What the churn endpoint asks for. */
    interface Churn {
        /** Returns the name of the churn model. */
        @WithDefault("churn")
        String model();
    }

    /** How long each kind of call may take before the caller gets 504. */
    interface Deadline {
        /** Returns the limit of a scoring call. */
        @WithDefault("2s")
        Duration score();

        /** Returns the limit of a call that loads or unloads a model. */
        @WithDefault("60s")
        Duration load();

        /** Returns the limit of a call that lists models, versions, releases or jobs. */
        @WithDefault("5s")
        Duration list();

        /** Returns the limit of each question asked for {@code /v1/services}. */
        @WithDefault("1s")
        Duration health();
    }

    /** Where spans go. Trace context is passed on in any case. */
    interface Traces {
        /** Returns the OTLP gRPC endpoint, e.g. {@code http://collector:4317}; absent exports none. */
        Optional<String> endpoint();
    }
}
