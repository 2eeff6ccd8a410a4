package io.foresell.inference.serve.tensor;

import io.foresell.inference.audit.AuditTrail;
import io.foresell.inference.audit.ControlAction;
import io.foresell.inference.audit.ControlAttempt;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.openinference.GRPCInferenceServiceGrpc;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Audits attempts to load and unload models by callers who are known and may not; those of nobody, who could fill the log, are counted with
 * all refused calls. Stands outside of who asks for rights.
 */
public final class RefusedControl implements ServerInterceptor {
    private static final String NOT_ALLOWED = "NOT_ALLOWED";
    private static final String LOAD =
            GRPCInferenceServiceGrpc.getRepositoryModelLoadMethod().getFullMethodName();
    private static final String UNLOAD =
            GRPCInferenceServiceGrpc.getRepositoryModelUnloadMethod().getFullMethodName();

    private final AuditTrail audit;

    public RefusedControl(AuditTrail audit) {
        this.audit = audit;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        ControlAction action = action(call.getMethodDescriptor().getFullMethodName());
        if (action == null) {
            return next.startCall(call, headers);
        }
        try {
            return next.startCall(
                    new SimpleForwardingServerCall<>(call) {
                        @Override
                        public void close(Status status, Metadata trailers) {
                            if (status.getCause() instanceof ServiceException refused) {
                                tell(action, refused.failure());
                            }
                            super.close(status, trailers);
                        }
                    },
                    headers);
        } catch (ServiceException refused) { // before the request was read
            tell(action, refused.failure());
            throw refused;
        }
    }

    private static @Nullable ControlAction action(String method) {
        if (method.equals(UNLOAD)) {
            return ControlAction.UNLOAD;
        }
        return method.equals(LOAD) ? ControlAction.LOAD : null;
    }

    private void tell(ControlAction action, Failure failure) {
        if (!failure.reason().equals(NOT_ALLOWED)) {
            return; // of the order, which was audited
        }
        String caller = failure.metadata().getOrDefault("caller", "");
        String model = ModelControl.shown(failure.metadata().getOrDefault("model", ""));
        String to = action == ControlAction.LOAD ? "loaded" : "unloaded";
        audit.refused(new ControlAttempt(action, caller, "", model, "", to, ""), NOT_ALLOWED);
    }
}
