package io.foresell.training.serve;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.training.v1.DeleteScheduleRequest;
import io.foresell.proto.training.v1.DeleteScheduleResponse;
import io.foresell.proto.training.v1.ListSchedulesRequest;
import io.foresell.proto.training.v1.ListSchedulesResponse;
import io.foresell.proto.training.v1.ScheduleServiceGrpc;
import io.foresell.proto.training.v1.SetScheduleRequest;
import io.foresell.proto.training.v1.SetScheduleResponse;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.training.job.schedule.Schedule;
import io.foresell.training.job.schedule.Schedules;
import io.grpc.stub.StreamObserver;

/** Schedules on the wire. Handlers may block. */
public final class ScheduleEdge extends ScheduleServiceGrpc.ScheduleServiceImplBase {
    private final Schedules schedules;

    public ScheduleEdge(Schedules schedules) {
        this.schedules = schedules;
    }

    @Override
    public void listSchedules(ListSchedulesRequest request, StreamObserver<ListSchedulesResponse> caller) {
        Answers.unary(caller, () -> ListSchedulesResponse.newBuilder()
                .addAllSchedules(
                        schedules.list().stream().map(RetrainProtos::ofSchedule).toList())
                .build());
    }

    @Override
    public void setSchedule(SetScheduleRequest request, StreamObserver<SetScheduleResponse> caller) {
        Answers.unary(caller, () -> SetScheduleResponse.newBuilder()
                .setSchedule(RetrainProtos.ofSchedule(set(request)))
                .build());
    }

    private Schedule set(SetScheduleRequest request) {
        TrainingSpec spec = request.getSpec();
        SpecProtos.toSpec(spec); // refuses what cannot run
        JobOptionProtos.toOptions(spec);
        if (!spec.getRetrain().getDrift().getReferenceUntilTime().isEmpty()) {
            throw new ServiceException(Failure.invalid(
                    "SPEC_INVALID",
                    "retrain.drift.reference_until_time",
                    spec.getRetrain().getDrift().getReferenceUntilTime(),
                    "nothing: a schedule sets it"));
        }
        String name = request.getName().isEmpty() ? spec.getModel() : request.getName();
        return schedules.set(name, spec.getModel(), spec.toByteString());
    }

    @Override
    public void deleteSchedule(DeleteScheduleRequest request, StreamObserver<DeleteScheduleResponse> caller) {
        Answers.unary(caller, () -> {
            schedules.delete(request.getName());
            return DeleteScheduleResponse.getDefaultInstance();
        });
    }
}
