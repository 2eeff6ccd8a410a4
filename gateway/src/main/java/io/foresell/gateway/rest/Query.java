package io.foresell.gateway.rest;

import io.foresell.gateway.problem.Nearest;
import io.foresell.gateway.problem.Problem;
import io.foresell.gateway.problem.ProblemException;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Query parameters, read strictly: a mistyped one is an error, not a default. */
final class Query {
    private Query() {}

    /** @throws ProblemException 400 when the query has another parameter, naming it and the nearest known one */
    static void allow(UriInfo uri, List<String> known) {
        for (String name : uri.getQueryParameters().keySet()) {
            if (!known.contains(name)) {
                throw new ProblemException(Problem.invalid(
                        "PARAMETER_UNKNOWN",
                        name,
                        known.isEmpty()
                                ? "unknown parameter"
                                : "unknown parameter, nearest is '" + Nearest.to(name, known) + "'",
                        known.isEmpty() ? "none" : "one of " + String.join(", ", known)));
            }
        }
    }

    /** @throws ProblemException 400 when the text is not an integer */
    static int integer(String name, @Nullable String text, int absent) {
        if (text == null) {
            return absent;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new ProblemException(Problem.invalid("PARAMETER_INVALID", name, "'" + text + "'", "an integer"));
        }
    }
}
