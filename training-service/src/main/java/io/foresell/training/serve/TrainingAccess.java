package io.foresell.training.serve;

import static io.foresell.kit.identity.Role.ADMIN;
import static io.foresell.kit.identity.Role.RELEASE;
import static io.foresell.kit.identity.Role.REPLICATE;
import static io.foresell.kit.identity.Role.TRAIN;
import static io.foresell.kit.identity.Role.VIEW;

import io.foresell.kit.AccessTable;
import io.foresell.proto.registry.v1.AddSignatureRequest;
import io.foresell.proto.registry.v1.AuditReportServiceGrpc;
import io.foresell.proto.registry.v1.AuditServiceGrpc;
import io.foresell.proto.registry.v1.DownloadPackageRequest;
import io.foresell.proto.registry.v1.GetReportRequest;
import io.foresell.proto.registry.v1.GetRolloutRequest;
import io.foresell.proto.registry.v1.GetVersionRequest;
import io.foresell.proto.registry.v1.HoldRolloutRequest;
import io.foresell.proto.registry.v1.ListAliasHistoryRequest;
import io.foresell.proto.registry.v1.ListModelsResponse;
import io.foresell.proto.registry.v1.ListReleasesRequest;
import io.foresell.proto.registry.v1.ListRolloutEventsRequest;
import io.foresell.proto.registry.v1.ListRolloutsResponse;
import io.foresell.proto.registry.v1.ListSignaturesRequest;
import io.foresell.proto.registry.v1.ListVersionsRequest;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc;
import io.foresell.proto.registry.v1.PackageSignatureServiceGrpc;
import io.foresell.proto.registry.v1.PlanRolloutRequest;
import io.foresell.proto.registry.v1.PromoteRolloutRequest;
import io.foresell.proto.registry.v1.ReleasedVersion;
import io.foresell.proto.registry.v1.RollBackRolloutRequest;
import io.foresell.proto.registry.v1.RolloutServiceGrpc;
import io.foresell.proto.registry.v1.SetAliasRequest;
import io.foresell.proto.registry.v1.SetReleaseRequest;
import io.foresell.proto.registry.v1.StartRolloutRequest;
import io.foresell.proto.registry.v1.WatchReleasesResponse;
import io.foresell.proto.training.v1.CancelJobRequest;
import io.foresell.proto.training.v1.GetJobLogRequest;
import io.foresell.proto.training.v1.GetJobRequest;
import io.foresell.proto.training.v1.ListJobsResponse;
import io.foresell.proto.training.v1.ListSchedulesResponse;
import io.foresell.proto.training.v1.ScheduleServiceGrpc;
import io.foresell.proto.training.v1.SetScheduleRequest;
import io.foresell.proto.training.v1.StartJobRequest;
import io.foresell.proto.training.v1.TrainingServiceGrpc;
import io.foresell.proto.training.v1.WatchJobRequest;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who may do what here. */
public final class TrainingAccess {
    private TrainingAccess() {}

    /**
     * Returns one entry for each method.
     *
     * @param modelOfJob finds the model of a job, by the job's id; throws when there is no such job
     * @param modelOfSchedule finds the model of a schedule, by its name; returns the name when there is none
     */
    public static AccessTable table(UnaryOperator<String> modelOfJob, UnaryOperator<String> modelOfSchedule) {
        AccessTable.Builder table = AccessTable.builder();
        registry(table);
        reading(table);
        jobs(table, modelOfJob);
        schedules(table, modelOfSchedule);
        rollouts(table);
        return table.build();
    }

