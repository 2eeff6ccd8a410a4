package io.foresell.standalone.fuzz;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What holds for every answer, however wrong the request was. */
final class Laws {
    /** The server's fault. */
    private static final Set<Status.Code> NEVER =
            EnumSet.of(Status.Code.INTERNAL, Status.Code.UNKNOWN, Status.Code.DATA_LOSS);

    /** Names of classes, frames of stacks, places on a machine. */
    private static final Pattern INNER = Pattern.compile(
            "Exception|Throwable|\\tat |\\.java:|io\\.foresell\\.|io\\.grpc\\.|io\\.netty|io\\.vertx|com\\.fasterxml|org\\.jboss|java\\.(lang|util|io)|/tmp/|/home/|/root/|Error id");

    private static final int MAX_ERROR_BYTES = 8_192;
    private static final String CANCELLED = "reset 8";

    private Laws() {}

    /** Returns which law an answer broke, or an empty text. */
    static String broken(GrpcCases.Case wrong, GrpcWire.Answer answer) {
        if (INNER.matcher(answer.message() + answer.details()).find()) {
            return "tells of the inside";
        }
        if (answer.code() >= 0) {
            return broken(wrong, Status.fromCodeValue(answer.code()).getCode(), answer);
        }
        boolean isEndless = wrong.method().getType() == MethodDescriptor.MethodType.SERVER_STREAMING;
        boolean mayEnd = wrong.kind() == GrpcCases.Kind.HEADERS // HTTP/2 itself has rules for headers
                || (isEndless && answer.broken().equals(CANCELLED));
        return mayEnd && !answer.broken().startsWith("nothing") ? "" : "no status: " + answer.broken();
    }

    private static String broken(GrpcCases.Case wrong, Status.Code code, GrpcWire.Answer answer) {
        if (NEVER.contains(code)) {
            return "the caller's fault called ours: " + code;
        }
        if (code == Status.Code.UNIMPLEMENTED && wrong.kind() == GrpcCases.Kind.MESSAGE) {
            return "a method that there is, told to be none";
        }
        int bytes = answer.message().length() + answer.details().length();
        return bytes > MAX_ERROR_BYTES ? "an error of " + bytes + " bytes" : "";
    }

    /** Returns which law an answer broke, or an empty text. */
    static String broken(RestWire.Answer answer) {
        if (answer.broken().startsWith("nothing")) {
            return answer.broken();
        }
        if (answer.status() >= 500 && answer.status() != 501 && answer.status() != 503 && answer.status() != 504) {
            return "the caller's fault called ours: " + answer.status();
        }
        if (answer.status() < 400) {
            return "";
        }
        Map<String, String> headers = answer.headers();
        if (headers.containsKey("content-encoding")) {
            return ""; // packed, as asked for
        }
        if (answer.body().length() > MAX_ERROR_BYTES) {
            return "an error of " + answer.body().length() + " bytes";
        }
        if (INNER.matcher(answer.body()).find()) {
            return "tells of the inside";
        }
        return isShaped(answer) ? "" : "an error of another shape";
    }

    /** A problem, an error of the Open Inference Protocol, or nothing where HTTP itself could not be read. */
    private static boolean isShaped(RestWire.Answer answer) {
        if (answer.body().isEmpty()) {
            return true;
        }
        return answer.type().startsWith("application/problem+json")
                ? answer.body().startsWith("{\"type\":\"urn:foresell:problem:")
                        && answer.body().contains("\"reason\":\"")
                : answer.type().startsWith("application/json") && answer.body().startsWith("{\"error\":");
    }
}
