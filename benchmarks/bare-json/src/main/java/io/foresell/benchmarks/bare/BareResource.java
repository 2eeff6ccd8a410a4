package io.foresell.benchmarks.bare;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Map;

/** Reads the body of a scoring call into objects and answers an object of the gateway's shape: no filters, no metrics, no traces. */
@Path("/")
public class BareResource {
    private static final Answer ANSWER = new Answer(
            "own",
            1,
            List.of(new Row("", 0.731, "high", "", List.of(), 1, List.of(), List.of("number3"), List.of(), false)));

    /** Says that it answers. */
    @GET
    @Path("ready")
    public String ready() {
        return "ready";
    }

    /** Answers. */
    @POST
    @Path("score")
    public Answer score(Question question) {
        if (question.rows().isEmpty()) {
            throw new IllegalArgumentException("rows: 0 (expected: 1 or more)");
        }
        return ANSWER;
    }

    /** Asks. */
    public record Question(List<Map<String, Object>> rows) {}

    /** Answers. */
    public record Answer(String model, int release, List<Row> rows) {}

    /** Is one row of an answer. */
    public record Row(
            String entity,
            double score,
            String band,
            String label,
            List<String> labels,
            int version,
            List<String> reasons,
            List<String> missingFeatures,
            List<String> staleFeatures,
            boolean refused) {}
}
