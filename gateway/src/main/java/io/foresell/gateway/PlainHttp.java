package io.foresell.gateway;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Without TLS the gateway speaks HTTP/1.1 alone. The server's upgrade to HTTP/2 leaves a request that asks for it half-heartedly, with
 * {@code Upgrade: h2c} and without the settings, unanswered and its connection open. With TLS, HTTP/2 is agreed upon before.
 */
@ApplicationScoped
public class PlainHttp implements HttpServerOptionsCustomizer {
    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setHttp2ClearTextEnabled(false);
    }
}
