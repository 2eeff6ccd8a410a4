package io.foresell.gateway.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.foresell.gateway.backend.BackendException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.CharConversionException;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/**
 * The one place that turns an error into an {@code application/problem+json} answer, or into that of the Open Inference Protocol
 * for its clients.
 */
public class Problems {
    /** The media type of every error. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final Logger log = Logger.getLogger(Problems.class);

    @ServerExceptionMapper
    Response found(ProblemException error, UriInfo uri) {
        return answer(error.problem(), uri);
    }

    @ServerExceptionMapper
    Response answered(BackendException error, UriInfo uri) {
        return answer(StatusProblems.of(error), uri);
    }

    @ServerExceptionMapper
    Response busy(RejectedExecutionException error, UriInfo uri) {
        return answer(Problem.busy(), uri);
    }

    /** The rest of the body may still be on its way, so the connection cannot be used again. */
    @ServerExceptionMapper
    Response tooLarge(BodyTooLargeException error, UriInfo uri) {
        return Response.fromResponse(answer(error.problem(), uri))
                .header("Connection", "close")
                .build();
    }

    @ServerExceptionMapper
    Response mismatched(MismatchedInputException error, UriInfo uri) {
        return answer(JsonProblems.of(error), uri);
    }

    @ServerExceptionMapper
    Response refused(WebApplicationException error, UriInfo uri) {
        BodyTooLargeException tooLarge = BodyTooLargeException.causeOf(error);
        if (tooLarge != null) {
            return tooLarge(tooLarge, uri);
        }
        ProblemException known = ProblemException.causeOf(error);
        if (known != null) {
            return found(known, uri);
        }
        if (error.getCause() instanceof JsonProcessingException json) {
            return answer(JsonProblems.of(json), uri);
        }
        Response refused = error.getResponse();
        Problem problem = HttpProblems.of(refused, uri);
        Response.ResponseBuilder answer = Response.fromResponse(answer(problem, uri));
        String allow = refused.getHeaderString(HttpHeaders.ALLOW);
        return allow == null
                ? answer.build()
                : answer.header(HttpHeaders.ALLOW, allow).build();
    }

    /** Nothing but a body is read here: its bytes are no text, its chunks no chunks, or its sender is gone. */
    @ServerExceptionMapper
    Response unreadable(IOException error, UriInfo uri) {
        if (error instanceof JsonProcessingException json) {
            return answer(JsonProblems.of(json), uri);
        }
        log.debugf(error, "unreadable body path=%s", uri.getPath());
        return error instanceof CharConversionException
                ? answer(Problem.invalid("JSON_MALFORMED", "body", "bytes that are no text", "JSON in UTF-8"), uri)
                : answer(Problem.invalid("BODY_UNREADABLE", "body", "broken off", "all of it, in sound chunks"), uri);
    }

    @ServerExceptionMapper
    Response unforeseen(Throwable error, UriInfo uri) {
        return answer(unforeseen(error, uri.getPath()), uri);
    }

    /** Returns what to say of a scoring call that failed. */
    public static Problem ofScoring(@Nullable Throwable error, String path) {
        if (error instanceof BackendException answered) {
            return StatusProblems.of(answered);
        }
        return error instanceof RejectedExecutionException ? Problem.busy() : unforeseen(error, path);
    }

    private static Problem unforeseen(@Nullable Throwable error, String path) {
        log.errorf(error, "unforeseen error path=%s", path);
        return Problem.of(500, "INTERNAL", "internal error, see the log of gateway");
    }

    private static Response answer(Problem problem, UriInfo uri) {
        String path = uri.getRequestUri().getRawPath();
        Response.ResponseBuilder answer = Response.status(problem.status());
        if (OpenInferenceError.isFor(path)) {
            answer.type(MediaType.APPLICATION_JSON_TYPE).entity(OpenInferenceError.of(problem));
        } else {
            answer.type(MEDIA_TYPE).entity(problem.at(path));
        }
        if (problem.retryAfter() != null) {
            answer.header(HttpHeaders.RETRY_AFTER, problem.retryAfterSeconds());
        }
        if (problem.status() == 401) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        return answer.build();
    }
}
