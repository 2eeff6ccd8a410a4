package io.foresell.inference.admit;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;

/** What a method asks of the server, by which it is admitted. */
enum Priority {
    /** One request that somebody waits for: {@code Score}, {@code ModelInfer}. */
    ONLINE,
    /** A stream of such requests, each of which takes a place of its own. */
    STREAM,
    /** A bulk stream, which yields to all others. */
    BULK,
    /** Questions about the server: cheap, and answered in a storm too. */
    CONTROL;

    static Priority of(MethodDescriptor<?, ?> method) {
        String name = method.getBareMethodName();
        if (name == null) {
            return ONLINE;
        }
        if (name.equals("ScoreBulk")) {
            return BULK;
        }
        if (method.getType() != MethodType.UNARY) {
            return STREAM;
        }
        return name.startsWith("Score") || name.endsWith("Infer") ? ONLINE : CONTROL;
    }
}
