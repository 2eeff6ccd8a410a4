package io.foresell.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.foresell.proto.registry.v1.ListModelsRequest;
import io.foresell.proto.registry.v1.ListVersionsRequest;
import io.foresell.proto.registry.v1.Model;
import io.foresell.proto.registry.v1.ModelVersion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** How versions are published, numbered and described, through two replicas and after crashes. */
final class RegistryVersionsTest extends TwoReplicas {
    @Test
    void publishedVersionIsDescribedListedAndNumbered() {
        ModelVersion first = service.publish("described", TestPackages.sound("described", 1));
        ModelVersion second = service.publish("described", TestPackages.sound("described", 2));

        assertThat(first.getVersion()).isEqualTo(1);
        assertThat(second.getVersion()).isEqualTo(2);
        assertThat(first.getDigest()).isEqualTo(TestPackages.digestOf(TestPackages.sound("described", 1)));
        assertThat(first.getAlgorithm()).isEqualTo("logistic_regression");
        assertThat(first.getEngine()).isEqualTo("compiled");
        assertThat(first.getFallbackReason()).isEmpty();
        assertThat(first.getJobId()).isEqualTo("job-of-test");
        assertThat(first.getEvaluation().getMetricsMap()).containsEntry("roc_auc", 0.75);
        assertThat(first.getParametersMap()).containsEntry("inverse_penalty", "1.0");
        assertThat(replica.registry()
                        .listVersions(ListVersionsRequest.newBuilder()
                                .setModel("described")
                                .build())
                        .getVersionsList())
                .containsExactly(second, first);
        assertThat(get("described", 1)).isEqualTo(first);
        Model model = replica.registry().listModels(ListModelsRequest.getDefaultInstance()).getModelsList().stream()
                .filter(each -> each.getName().equals("described"))
                .findFirst()
                .orElseThrow();
        assertThat(model.getLatestVersion()).isEqualTo(second);
        assertThat(model.getVersionCount()).isEqualTo(2);
        assertThat(model.hasRelease()).isFalse();
    }

    @Test
    void samePackageAgainIsTheSameVersion() {
        byte[] packageBytes = TestPackages.sound("same", 1);
        ModelVersion first = service.publish("same", packageBytes);
        service.publish("same", TestPackages.sound("same", 2));

        assertThat(replica.publish("same", packageBytes)).isEqualTo(first);
        assertThat(storedFiles("same")).isEqualTo(2);
    }

    @Test
    void concurrentPublicationsThroughTwoReplicasGetDistinctVersions() throws Exception {
        int count = 8;
        ExecutorService callers = Executors.newFixedThreadPool(count);
        try {
            List<Future<ModelVersion>> publications = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                TestService via = i % 2 == 0 ? service : replica;
                byte[] packageBytes = TestPackages.sound("crowded", i / 2.0 + 1 - (i % 2) * 0.25);
                publications.add(callers.submit(() -> via.publish("crowded", packageBytes)));
            }
            Set<Integer> versions = new HashSet<>();
            Set<String> digests = new HashSet<>();
            for (Future<ModelVersion> publication : publications) {
                ModelVersion version = publication.get(30, TimeUnit.SECONDS);
                versions.add(version.getVersion());
                digests.add(version.getDigest());
            }
            assertThat(versions).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8);
            assertThat(digests).hasSize(count);
        } finally {
            callers.shutdownNow();
        }
        assertThat(service.registry()
                        .listVersions(ListVersionsRequest.newBuilder()
                                .setModel("crowded")
                                .build())
                        .getVersionsList())
                .extracting(ModelVersion::getVersion)
                .containsExactly(8, 7, 6, 5, 4, 3, 2, 1);
    }

    @Test
    void concurrentPublicationsOfOnePackageAreOneVersion() throws Exception {
        byte[] packageBytes = TestPackages.sound("twins", 1);
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            List<Future<ModelVersion>> publications = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                TestService via = i % 2 == 0 ? service : replica;
                publications.add(callers.submit(() -> via.publish("twins", packageBytes)));
            }
            for (Future<ModelVersion> publication : publications) {
                assertThat(publication.get(30, TimeUnit.SECONDS).getVersion()).isEqualTo(1);
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(storedFiles("twins")).isEqualTo(1);
    }

    @Test
    void versionOfATimeWhenEnginesWereNotKeptStaysReadable() {
        ModelVersion version = service.publish("elder", TestPackages.sound("elder", 1));
        collection("registry_versions")
                .updateOne(
                        Filters.eq("model", "elder"),
                        Updates.combine(Updates.unset("engine"), Updates.unset("fallback_reason")));
        assertThat(get("elder", 1)).isEqualTo(version.toBuilder().clearEngine().build());
    }

    @Test
    void historyOfACrashedWriterIsSeenAndRepaired() {
        service.publish("crashed", TestPackages.sound("crashed", 1));
        var models = collection("registry_models");
        var versions = collection("registry_versions");
        // As left by a process that died between deciding and copying out: the entry is in the journal only.
        Document version = versions.findOneAndDelete(Filters.eq("model", "crashed"));
        models.updateOne(
                Filters.eq("_id", "crashed"),
                Updates.set("journal", List.of(new Document("into", "registry_versions").append("document", version))));

        assertThat(get("crashed", 1).getVersion()).isEqualTo(1);
        assertThat(service.registry()
                        .listVersions(ListVersionsRequest.newBuilder()
                                .setModel("crashed")
                                .build())
                        .getVersionsList())
                .hasSize(1);
        assertThat(service.publish("crashed", TestPackages.sound("crashed", 1)).getVersion())
                .isEqualTo(1);
        assertThat(service.publish("crashed", TestPackages.sound("crashed", 2)).getVersion())
                .isEqualTo(2);
        assertThat(versions.countDocuments(Filters.eq("model", "crashed"))).isEqualTo(2);
    }
}
