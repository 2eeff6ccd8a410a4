package io.foresell.kit;

import io.foresell.kit.Admission.Outcome;
import io.foresell.kit.Admission.Place;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Asks for every call but health and reflection whether it may begin, and gives its place back when it has ended. */
final class AdmissionInterceptor implements ServerInterceptor {
    private final Admission admission;

    AdmissionInterceptor(Admission admission) {
        this.admission = admission;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String service = call.getMethodDescriptor().getServiceName();
        if (service != null && service.startsWith("grpc.")) {
            return next.startCall(call, headers);
        }
        Outcome outcome = admission.enter(call.getMethodDescriptor(), headers);
        if (outcome instanceof Refusal refusal) {
            refusal.close(call);
            return new ServerCall.Listener<>() {};
        }
        Place place = (Place) outcome;
        try {
            return new PlacedListener<>(next.startCall(call, headers), place);
        } catch (RuntimeException | Error e) {
            place.leave();
            throw e;
        }
    }

    /** gRPC calls exactly one of the two ends, once. */
    private static final class PlacedListener<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Place place;

        PlacedListener(ServerCall.Listener<Q> delegate, Place place) {
            super(delegate);
            this.place = place;
        }

        @Override
        public void onComplete() {
            place.leave();
            super.onComplete();
        }

        @Override
        public void onCancel() {
            place.leave();
            super.onCancel();
        }
    }
}
