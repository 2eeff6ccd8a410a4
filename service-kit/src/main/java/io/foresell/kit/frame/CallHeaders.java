package io.foresell.kit.frame;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** Headers that every call of gRPC must have, in the shape that it must have (gRPC over HTTP2, "Requests"). */
final class CallHeaders {
    private static final AsciiString POST = AsciiString.cached("POST");
    private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    private static final AsciiString GRPC_TYPE = AsciiString.cached("application/grpc");
    private static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");
    private static final AsciiString ENCODING = AsciiString.cached("grpc-encoding");
    private static final int MAX_ENCODING_CHARS = 50;
    private static final String UNITS = "HMSmun";
    private static final int MAX_TIMEOUT_DIGITS = 8;

    /** Names of services and methods are much shorter, and an unknown one is told back. */
    private static final int MAX_PATH_CHARS = 500;

    private static final NoCall NO_PATH = new NoCall(
            404, Status.Code.UNIMPLEMENTED, "path: no method (expected: /service/method, at most 500 characters)");
    private static final NoCall NO_TYPE =
            new NoCall(415, Status.Code.INVALID_ARGUMENT, "content-type: not gRPC (expected: application/grpc)");
    private static final NoCall NO_POST =
            new NoCall(405, Status.Code.INVALID_ARGUMENT, "method: not gRPC (expected: POST)");
    private static final NoCall NO_TIMEOUT = new NoCall(
            200,
            Status.Code.INVALID_ARGUMENT,
            "grpc-timeout: malformed (expected: 1 to 8 digits and one of H M S m u n)");

    private static final NoCall NO_ENCODING =
            new NoCall(200, Status.Code.UNIMPLEMENTED, "grpc-encoding: unknown (expected: gzip, identity or none)");

    private CallHeaders() {}

    /** Returns why a request is no call, or null when it is one. */
    static @Nullable NoCall refusal(Http2Headers headers) {
        CharSequence path = headers.path();
        if (path == null || path.length() < 2 || path.charAt(0) != '/' || path.length() > MAX_PATH_CHARS) {
            return NO_PATH;
        }
        CharSequence method = headers.method();
        if (method == null || !AsciiString.contentEquals(method, POST)) {
            return NO_POST;
        }
        CharSequence type = headers.get(CONTENT_TYPE);
        if (type == null || !isGrpc(type)) {
            return NO_TYPE;
        }
        CharSequence encoding = headers.get(ENCODING);
        if (encoding != null && encoding.length() > MAX_ENCODING_CHARS) {
            return NO_ENCODING; // shorter ones gRPC refuses by name
        }
        CharSequence timeout = headers.get(TIMEOUT);
        return timeout == null || isTimeout(timeout) ? null : NO_TIMEOUT;
    }

    /** The type itself, one of its subtypes, or with parameters. */
    private static boolean isGrpc(CharSequence type) {
        int length = GRPC_TYPE.length();
        if (!AsciiString.regionMatches(type, true, 0, GRPC_TYPE, 0, length)) {
            return false;
        }
        return type.length() == length || type.charAt(length) == '+' || type.charAt(length) == ';';
    }

    /** A timeout below zero has passed, which is for gRPC to say. */
    private static boolean isTimeout(CharSequence timeout) {
        int last = timeout.length() - 1;
        int first = last > 0 && timeout.charAt(0) == '-' ? 1 : 0;
        if (last - first < 1 || last - first > MAX_TIMEOUT_DIGITS || UNITS.indexOf(timeout.charAt(last)) < 0) {
            return false;
        }
        for (int i = first; i < last; i++) {
            if (timeout.charAt(i) < '0' || timeout.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
