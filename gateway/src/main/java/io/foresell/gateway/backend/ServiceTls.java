package io.foresell.gateway.backend;

import io.foresell.gateway.config.GatewayConfig;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.InternalNettyChannelBuilder;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.quarkus.grpc.api.ChannelBuilderCustomizer;
import io.quarkus.grpc.runtime.config.GrpcClientConfiguration;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Speaks TLS to the services when trusted authorities are set, and takes rotated files into use without a restart: standing connections
 * stay, new ones show the new certificate, files that cannot be read leave the old ones. Quarkus' own settings read files once.
 */
@Singleton
public class ServiceTls implements ChannelBuilderCustomizer<NettyChannelBuilder> {
    private final ScheduledExecutorService files = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "service-tls");
        thread.setDaemon(true);
        return thread;
    });
    private final AdvancedTlsX509TrustManager trust;
    private final @Nullable SslContext context;

    ServiceTls(GatewayConfig config) throws CertificateException {
        this.trust = AdvancedTlsX509TrustManager.newBuilder()
                .setVerification(Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION)
                .build();
        this.context = config.tls().trust().isEmpty() ? null : context(config.tls());
    }

    private SslContext context(GatewayConfig.Tls tls) {
        long seconds = tls.rotation().toSeconds();
        try {
            Path trusted = Path.of(tls.trust().orElseThrow());
            var unusedTrust = trust.updateTrustCredentials(trusted.toFile(), seconds, TimeUnit.SECONDS, files);
            SslContextBuilder builder = GrpcSslContexts.forClient().trustManager(trust);
            if (tls.certificate().isPresent()) {
                AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
                var unusedKeys = keys.updateIdentityCredentials(
                        Path.of(tls.certificate().get()).toFile(),
                        Path.of(tls.privateKey().orElseThrow()).toFile(),
                        seconds,
                        TimeUnit.SECONDS,
                        files);
                builder.keyManager(keys);
            }
            return builder.build();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "foresell.tls: %s (expected: readable PEM files)".formatted(e.getMessage()), e);
        }
    }

    @Override
    public Map<String, Object> customize(String name, GrpcClientConfiguration config, NettyChannelBuilder builder) {
        secure(builder);
        return Map.of();
    }

    /** Lets a channel speak TLS when it is set. */
    void secure(NettyChannelBuilder builder) {
        if (context != null) {
            // The one way that Quarkus does not undo: it calls usePlaintext afterwards, which leaves a given negotiator
            // alone.
            InternalNettyChannelBuilder.setProtocolNegotiatorFactory(
                    builder, (InternalNettyChannelBuilder.ProtocolNegotiatorFactory)
                            () -> InternalProtocolNegotiators.tls(context, null, trust));
        }
    }

    @PreDestroy
    void close() {
        files.shutdownNow();
    }
}