    private static void registry(AccessTable.Builder table) {
        table.model(
                        ModelRegistryServiceGrpc.getPublishVersionMethod(),
                        chunk -> chunk.hasHeader() ? chunk.getHeader().getModel() : null,
                        TRAIN)
                .model(
                        ModelRegistryServiceGrpc.getImportModelMethod(),
                        chunk -> chunk.hasHeader() ? chunk.getHeader().getModel() : null,
                        TRAIN)
                .somewhere(ModelRegistryServiceGrpc.getInspectModelMethod(), TRAIN)
                .model(ModelRegistryServiceGrpc.getSetAliasMethod(), SetAliasRequest::getModel, RELEASE)
                .model(ModelRegistryServiceGrpc.getSetReleaseMethod(), SetReleaseRequest::getModel, RELEASE)
                .model(PackageSignatureServiceGrpc.getAddSignatureMethod(), AddSignatureRequest::getModel, ADMIN)
                .model(
                        PackageSignatureServiceGrpc.getListSignaturesMethod(),
                        ListSignaturesRequest::getModel,
                        VIEW,
                        TRAIN,
                        RELEASE,
                        REPLICATE)
                .everyModel(AuditServiceGrpc.getListAuditEntriesMethod(), ADMIN)
                // Attempts on models that the replica does not follow must get through, too: reports are delivered in
                // order.
                .somewhere(AuditReportServiceGrpc.getReportActionMethod(), REPLICATE);
    }

    private static void reading(AccessTable.Builder table) {
        table.filtered(
                        ModelRegistryServiceGrpc.getListModelsMethod(),
                        request -> null,
                        TrainingAccess::models,
                        VIEW,
                        TRAIN,
                        RELEASE,
                        REPLICATE)
                .model(
                        ModelRegistryServiceGrpc.getListVersionsMethod(),
                        ListVersionsRequest::getModel,
                        VIEW,
                        TRAIN,
                        RELEASE,
                        REPLICATE)
                .model(
                        ModelRegistryServiceGrpc.getGetVersionMethod(),
                        GetVersionRequest::getModel,
                        VIEW,
                        TRAIN,
                        RELEASE,
                        REPLICATE)
                .model(
                        ModelRegistryServiceGrpc.getDownloadPackageMethod(),
                        DownloadPackageRequest::getModel,
                        TRAIN,
                        RELEASE,
                        REPLICATE)
                .model(ModelRegistryServiceGrpc.getGetReportMethod(), GetReportRequest::getModel, VIEW, TRAIN, RELEASE)
                .model(
                        ModelRegistryServiceGrpc.getListAliasHistoryMethod(),
                        ListAliasHistoryRequest::getModel,
                        VIEW,
                        TRAIN,
                        RELEASE)
                .model(
                        ModelRegistryServiceGrpc.getListReleasesMethod(),
                        ListReleasesRequest::getModel,
                        VIEW,
                        TRAIN,
                        RELEASE)
                .filtered(
                        ModelRegistryServiceGrpc.getWatchReleasesMethod(),
                        request -> null,
                        TrainingAccess::releases,
                        REPLICATE,
                        RELEASE);
    }

    private static void jobs(AccessTable.Builder table, UnaryOperator<String> modelOfJob) {
        table.model(
                        TrainingServiceGrpc.getStartJobMethod(),
                        (StartJobRequest request) -> request.getSpec().getModel(),
                        TRAIN)
                .model(
                        TrainingServiceGrpc.getCancelJobMethod(),
                        (CancelJobRequest request) -> modelOfJob.apply(request.getJobId()),
                        TRAIN)
                .model(
                        TrainingServiceGrpc.getGetJobMethod(),
                        (GetJobRequest request) -> modelOfJob.apply(request.getJobId()),
                        VIEW,
                        TRAIN)
                .model(
                        TrainingServiceGrpc.getWatchJobMethod(),
                        (WatchJobRequest request) -> modelOfJob.apply(request.getJobId()),
                        VIEW,
                        TRAIN)
                .model(
                        TrainingServiceGrpc.getGetJobLogMethod(),
                        (GetJobLogRequest request) -> modelOfJob.apply(request.getJobId()),
                        TRAIN)
                .filtered(
                        TrainingServiceGrpc.getListJobsMethod(),
                        request -> named(request.getModel()),
                        TrainingAccess::jobs,
                        VIEW,
                        TRAIN);
    }

