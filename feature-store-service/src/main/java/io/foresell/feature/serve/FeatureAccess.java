package io.foresell.feature.serve;

import static io.foresell.kit.identity.Role.ADMIN;
import static io.foresell.kit.identity.Role.RELEASE;
import static io.foresell.kit.identity.Role.REPLICATE;
import static io.foresell.kit.identity.Role.SCORE;
import static io.foresell.kit.identity.Role.TRAIN;
import static io.foresell.kit.identity.Role.VIEW;

import io.foresell.kit.AccessTable;
import io.foresell.proto.feature.v1.ErasureServiceGrpc;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc;
import io.foresell.proto.prediction.v1.GetLiveMetricsRequest;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc;

/**
 * Who may do what here. Features belong to no one model, so who writes or reads them needs its role on all; single predictions hold features,
 * and only an administrator erases them.
 */
public final class FeatureAccess {
    /** One entry for each method. */
    public static final AccessTable TABLE = AccessTable.builder()
            .everyModel(FeatureStoreServiceGrpc.getDefineMethod(), TRAIN)
            .everyModel(FeatureStoreServiceGrpc.getIngestMethod(), TRAIN)
            .everyModel(FeatureStoreServiceGrpc.getListQuarantineMethod(), TRAIN)
            .everyModel(FeatureStoreServiceGrpc.getReplayQuarantineMethod(), TRAIN)
            .everyModel(FeatureStoreServiceGrpc.getStreamTrainingSetMethod(), TRAIN)
            .everyModel(FeatureStoreServiceGrpc.getGetFeaturesMethod(), TRAIN, REPLICATE)
            .somewhere(FeatureStoreServiceGrpc.getListDefinitionsMethod(), VIEW, TRAIN, REPLICATE)
            .somewhere(FeatureStoreServiceGrpc.getGetStoreStatusMethod(), VIEW, TRAIN, REPLICATE)
            .everyModel(PredictionLogServiceGrpc.getAppendPredictionsMethod(), REPLICATE)
            .everyModel(PredictionLogServiceGrpc.getReportOutcomesMethod(), SCORE, TRAIN)
            .everyModel(PredictionLogServiceGrpc.getGetPredictionMethod(), TRAIN, RELEASE, REPLICATE)
            .everyModel(PredictionLogServiceGrpc.getListPredictionsMethod(), TRAIN, RELEASE)
            .model(
                    PredictionLogServiceGrpc.getGetLiveMetricsMethod(),
                    GetLiveMetricsRequest::getModel,
                    VIEW,
                    TRAIN,
                    RELEASE)
            .everyModel(PredictionLogServiceGrpc.getErasePredictionsMethod(), ADMIN)
            .everyModel(ErasureServiceGrpc.getEraseEntityMethod(), ADMIN)
            .everyModel(ErasureServiceGrpc.getListErasureReceiptsMethod(), ADMIN)
            .everyModel(ErasureServiceGrpc.getListErasedEntitiesMethod(), ADMIN, REPLICATE)
            .somewhere(PredictionLogServiceGrpc.getGetPredictionLogStatusMethod(), VIEW, TRAIN, RELEASE, REPLICATE)
            .build();

    private FeatureAccess() {}
}
