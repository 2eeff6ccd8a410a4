package io.foresell.gateway.backend;

import io.foresell.gateway.config.GatewayConfig;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.InternalNettyChannelBuilder;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.NettyChannelBuilder;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.quarkus.grpc.api.ChannelBuilderCustomizer;
import io.quarkus.grpc.runtime.config.GrpcClientConfiguration;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Speaks TLS to the services when trusted authorities are set, and takes rotated files into use without a restart: standing connections
 * stay, new ones show the new certificate, files that cannot be used leave the old ones and are told by health and meters. Quarkus' own
 * settings read files once.
 */
@Singleton
public class ServiceTls implements ChannelBuilderCustomizer<NettyChannelBuilder> {
    private final ScheduledExecutorService polling = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "service-tls");
        thread.setDaemon(true);
        return thread;
    });
    private final @Nullable TlsFiles files;
    private final @Nullable SslContext context;

    ServiceTls(GatewayConfig config, MeterRegistry meters) throws CertificateException, SSLException {
        this.files = config.tls().trust().isEmpty() ? null : new TlsFiles(config.tls());
        this.context = files == null ? null : context(files);
        if (files != null) {
            long millis = config.tls().rotation().toMillis();
            var unused = polling.scheduleWithFixedDelay(files::poll, millis, millis, TimeUnit.MILLISECONDS);
        }
        Gauge.builder("rotation_problems", this, now -> now.problem().isEmpty() ? 0 : 1)
                .description("Certificates and keys whose newest files cannot be used; those before are")
                .register(meters);
    }

    private static SslContext context(TlsFiles files) throws SSLException {
        files.readFirst();
        SslContextBuilder builder = GrpcSslContexts.forClient().trustManager(files.trust());
        return files.keys() == null
                ? builder.build()
                : builder.keyManager(files.keys()).build();
    }

    /** Returns why the newest files are not in use; empty when they are, or none are set. */
    String problem() {
        return files == null ? "" : files.problem();
    }

    @Override
    public Map<String, Object> customize(String name, GrpcClientConfiguration config, NettyChannelBuilder builder) {
        secure(builder);
        return Map.of();
    }

    /** Lets a channel speak TLS when it is set. */
    void secure(NettyChannelBuilder builder) {
        if (context != null && files != null) {
            // The one way that Quarkus does not undo: it calls usePlaintext afterwards, which leaves a given negotiator
            // alone.
            InternalNettyChannelBuilder.setProtocolNegotiatorFactory(
                    builder, (InternalNettyChannelBuilder.ProtocolNegotiatorFactory)
                            () -> InternalProtocolNegotiators.tls(context, null, files.trust()));
        }
    }

    @PreDestroy
    void close() {
        polling.shutdownNow();
    }
}
