package io.foresell.kit;

import io.grpc.ServerInterceptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands between the network and the services of a {@link GrpcServer}.
 *
 * @param admission asked first, before traces, tokens and handlers
 * @param afterAuthentication interceptors that see only calls of callers who may call, in this order
 * @param loops the network threads, owned by the caller and closed after the server; null leaves them to gRPC
 * @param beforeAuthentication interceptors that see also the calls of those who may not call
 * @param maxCallsPerConnection calls at once that one connection may send, 1 or more; further ones wait at the caller, at no cost here
 */
public record Gate(
        Admission admission,
        List<ServerInterceptor> afterAuthentication,
        @Nullable EventLoops loops,
        List<ServerInterceptor> beforeAuthentication,
        int maxCallsPerConnection) {
    public Gate {
        afterAuthentication = List.copyOf(afterAuthentication);
        beforeAuthentication = List.copyOf(beforeAuthentication);
    }

    /** A gate that nobody watches. */
    public Gate(
            Admission admission,
            List<ServerInterceptor> afterAuthentication,
            @Nullable EventLoops loops,
            int maxCallsPerConnection) {
        this(admission, afterAuthentication, loops, List.of(), maxCallsPerConnection);
    }
}
