package io.foresell.cli.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.AggregateFunction;
import io.foresell.proto.feature.v1.Aggregation;
import io.foresell.proto.feature.v1.Cleaning;
import io.foresell.proto.feature.v1.Column;
import io.foresell.proto.feature.v1.Definition;
import io.foresell.proto.feature.v1.FeatureRef;
import io.foresell.proto.feature.v1.FeatureSet;
import io.foresell.proto.feature.v1.FeatureView;
import io.foresell.proto.feature.v1.MissingRule;
import io.foresell.proto.feature.v1.ValueType;
import io.foresell.proto.feature.v1.ViewKind;
import io.foresell.proto.training.v1.FoldBy;
import io.foresell.proto.training.v1.PublishRule;
import io.foresell.proto.training.v1.TrainingSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The promises of {@link YamlProtos}. */
final class YamlProtosTest {
    @Test
    void readsATrainingSpecInEitherCase() {
        TrainingSpec spec = YamlProtos.trainingSpec(
                "train.yaml",
                """
                model: churn
                featureSet: telco_features
                label_view: telco_churn
                candidates:
                  - name: logistic
                    logistic_regression: {inverse_penalty: 1}
                  - boostedTrees:
                split:
                  k_fold: {k: 5, by: row-index}
                publish: PUBLISH_RULE_ALL
                from_time: 2024-01-01
                seed: 7
                """);
        assertThat(spec.getFeatureSet()).isEqualTo("telco_features");
        assertThat(spec.getCandidates(0).getLogisticRegression().getInversePenalty())
                .isEqualTo(1);
        assertThat(spec.getCandidates(1).hasBoostedTrees()).isTrue();
        assertThat(spec.getSplit().getKFold().getBy()).isEqualTo(FoldBy.FOLD_BY_ROW_INDEX);
        assertThat(spec.getPublish()).isEqualTo(PublishRule.PUBLISH_RULE_ALL);
        assertThat(spec.getFromTime()).isEqualTo("2024-01-01");
    }

    @Test
    void readsDefinitionsFromDocumentsListsAndMappings() {
        List<Definition> definitions = YamlProtos.definitions(
                "d.yaml",
                """
                entity: {name: customer}
                feature_view: {name: a, kind: snapshot}
                ---
                - label_view: {name: b}
                - featureSet:
                    name: c
                    features: [a.tenure, "a.Total.Charges", {view: a, feature: x}]
                ---
                """);
        assertThat(definitions)
                .extracting(Definition::getKindCase)
                .containsExactly(
                        Definition.KindCase.ENTITY,
                        Definition.KindCase.FEATURE_VIEW,
                        Definition.KindCase.LABEL_VIEW,
                        Definition.KindCase.FEATURE_SET);
        assertThat(definitions.get(3).getFeatureSet().getFeaturesList())
                .extracting(FeatureRef::getFeature)
                .containsExactly("tenure", "Total.Charges", "x");
    }

