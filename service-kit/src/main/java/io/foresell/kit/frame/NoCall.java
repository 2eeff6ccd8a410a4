package io.foresell.kit.frame;

import io.grpc.Status;

/**
 * Why a request is no call of gRPC.
 *
 * @param httpStatus what HTTP says of it; 200 when it is a call with something wrong inside
 * @param code what gRPC says of it
 * @param words value and expectation, printable ASCII without percent signs, at most some hundred characters
 */
record NoCall(int httpStatus, Status.Code code, String words) {}
