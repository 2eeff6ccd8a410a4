package io.foresell.kit.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CallHeadersTest {
    private static Http2Headers sound() {
        return new DefaultHttp2Headers(false).method("POST").path("/a.B/C").set("content-type", "application/grpc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc", "application/grpc+proto", "application/grpc;x=y", "Application/GRPC"})
    void takesCalls(String type) {
        assertThat(CallHeaders.refusal(sound().set("content-type", type).set("grpc-timeout", "99999999S")))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "S", "1", "1x", "999999999S", "1.5S", "\u0661S", "-S", "--1S"})
    void refusesTimeoutsInWords(String timeout) {
        NoCall refusal = CallHeaders.refusal(sound().set("grpc-timeout", timeout));
        assertThat(refusal.httpStatus()).isEqualTo(200);
        assertThat(refusal.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal.words()).startsWith("grpc-timeout: malformed (expected: ");
    }

    @Test
    void aTimeoutBelowZeroHasPassed() {
        assertThat(CallHeaders.refusal(sound().set("grpc-timeout", "-1S"))).isNull();
    }

    @Test
    void aLongEncodingIsNotToldBack() {
        assertThat(CallHeaders.refusal(sound().set("grpc-encoding", "x".repeat(9_000)))
                        .code())
                .isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(CallHeaders.refusal(sound().set("grpc-encoding", "gzip"))).isNull();
    }

    @Test
    void whatIsNotGrpcHearsItByHttp() {
        assertThat(CallHeaders.refusal(sound().method("GET")).httpStatus()).isEqualTo(405);
        assertThat(CallHeaders.refusal(sound().set("content-type", "application/grpcx"))
                        .httpStatus())
                .isEqualTo(415);
        assertThat(CallHeaders.refusal(
                                new DefaultHttp2Headers(false).method("POST").path("/a/b"))
                        .httpStatus())
                .isEqualTo(415);
        for (String path : new String[] {"", "/", "a/b", "/" + "x".repeat(600)}) {
            assertThat(CallHeaders.refusal(sound().path(path)).httpStatus()).isEqualTo(404);
        }
    }
}
