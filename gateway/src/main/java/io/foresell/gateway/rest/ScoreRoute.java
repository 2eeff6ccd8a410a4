package io.foresell.gateway.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.foresell.gateway.Credentials;
import io.foresell.gateway.backend.BackendException;
import io.foresell.gateway.backend.Backends;
import io.foresell.gateway.problem.ProblemAnswer;
import io.foresell.gateway.problem.Problems;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.micrometer.runtime.binder.vertx.HttpRequestMetric;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The short way of {@code POST /v1/models/{model}:score}: a small body of rows is read, sent on and answered on its network thread, past
 * everything that serves other requests. Whatever is not as most requests are goes the usual way, to {@link ScoreResource},
 * which also says what is wrong.
 */
@Singleton
public class ScoreRoute {
    private static final int PRIORITY = 100; // after the limits
    private static final int MAX_BODY_BYTES = 10 << 10; // larger ones hold the thread for too long
    private static final String BEFORE_MODEL = "/v1/models/";
    private static final String AFTER_MODEL = ":score";
    private static final String ENCODED_AFTER_MODEL = "%3Ascore"; // many clients encode the colon
    private static final String TEMPLATE = BEFORE_MODEL + "{model}" + AFTER_MODEL;
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json;charset=UTF-8");
    private static final String JSON_ASKED = "application/json";
    private static final Pattern JSON_TYPE = Pattern.compile("(?i)application/json(; ?charset=utf-8)?");

    private final Backends backends;
    private final PackedLayouts layouts;
    private final Credentials credentials;
    private final ProblemAnswer problems;
    private final ObjectWriter writer;
    private final Counter taken;

    ScoreRoute(
            Backends backends,
            PackedLayouts layouts,
            Credentials credentials,
            ProblemAnswer problems,
            ObjectMapper json,
            MeterRegistry meters) {
        this.backends = backends;
        this.layouts = layouts;
        this.credentials = credentials;
        this.problems = problems;
        this.writer = json.writerFor(Scores.ScoreAnswer.class);
        this.taken = Counter.builder("gateway_short_way")
                .description("Scoring requests that took the short way")
                .register(meters);
    }

    void register(@Observes Filters filters) {
        filters.register(this::handle, PRIORITY);
    }

    private void handle(RoutingContext call) {
        HttpServerRequest request = call.request();
        String model = model(request);
        String sent = request.getHeader(HttpHeaders.AUTHORIZATION);
        PackedLayout layout = model == null || !isPlain(request) || !credentials.isAccepted(sent)
                ? null
                : layouts.of(model, sent == null ? "" : sent);
        if (model == null || layout == null) {
            call.next();
            return;
        }
        String authorization = sent == null ? "" : sent;
        var unusedBody = request.body().onComplete(read -> {
            if (read.failed()) {
                call.fail(read.cause());
                return;
            }
            ScoreRequest packed = PackedBody.read(model, read.result().getBytes(), layout);
            if (packed == null) {
                usualWay(call, Vertx.currentContext(), read.result());
            } else {
                score(call, packed, authorization, read.result());
            }
        });
        var unusedRequest = request.resume(); // it is held until somebody wants its body
    }

    /** Returns the model that a request scores with; null when the request is for something else. */
    private static @Nullable String model(HttpServerRequest request) {
        String path = request.path();
        if (path == null || !HttpMethod.POST.equals(request.method()) || !path.startsWith(BEFORE_MODEL)) {
            return null;
        }
        int end = path.length() - AFTER_MODEL.length();
        if (!path.startsWith(AFTER_MODEL, end)) {
            end = path.length() - ENCODED_AFTER_MODEL.length();
            if (!path.regionMatches(true, end, ENCODED_AFTER_MODEL, 0, ENCODED_AFTER_MODEL.length())) {
                return null;
            }
        }
        for (int i = BEFORE_MODEL.length(); i < end; i++) {
            char c = path.charAt(i);
            if (c == '/' || c == '%' || c == ';') {
                return null;
            }
        }
        return end <= BEFORE_MODEL.length() ? null : path.substring(BEFORE_MODEL.length(), end);
    }

    /** Traced requests go the way that traces; an announced length lets the body be read whole. */
    private static boolean isPlain(HttpServerRequest request) {
        var headers = request.headers();
        String length = headers.get(HttpHeaders.CONTENT_LENGTH);
        String type = headers.get(HttpHeaders.CONTENT_TYPE);
        String accept = headers.get(HttpHeaders.ACCEPT);
        return length != null
                && length.length() <= 5
                && isShort(length)
                && type != null
                && JSON_TYPE.matcher(type).matches()
                && (accept == null || accept.equals("*/*") || accept.equals(JSON_ASKED))
                && request.query() == null
                && !headers.contains(HttpHeaders.CONTENT_ENCODING)
                && !headers.contains(HttpHeaders.EXPECT)
                && !headers.contains("traceparent");
    }

    private static boolean isShort(String length) {
        try {
            int bytes = Integer.parseInt(length);
            return bytes > 0 && bytes <= MAX_BODY_BYTES;
        } catch (NumberFormatException e) {
            return false; // the server says so
        }
    }

    /** What serves other requests wants the context that the request came in. */
    private static void usualWay(RoutingContext call, Context context, Buffer body) {
        context.runOnContext(nothing -> {
            ((RoutingContextInternal) call).setBody(body);
            call.next();
        });
    }

    private void score(RoutingContext call, ScoreRequest request, String authorization, Buffer body) {
        Context context = Vertx.currentContext();
        try {
            var unused = backends.scoreRows(request, authorization, this::written)
                    .handle((answer, error) -> {
                        end(call, context, request.getModel(), body, answer, error);
                        return call;
                    })
                    .exceptionally(bug -> {
                        call.fail(bug); // nobody else hears of it, and the caller would wait
                        return call;
                    });
        } catch (RejectedExecutionException e) {
            fail(call, request.getModel(), e);
        } catch (RuntimeException bug) {
            call.fail(bug); // else the caller would wait
        }
    }

    private void end(
            RoutingContext call,
            Context context,
            String model,
            Buffer body,
            byte @Nullable [] answer,
            @Nullable Throwable error) {
        if (answer != null) {
            answer(call, answer);
            return;
        }
        Throwable failure = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (failure instanceof BackendException backend && backend.reason().equals("SIGNATURE_CHANGED")) {
            layouts.forget(model);
            usualWay(call, context, body);
        } else {
            fail(call, model, failure);
        }
    }

    private void fail(RoutingContext call, String model, @Nullable Throwable failure) {
        String path = BEFORE_MODEL + model + AFTER_MODEL;
        problems.end(call, Problems.ofScoring(failure, path), path);
    }

    private byte[] written(ScoreResponse response) {
        try {
            return writer.writeValueAsBytes(ScoreProtos.answer(response));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is always writable", e);
        }
    }

    private void answer(RoutingContext call, byte[] json) {
        taken.increment();
        HttpRequestMetric metric = HttpRequestMetric.getRequestMetric(call);
        if (metric != null) {
            metric.setTemplatePath(TEMPLATE);
        }
        HttpServerResponse response = call.response().putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        if (call.request().headers().contains(HttpHeaders.ACCEPT_ENCODING)) {
            response.putHeader(
                    HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY); // too small to gain by being compressed
        }
        var unused = response.end(Buffer.buffer(json));
    }
}
