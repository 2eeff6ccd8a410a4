package io.foresell.feature;

import static io.foresell.feature.Definitions.churn;
import static io.foresell.feature.Definitions.column;
import static io.foresell.feature.Definitions.definition;
import static io.foresell.feature.Definitions.orders;
import static io.foresell.feature.Definitions.profile;
import static io.foresell.feature.Definitions.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.feature.v1.Definition;
import io.foresell.proto.feature.v1.Entity;
import io.foresell.proto.feature.v1.ListDefinitionsRequest;
import io.foresell.proto.feature.v1.StoredDefinition;
import io.foresell.proto.feature.v1.ValueType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What becomes of definitions: faults named field by field, versions and hashes, references between them. */
abstract class DefinitionContract extends RunningFeatureStore {
    @Test
    void namesEveryFieldAtFaultAndStoresNothing() {
        Definition bad = definition(profile()
                .setName("Bad Name")
                .setKnownTimeColumn("")
                .addColumns(column("age", ValueType.VALUE_TYPE_UNSPECIFIED))
                .addColumns(column("low", ValueType.VALUE_TYPE_NUMBER).setMin(3).setMax(1))
                .addColumns(column("text", ValueType.VALUE_TYPE_TEXT).setMin(3)));

        StatusRuntimeException error = failure(() -> store.define(definition(churn()), bad));

        assertFailure(error, Status.Code.INVALID_ARGUMENT, "DEFINITION_INVALID");
        String view = "definitions[1].feature_view.";
        assertThat(StoreClient.fields(error))
                .containsExactlyInAnyOrder(
                        view + "name",
                        view + "known_time_column",
                        view + "columns[4]",
                        view + "columns[4].type",
                        view + "columns[5].min",
                        view + "columns[6].min");
        assertThat(store.blocking()
                        .listDefinitions(ListDefinitionsRequest.getDefaultInstance())
                        .getDefinitionsList())
                .isEmpty();
    }

    @Test
    void countsVersionsAndChangesNothingForAnEqualDefinition() {
        StoredDefinition first = store.define(definition(profile())).get(0);
        StoredDefinition again = store.define(definition(profile())).get(0);
        StoredDefinition described = store.define(definition(profile().setDescription("who they are")))
                .get(0);
        StoredDefinition wider = store.define(
                        definition(profile().addColumns(column("city", ValueType.VALUE_TYPE_TEXT))))
                .get(0);

        assertThat(first.getVersion()).isEqualTo(1);
        assertThat(first.getHash()).matches("[0-9a-f]{64}");
        assertThat(again).isEqualTo(first);
        assertThat(described.getVersion()).isEqualTo(2);
        assertThat(described.getHash()).isEqualTo(first.getHash());
        assertThat(wider.getVersion()).isEqualTo(3);
        assertThat(wider.getHash()).isNotEqualTo(first.getHash());
    }

    @Test
    void changesTheHashOfASetWithTheMeaningOfItsViews() {
        Definition set = set("all", "profile.age");
        String before = store.define(definition(profile()), set).get(1).getHash();
        store.define(definition(profile().setDescription("words")));
        String described = store.define(set).get(0).getHash();
        store.define(definition(
                profile().setDescription("words").clearKnownTimeColumn().clearKnownTime()));
        String after = store.define(set).get(0).getHash();

        assertThat(described).isEqualTo(before);
        assertThat(after).isNotEqualTo(before);
    }

    @Test
    void listsDefinitionsByKindAndNameAndMakesMissingEntities() {
        store.define(definition(profile()), definition(churn()), definition(orders()), set("all", "profile.age"));

        List<StoredDefinition> listed = store.blocking()
                .listDefinitions(ListDefinitionsRequest.getDefaultInstance())
                .getDefinitionsList();

        assertThat(listed)
                .extracting(stored -> stored.getDefinition().getKindCase())
                .containsExactly(
                        Definition.KindCase.ENTITY,
                        Definition.KindCase.FEATURE_VIEW,
                        Definition.KindCase.FEATURE_VIEW,
                        Definition.KindCase.LABEL_VIEW,
                        Definition.KindCase.FEATURE_SET);
        assertThat(listed.get(0).getDefinition().getEntity())
                .isEqualTo(Entity.newBuilder().setName("customer").build());
        assertThat(listed.get(1).getDefinition().getFeatureView().getName()).isEqualTo("orders");
    }

    @Test
    void refusesReferencesToWhatIsMissingWithTheNearestName() {
        store.define(definition(profile()));

        StatusRuntimeException error =
                failure(() -> store.define(set("all", "profile.agee", "profil.plan", "profile.vip")));

        assertFailure(error, Status.Code.FAILED_PRECONDITION, "REFERENCE_MISSING");
        assertThat(error.getStatus().getDescription())
                .contains("'agee'", "nearest: age", "'profil'", "nearest: profile");
    }

    @Test
    void keepsTypesAndUsedFeaturesOfAStoredView() {
        store.define(definition(profile()), set("all", "profile.age"));

        StatusRuntimeException retyped = failure(
                () -> store.define(definition(profile().setColumns(0, column("age", ValueType.VALUE_TYPE_TEXT)))));
        StatusRuntimeException dropped =
                failure(() -> store.define(definition(profile().removeColumns(0))));

        assertFailure(retyped, Status.Code.INVALID_ARGUMENT, "DEFINITION_INVALID");
        assertFailure(dropped, Status.Code.FAILED_PRECONDITION, "REFERENCE_MISSING");
    }

    @Test
    void storesAllDefinitionsOfConcurrentCalls() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String name = "view_" + i;
                calls.add(threads.submit(() -> store.define(definition(profile().setName(name)))));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(store.blocking()
                        .listDefinitions(ListDefinitionsRequest.getDefaultInstance())
                        .getDefinitionsCount())
                .isEqualTo(5);
    }
}
