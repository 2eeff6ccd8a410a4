package io.foresell.gateway.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Ends requests with a problem where no resource has them, on the network thread. */
@Singleton
public class ProblemAnswer {
    private final ObjectMapper json;

    ProblemAnswer(ObjectMapper json) {
        this.json = json;
    }

    /** Ends a request. */
    public void end(RoutingContext call, Problem problem) {
        end(call, problem, call.request().path());
    }

    /** Ends a request to a path that could be written in other ways. */
    public void end(RoutingContext call, Problem problem, String path) {
        boolean isOpenInference = OpenInferenceError.isFor(path);
        var answer = call.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, isOpenInference ? "application/json" : Problems.MEDIA_TYPE);
        if (problem.retryAfter() != null) {
            answer.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(problem.retryAfterSeconds()));
        }
        if (problem.status() == 401) {
            answer.putHeader("WWW-Authenticate", "Bearer");
        }
        var unused = answer.end(written(isOpenInference ? OpenInferenceError.of(problem) : problem.at(path)));
    }

    private String written(Object problem) {
        try {
            return json.writeValueAsString(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem is always writable", e);
        }
    }
}
