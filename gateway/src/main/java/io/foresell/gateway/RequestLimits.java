package io.foresell.gateway;

import io.foresell.gateway.config.GatewayConfig;
import io.foresell.gateway.problem.Problem;
import io.foresell.gateway.problem.ProblemAnswer;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what the server would refuse without words: bodies that announce more bytes than allowed, before a byte is
 * read, and requests above what the worker threads and their queue hold. A body that announces nothing (chunked) is
 * bounded where it is read, by {@link BodyInterceptor}; here only the server is told to let it come that far.
 */
@Singleton
public class RequestLimits {
    /** Before the server's own check, which answers without words. */
    private static final int PRIORITY = 200;

    /** After the server's own check has noted the limit at which it cuts a body without words. */
    private static final int AFTER_SERVER_PRIORITY = 1;

    private final long maxBodyBytes;
    private final ProblemAnswer problems;

    RequestLimits(GatewayConfig config, ProblemAnswer problems) {
        this.maxBodyBytes = config.http().maxBody().asLongValue();
        this.problems = problems;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
        filters.register(this::letUnannouncedCome, AFTER_SERVER_PRIORITY);
    }

    void register(@Observes Router router) {
        router.route().failureHandler(this::failed);
    }

    private void check(RoutingContext call) {
        long announced = announcedBytes(call.request().getHeader(HttpHeaders.CONTENT_LENGTH));
        if (announced <= maxBodyBytes) {
            call.next();
            return;
        }
        // The body is not read, so the connection cannot be used again.
        call.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        problems.end(
                call,
                Problem.of(
                        413, "BODY_TOO_LARGE", "body: %d bytes (expected: 0..%d)".formatted(announced, maxBodyBytes)));
    }

    /** Twice what is drained: the server counts what came, which is ahead of what was read. */
    private void letUnannouncedCome(RoutingContext call) {
        if (call.request().getHeader(HttpHeaders.CONTENT_LENGTH) == null) {
            call.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, maxBodyBytes + 2 * BoundedBody.MAX_DRAINED_BYTES);
        }
        call.next();
    }

    /** What fails before a resource is found, the server itself would answer with an error's number for its log. */
    private void failed(RoutingContext call) {
        if (call.response().headWritten()) {
            call.next();
        } else if (call.failure() instanceof RejectedExecutionException) {
            problems.end(call, Problem.busy());
        } else if (call.statusCode() >= 400 && call.statusCode() < 500) {
            problems.end(
                    call,
                    Problem.of(
                            call.statusCode(),
                            "REQUEST_MALFORMED",
                            "request: cannot be read (expected: HTTP with a sound target and a sound Host)"));
        } else {
            call.next();
        }
    }

    private static long announcedBytes(@Nullable String header) {
        try {
            return header == null ? 0 : Long.parseLong(header);
        } catch (NumberFormatException e) {
            return 0; // The server refuses a malformed header by itself.
        }
    }
}