    private static void schedules(AccessTable.Builder table, UnaryOperator<String> modelOfSchedule) {
        table.filtered(
                        ScheduleServiceGrpc.getListSchedulesMethod(),
                        request -> null,
                        TrainingAccess::schedules,
                        VIEW,
                        TRAIN)
                .model(
                        ScheduleServiceGrpc.getSetScheduleMethod(),
                        (SetScheduleRequest request) -> request.getSpec().getModel(),
                        TRAIN)
                .model(
                        ScheduleServiceGrpc.getDeleteScheduleMethod(),
                        request -> modelOfSchedule.apply(request.getName()),
                        TRAIN);
    }

    private static void rollouts(AccessTable.Builder table) {
        table.model(
                        RolloutServiceGrpc.getPlanRolloutMethod(),
                        (PlanRolloutRequest request) -> request.getPlan().getModel(),
                        VIEW,
                        RELEASE)
                .model(
                        RolloutServiceGrpc.getStartRolloutMethod(),
                        (StartRolloutRequest request) -> request.getPlan().getModel(),
                        RELEASE)
                .model(RolloutServiceGrpc.getPromoteRolloutMethod(), PromoteRolloutRequest::getModel, RELEASE)
                .model(RolloutServiceGrpc.getRollBackRolloutMethod(), RollBackRolloutRequest::getModel, RELEASE)
                .model(RolloutServiceGrpc.getHoldRolloutMethod(), HoldRolloutRequest::getModel, RELEASE)
                .model(RolloutServiceGrpc.getGetRolloutMethod(), GetRolloutRequest::getModel, VIEW, RELEASE)
                .model(
                        RolloutServiceGrpc.getListRolloutEventsMethod(),
                        ListRolloutEventsRequest::getModel,
                        VIEW,
                        RELEASE)
                .filtered(
                        RolloutServiceGrpc.getListRolloutsMethod(),
                        request -> null,
                        TrainingAccess::rollouts,
                        VIEW,
                        RELEASE);
    }

    private static ListRolloutsResponse rollouts(ListRolloutsResponse answer, Predicate<String> mayKnow) {
        return answer.toBuilder()
                .clearRollouts()
                .addAllRollouts(answer.getRolloutsList().stream()
                        .filter(rollout -> mayKnow.test(rollout.getPlan().getModel()))
                        .toList())
                .build();
    }

    private static @Nullable String named(String model) {
        return model.isEmpty() ? null : model;
    }

    private static ListModelsResponse models(ListModelsResponse answer, Predicate<String> mayKnow) {
        return answer.toBuilder()
                .clearModels()
                .addAllModels(answer.getModelsList().stream()
                        .filter(model -> mayKnow.test(model.getName()))
                        .toList())
                .build();
    }

    private static WatchReleasesResponse releases(WatchReleasesResponse answer, Predicate<String> mayKnow) {
        Map<String, ReleasedVersion> versions = answer.getVersionsMap().entrySet().stream()
                .filter(entry ->
                        mayKnow.test(entry.getKey().substring(0, entry.getKey().lastIndexOf('@'))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return answer.toBuilder()
                .clearReleases()
                .clearVersions()
                .addAllReleases(answer.getReleasesList().stream()
                        .filter(release -> mayKnow.test(release.getModel()))
                        .toList())
                .putAllVersions(versions)
                .build();
    }

    private static ListJobsResponse jobs(ListJobsResponse answer, Predicate<String> mayKnow) {
        return answer.toBuilder()
                .clearJobs()
                .addAllJobs(answer.getJobsList().stream()
                        .filter(job -> mayKnow.test(job.getSpec().getModel()))
                        .toList())
                .build();
    }

    private static ListSchedulesResponse schedules(ListSchedulesResponse answer, Predicate<String> mayKnow) {
        return answer.toBuilder()
                .clearSchedules()
                .addAllSchedules(answer.getSchedulesList().stream()
                        .filter(schedule -> mayKnow.test(schedule.getSpec().getModel()))
                        .toList())
                .build();
    }
}
