package io.foresell.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.RegistryPeer;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.proto.feature.v1.Column;
import io.foresell.proto.feature.v1.Definition;
import io.foresell.proto.feature.v1.FeatureRef;
import io.foresell.proto.feature.v1.FeatureSet;
import io.foresell.proto.feature.v1.FeatureView;
import io.foresell.proto.feature.v1.StoredDefinition;
import io.foresell.proto.feature.v1.ValueType;
import io.foresell.proto.inference.v1.FeatureContract;
import io.foresell.proto.inference.v1.LoadState;
import io.foresell.proto.inference.v1.RoutedVersion;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the feature store cannot supply is not loaded; what served stays. */
final class FeatureContractTest {
    @TempDir
    Path folder;

    private Cluster cluster;

    @BeforeEach
    void start() {
        cluster = new Cluster(folder);
        cluster.registry.publish("churn", 1, TestPackages.logistic("churn", 0));
        cluster.registry.publish("churn", 2, TestPackages.logistic("churn", 1));
        define("hash-1", ValueType.VALUE_TYPE_TEXT, 0);
        cluster.registry.release("churn", 1, 100);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void define(String hash, ValueType plan, int limitSeconds) {
        FeatureView.Builder view = FeatureView.newBuilder()
                .setName("customers")
                .addColumns(Column.newBuilder().setName("tenure").setType(ValueType.VALUE_TYPE_NUMBER))
                .addColumns(Column.newBuilder().setName("spend").setType(ValueType.VALUE_TYPE_NUMBER))
                .addColumns(Column.newBuilder().setName("plan").setType(plan));
        if (limitSeconds > 0) {
            view.setFreshnessLimit(Duration.newBuilder().setSeconds(limitSeconds));
        }
        FeatureSet.Builder set = FeatureSet.newBuilder().setName("customer_set");
        for (Column column : view.getColumnsList()) {
            set.addFeatures(FeatureRef.newBuilder().setView("customers").setFeature(column.getName()));
        }
        cluster.features.define(
                StoredDefinition.newBuilder()
                        .setDefinition(Definition.newBuilder().setFeatureView(view))
                        .build(),
                StoredDefinition.newBuilder()
                        .setDefinition(Definition.newBuilder().setFeatureSet(set))
                        .setHash(hash)
                        .setVersion(4)
                        .build());
    }

    private RoutedVersion served() {
        return cluster.statistics("churn").getVersions(0);
    }

    private void awaitRefusal(String message) {
        Cluster.await("version 2 refused", () -> cluster.loaded("churn", 2).getState() == LoadState.LOAD_STATE_FAILED);
        assertThat(cluster.loaded("churn", 2).getFailure()).contains(message);
        assertThat(served().getVersion()).isEqualTo(1);
        assertThat(cluster.server().isServing()).isTrue();
        assertThat(cluster.score(Cluster.packed("churn", 1, 20, "gold"))
                        .getRows(0)
                        .getModelVersion())
                .isEqualTo(1);
    }

    @Test
    void saysThatTheContractHolds() {
        cluster.startServing();
        assertThat(served().getFeatureContract()).isEqualTo(FeatureContract.FEATURE_CONTRACT_HELD);
        assertThat(served().getRemark()).isEmpty();
    }

    @Test
    void refusesAnotherHashAndKeepsTheVersionBefore() {
        cluster.startServing();
        define("hash-2", ValueType.VALUE_TYPE_TEXT, 0);
        cluster.registry.release("churn", 2, 100);
        awaitRefusal("release 2: FEATURE_SET_CHANGED: feature set 'customer_set': hash hash-2 in version 4 of the set"
                + " (expected: hash-1, which the model was trained on)");
        // Mended at the store, it is loaded without another release.
        define("hash-1", ValueType.VALUE_TYPE_TEXT, 0);
        cluster.awaitRevision("churn", 2);
        assertThat(served().getVersion()).isEqualTo(2);
    }

    @Test
    void refusesAnotherTypeAndAMissingSet() {
        cluster.startServing();
        define("hash-1", ValueType.VALUE_TYPE_NUMBER, 0);
        cluster.registry.release("churn", 2, 100);
        awaitRefusal("FEATURE_TYPE_DIFFERS: feature set 'customer_set': feature 'plan' is a number (expected: a text");
        cluster.features.define();
        cluster.registry.release("churn", 2, 100);
        Cluster.await(
                "missing set", () -> cluster.loaded("churn", 2).getFailure().contains("FEATURE_SET_NOT_FOUND"));
    }

    @Test
    void refusesRowsOlderThanTheViewPromises() {
        cluster.startServing();
        define("hash-1", ValueType.VALUE_TYPE_TEXT, 3600);
        cluster.features.setNewestEvent(System.currentTimeMillis() - 7_200_000);
        cluster.registry.release("churn", 2, 100);
        awaitRefusal("FEATURES_STALE: feature set 'customer_set': newest row of view 'customers'");
        cluster.features.setNewestEvent(System.currentTimeMillis() - 60_000);
        cluster.awaitRevision("churn", 2);
    }

    @Test
    void loadsWithTheStoreAwaySaysSoAndChecksWhenItIsBack() {
        cluster.features.close();
        cluster.startServing();
        assertThat(served().getFeatureContract()).isEqualTo(FeatureContract.FEATURE_CONTRACT_UNCHECKED);
        assertThat(cluster.loaded("churn", 1).getRemark()).contains("'customer_set' is not checked");
        cluster.features.restart();
        Cluster.await("checked again", () -> served().getFeatureContract() == FeatureContract.FEATURE_CONTRACT_HELD);
    }

    @Test
    void aRestartKeepsWhatServedAndSaysWhatIsBroken() {
        cluster.startServing();
        cluster.stopInference();
        define("hash-2", ValueType.VALUE_TYPE_TEXT, 0);
        cluster.startServing();
        assertThat(served().getFeatureContract()).isEqualTo(FeatureContract.FEATURE_CONTRACT_BROKEN);
        assertThat(served().getRemark()).startsWith("FEATURE_SET_CHANGED");
        assertThat(cluster.score(Cluster.packed("churn", 1, 20, "gold"))
                        .getRows(0)
                        .getModelVersion())
                .isEqualTo(1);
    }

    @Test
    void refusesVersionsThatTheReleaseDoesNotMean() {
        cluster.startServing();
        cluster.registry.release("churn", RegistryPeer.unit(2, 100).setFeatureSetHash("hash-9"));
        awaitRefusal("FEATURE_SET_MISMATCH: feature_set_hash: 'hash-1' (expected: 'hash-9', as the release says)");
        cluster.registry.release("churn", RegistryPeer.unit(2, 100).setSliceColumn("city"));
        Cluster.await(
                "slice column refused",
                () -> cluster.loaded("churn", 2).getFailure().contains("SLICE_COLUMN_UNKNOWN"));
    }

    @Test
    void saysWhatIsWrongWithAVersionThatServesUnderTheReleaseBefore() {
        cluster.startServing();
        cluster.registry.release("churn", RegistryPeer.unit(1, 100).setSliceColumn("city"));
        Cluster.await("refusal", () -> cluster.statistics("churn").getPendingCount() == 1);
        assertThat(cluster.statistics("churn").getPending(0).getFailure())
                .startsWith("release 2: SLICE_COLUMN_UNKNOWN: slice_column: ");
        assertThat(cluster.statistics("churn").getReleaseRevision()).isEqualTo(1);
    }
}
