package io.foresell.feature.serve;

import static io.foresell.kit.identity.Role.REPLICATE;
import static io.foresell.kit.identity.Role.TRAIN;
import static io.foresell.kit.identity.Role.VIEW;

import io.foresell.kit.AccessTable;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc;

/** Who may do what here. Features belong to no one model, so who writes or reads them needs its role on all. */
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
            .build();

    private FeatureAccess() {}
}
