package io.foresell.gateway.problem;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Locale;

/** What HTTP itself refuses, as a problem. */
final class HttpProblems {
    private HttpProblems() {}

    static Problem of(Response refused, UriInfo uri) {
        int status = refused.getStatus();
        String path = uri.getRequestUri().getRawPath();
        return switch (status) {
            case 404 -> Problem.of(
                    404, "PATH_NOT_FOUND", "path: '%s' not found (expected: see /q/openapi)".formatted(path));
            case 405 -> Problem.of(
                    405,
                    "METHOD_NOT_ALLOWED",
                    "method: not allowed on '%s' (expected: see /q/openapi)".formatted(path));
            case 406 -> Problem.of(406, "NOT_ACCEPTABLE", "accept: nothing acceptable (expected: application/json)");
            case 413 -> Problem.of(413, "BODY_TOO_LARGE", "body: too large (expected: within the gateway's limit)");
            case 415 -> Problem.of(
                    415, "MEDIA_TYPE_UNSUPPORTED", "content-type: unsupported (expected: application/json)");
            default -> {
                String phrase = refused.getStatusInfo().getReasonPhrase();
                yield Problem.of(status, phrase.toUpperCase(Locale.ROOT).replace(' ', '_'), phrase);
            }
        };
    }
}
