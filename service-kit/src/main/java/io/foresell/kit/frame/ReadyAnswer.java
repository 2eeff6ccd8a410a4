package io.foresell.kit.frame;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import java.util.Base64;

/** The whole answer to a call that fails: headers without a message ("Trailers-Only" of gRPC over HTTP2), ready to be sent many times. Immutable. */
public final class ReadyAnswer {
    private static final AsciiString OK = AsciiString.cached("200");
    private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    private static final AsciiString GRPC_TYPE = AsciiString.cached("application/grpc");
    private static final AsciiString STATUS = AsciiString.cached("grpc-status");
    private static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
    private static final AsciiString DETAILS = AsciiString.cached("grpc-status-details-bin");

    private final Http2Headers headers;

    /**
     * Makes an answer.
     *
     * @param message printable ASCII without percent signs, which gRPC would have to escape
     * @param details a serialised {@code google.rpc.Status}
     */
    public ReadyAnswer(Status.Code code, String message, byte[] details) {
        if (!message.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '%')) {
            throw new IllegalArgumentException("message: " + message + " (expected: printable ASCII without %)");
        }
        this.headers = ReadOnlyHttp2Headers.serverHeaders(
                false,
                OK,
                CONTENT_TYPE,
                GRPC_TYPE,
                STATUS,
                AsciiString.of(Integer.toString(code.value())),
                MESSAGE,
                AsciiString.of(message),
                DETAILS,
                AsciiString.of(Base64.getEncoder().withoutPadding().encodeToString(details)));
    }

    Http2Headers headers() {
        return headers;
    }
}