    @ParameterizedTest
    @CsvSource({
        "30d, 2592000",
        "26w, 15724800",
        "12h, 43200",
        "90s, 90",
        "1d12h, 129600",
        "5m, 300",
        "PT1H, 3600",
        "'1.5h', 5400",
        "3600s, 3600"
    })
    void readsDurations(String text, long seconds) {
        Aggregation aggregation = YamlProtos.message("a.yaml", "window: " + text, Aggregation.getDefaultInstance());
        assertThat(aggregation.getWindow().getSeconds()).isEqualTo(seconds);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: a\\nnam: b | t.yaml:2 nam: unknown key (nearest: name",
                "name: a\\nname: b | t.yaml:2 name: duplicate key",
                "name: [a] | t.yaml:1 name: a list (expected: a text)",
                "name: | t.yaml:1 name: nothing (expected: a text)",
                "type: numbr | type: numbr (expected: one of number, text, boolean, timestamp, numbers; nearest: number)",
                "min: five | min: five (expected: a number)",
                "min: '5' | min: '5' (expected: a number)",
                "min: .inf | min: .inf (expected: a number)",
                "required: yes | required: yes (expected: true or false)",
                "categories: a | categories: a (expected: a list)",
                "cleaning: 3 | cleaning: 3 (expected: a mapping)",
                "cleaning: {missing: constnt} | cleaning.missing: constnt (expected: one of constant, last, quarantine; nearest: constant)",
                "name: &x a | anchors and aliases are not supported",
                "name: !!str a | tags are not supported",
                "name: {a | t.yaml:1",
                "[1] | t.yaml:1: a list (expected: a mapping)",
            })
    void refusesNamingPlaceValueAndExpectation(String yaml, String expected) {
        assertThatThrownBy(() -> YamlProtos.message("t.yaml", yaml.replace("\\n", "\n"), Column.getDefaultInstance()))
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        e -> assertThat(e.failure().message()).contains(expected));
    }

    @Test
    void namesAllFaultsAtOnce() {
        assertThatThrownBy(() -> YamlProtos.trainingSpec("t.yaml", "modl: a\nseed: 1.5\nsplit: {kfold: {}}\n"))
                .isInstanceOfSatisfying(
                        ServiceException.class, e -> assertThat(e.failure().violations())
                                .extracting(fault -> fault.field())
                                .containsExactly("t.yaml:1 modl", "t.yaml:2 seed", "t.yaml:3 split.kfold"));
    }

    @Test
    void refusesTwoAlgorithmsInOneCandidate() {
        assertThatThrownBy(() -> YamlProtos.trainingSpec(
                        "t.yaml", "candidates:\n  - boosted_trees: {}\n    logistic_regression: {}\n"))
                .hasMessageContaining("candidates[0].logistic_regression: 'boosted_trees' is given too");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n---\n"})
    void refusesAFileWithoutDefinitions(String yaml) {
        assertThatThrownBy(() -> YamlProtos.definitions("d.yaml", yaml)).hasMessageContaining("no definition found");
    }

    @Test
    void refusesBombsQuickly() {
        assertThatThrownBy(() -> YamlProtos.definitions("d.yaml", "[".repeat(500_000)))
                .isInstanceOf(ServiceException.class);
        assertThatThrownBy(() -> YamlProtos.definitions("d.yaml", "a: ".repeat(400_000)))
                .isInstanceOf(ServiceException.class);
        assertThatThrownBy(() -> YamlProtos.definitions("d.yaml", "# " + "x".repeat(YamlProtos.MAX_BYTES)))
                .hasMessageContaining("1 MiB");
        assertThatThrownBy(() -> YamlProtos.definitions("d.yaml", "a: &a [x]\nb: [*a, *a]\n"))
                .hasMessageContaining("anchors");
    }

    @Test
    void readsBackWhatItWrites() {
        FeatureView view = FeatureView.newBuilder()
                .setName("odd")
                .setKind(ViewKind.VIEW_KIND_EVENTS)
                .addColumns(Column.newBuilder()
                        .setName("yes")
                        .setType(ValueType.VALUE_TYPE_TEXT)
                        .setMin(-1.5e-7)
                        .setMax(0)
                        .addCategories("null")
                        .addCategories("a: b # c")
                        .addCategories("\"quoted\" \\ \n \t \u0007")
                        .addCategories(" 合同 ")
                        .addCategories("1.0")
                        .addCategories("-")
                        .setCleaning(Cleaning.newBuilder()
                                .setMissing(MissingRule.MISSING_RULE_CONSTANT)
                                .setFillValue("0")
                                .addMissingTexts("?")))
                .addAggregations(Aggregation.newBuilder()
                        .setName("orders_26w")
                        .setFunction(AggregateFunction.AGGREGATE_FUNCTION_COUNT)
                        .setWindow(com.google.protobuf.Duration.newBuilder().setSeconds(604_800))
                        .setBuckets(26)
                        .putFilter("event", "order: paid"))
                .setFreshnessLimit(
                        com.google.protobuf.Duration.newBuilder().setSeconds(90).setNanos(5_000_000))
                .build();
        FeatureSet set = FeatureSet.newBuilder()
                .addFeatures(FeatureRef.newBuilder().setView("odd").setFeature("it's: odd, {really}"))
                .build();
        List<Definition> written = List.of(
                Definition.newBuilder().setFeatureView(view).build(),
                Definition.newBuilder().setFeatureSet(set).build());
        String yaml = YamlProtos.write(written.get(0), Map.of("feature_view.columns[0]", "a remark: with # signs"))
                + "---\n"
                + YamlProtos.write(written.get(1), Map.of());
        assertThat(YamlProtos.definitions("written", yaml)).isEqualTo(written);
        assertThat(yaml).contains("# a remark");
    }
}
