package io.foresell.cli.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.cli.spec.YamlProtos;
import io.foresell.proto.feature.v1.Column;
import io.foresell.proto.feature.v1.Definition;
import io.foresell.proto.feature.v1.FeatureRef;
import io.foresell.proto.feature.v1.KnownTimeRule;
import io.foresell.proto.feature.v1.LabelView;
import io.foresell.proto.feature.v1.ValueType;
import io.foresell.proto.training.v1.FoldBy;
import io.foresell.proto.training.v1.TrainingSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which types {@link ViewDraft} infers and what it writes. */
final class ViewDraftTest {
    @TempDir
    private Path folder;

    private ViewDraft draft(String csv, String label, String positive, String eventTime) throws IOException {
        Path file = Files.writeString(folder.resolve("f.csv"), csv);
        return ViewDraft.of(
                CsvFile.open(file, Optional.empty()),
                new ViewDraft.Request("view", "customer", "id", label, positive, eventTime, "", List.of()));
    }

    /** Returns the only column of a view drafted from cells. */
    private Column column(List<String> cells) throws IOException {
        StringBuilder csv = new StringBuilder("id;x\n");
        for (int i = 0; i < cells.size(); i++) {
            csv.append("k").append(i).append(';').append(cells.get(i)).append('\n');
        }
        String yaml = draft(csv.toString(), "", "", "").yaml();
        return YamlProtos.definitions("draft", yaml).get(0).getFeatureView().getColumns(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 2 3.5 -4e3 | NUMBER",
                "0 1 1 0 | BOOLEAN",
                "Yes No yes | BOOLEAN",
                "true false | BOOLEAN",
                "1 1 1 | NUMBER",
                "2024-01-31 2024-02-29T10:00 2024-03-01T10:00:00Z | TIMESTAMP",
                "31.01.2024 1.2.2024 29.02.2024 | TIMESTAMP",
                "31/01/2024 1/2/2024 02/29/2024 | TEXT",
                "2024-01-31 2024-13-01 | TEXT",
                "00123 00456 | TEXT",
                "a b 1 | TEXT",
                "1 NA 2 n/a | NUMBER",
                "NA NULL x | TEXT",
                "0 1 NA | BOOLEAN",
                "NaN 1 2 | NUMBER",
            })
    void infersTypesFromAllCells(String cells, String type) throws IOException {
        assertThat(column(List.of(cells.split(" "))).getType()).isEqualTo(ValueType.valueOf("VALUE_TYPE_" + type));
    }

    @Test
    void listsOfEightNumbersOrMoreAreNumbers() throws IOException {
        Column vector = column(List.of("0 1 2 3 4 5 6 -7.5", "[1 1 1 1 1 1 1 1]", ""));
        assertThat(vector.getType()).isEqualTo(ValueType.VALUE_TYPE_NUMBERS);
        assertThat(vector.getWidth()).isEqualTo(8);
        assertThat(column(List.of("0 1 2 3 4 5 6 7", "0 1 2")).getType()).isEqualTo(ValueType.VALUE_TYPE_TEXT);
        assertThat(column(List.of("079 123 45 67", "031 765 43 21")).getType()).isEqualTo(ValueType.VALUE_TYPE_TEXT);
        assertThat(column(List.of("0 1 2 3 4 5 6 x", "0 1 2 3 4 5 6 7")).getType())
                .isEqualTo(ValueType.VALUE_TYPE_TEXT);
    }

    @Test
    void declaresTextsThatMeanMissingOnlyWhereTheyAreNotTexts() throws IOException {
        assertThat(column(List.of("1", "NA", "n/a", "2")).getCleaning().getMissingTextsList())
                .containsExactly("NA", "n/a");
        assertThat(column(List.of("a", "NA", "b")).hasCleaning()).isFalse();
    }

    private static List<String> cells(int count, IntFunction<String> cell) {
        return IntStream.range(0, count).mapToObj(cell).toList();
    }

    @Test
    void keepsANumberColumnWithFewBlankOrOddCells() throws IOException {
        assertThat(column(cells(1000, i -> i % 10 == 0 ? " " : "" + i)).getType())
                .isEqualTo(ValueType.VALUE_TYPE_NUMBER);
        assertThat(column(cells(1000, i -> i == 5 ? "oops" : "" + i)).getType()).isEqualTo(ValueType.VALUE_TYPE_NUMBER);
        assertThat(column(cells(1000, i -> i % 20 == 5 ? "oops" : "" + i)).getType())
                .isEqualTo(ValueType.VALUE_TYPE_TEXT);
    }

    @Test
    void leavesIdsAndConstantsOutOfTheFeatureSetAndSaysSo() throws IOException {
        StringBuilder csv = new StringBuilder("id,email,country,amount\n");
        for (int i = 0; i < 200; i++) {
            csv.append("k%d,p%d@example.com,CH,%d\n".formatted(i, i, i));
        }
        String yaml = draft(csv.toString(), "", "", "").yaml();
        List<Definition> definitions = YamlProtos.definitions("draft", yaml);
        assertThat(definitions.get(0).getFeatureView().getColumnsList())
                .extracting(Column::getName)
                .containsExactly("email", "country", "amount");
        assertThat(definitions.get(1).getFeatureSet().getFeaturesList())
                .extracting(FeatureRef::getFeature)
                .containsExactly("amount");
        assertThat(yaml).contains("looks like an id", "always the same");
    }

    @Test
    void draftsLabelsByTheirForm() throws IOException {
        String csv = "id,Has Churned,grade,tenure\na,Yes,A,1\nb,No,B,2\nc,No,B,3\n";
        LabelView yesNo = label(draft(csv, "Has Churned", "", ""));
        assertThat(yesNo.getName()).isEqualTo("view_has_churned");
        assertThat(yesNo.getType()).isEqualTo(ValueType.VALUE_TYPE_BOOLEAN);
        assertThat(label(draft(csv, "grade", "A", "")).getPositiveText()).isEqualTo("A");
        assertThat(label(draft(csv, "tenure", "", "")).getType()).isEqualTo(ValueType.VALUE_TYPE_NUMBER);
        assertThatThrownBy(() -> draft(csv, "grade", "", "")).hasMessageContaining("--label-positive: ''");
        assertThatThrownBy(() -> draft(csv, "grade", "C", "")).hasMessageContaining("A, B");
    }

    private static LabelView label(ViewDraft draft) {
        return YamlProtos.definitions("draft", draft.yaml()).get(1).getLabelView();
    }

    @Test
    void draftsASpecForEveryKindOfLabel() throws IOException {
        String csv = "id,region,revenue,stars,spend\na,North,12.5,3,1\nb,South,99,1,2\nc,West,7,2,3\nd,North,8,3,4\n";

        TrainingSpec classes = spec(draft(csv, "region", "", ""));
        assertThat(classes.getMetric()).isEqualTo("log_loss");
        assertThat(classes.getCandidates(0).hasLogisticRegression()).isTrue();
        assertThat(classes.getCandidates(1).hasBoostedTrees()).isTrue();
        TrainingSpec values = spec(draft(csv, "revenue", "", ""));
        assertThat(values.getMetric()).isEqualTo("rmse");
        assertThat(values.getCandidates(0).hasLinearRegression()).isTrue();
        assertThat(draft(csv, "revenue", "", "").warnings()).isEmpty();
        assertThat(draft(csv, "stars", "", "").warnings())
                .containsExactly("label stars has 3 different whole numbers and is trained as an amount: when they are"
                        + " codes of classes, write type: text");
    }

    @Test
    void draftsNoSpecForALabelThatIsAnIdOrATime() throws IOException {
        StringBuilder csv = new StringBuilder("id,code,at\n");
        for (int i = 0; i < 200; i++) {
            csv.append("k%d,c%d,2024-01-%02d\n".formatted(i, i, 1 + i % 28));
        }
        assertThat(draft(csv.toString(), "code", "", "").trainingYaml()).isEmpty();
        assertThat(draft(csv.toString(), "at", "", "").trainingYaml()).isEmpty();
        assertThat(draft(csv.toString(), "code", "", "").warnings())
                .singleElement()
                .asString()
                .contains("label code", "no training spec is drafted");
    }

    @Test
    void whatPeopleWroteIsReadAsWordsByTheLinearModelAndLeftOutByTrees() throws IOException {
        StringBuilder csv = new StringBuilder("id,message,note,spend,mood\n");
        for (int i = 0; i < 200; i++) {
            csv.append("k%d,order %d came too late,货物%d没有到,%d,%s\n".formatted(i, i, i, i, i % 3 == 0 ? "sad" : "glad"));
        }
        ViewDraft draft = draft(csv.toString(), "mood", "sad", "");

        TrainingSpec spec = spec(draft);
        assertThat(spec.getCandidates(0).getPrepare().getColumns(0).getColumnsList())
                .containsExactly("message");
        assertThat(spec.getCandidates(0).getPrepare().getColumns(0).getText().hasWords())
                .isTrue();
        assertThat(spec.getCandidates(0).getPrepare().getColumns(1).getText().hasCharacters())
                .isTrue();
        assertThat(spec.getCandidates(1).getPrepare().getColumns(0).getColumnsList())
                .containsExactly("message", "note");
        assertThat(draft.yaml()).contains("read as words");

        String alone = csv.toString().replaceAll(",\\d+,(sad|glad)", ",$1").replace(",spend", "");
        assertThat(spec(draft(alone, "mood", "sad", "")).getCandidatesList()).hasSize(1);
    }

    private static TrainingSpec spec(ViewDraft draft) {
        return YamlProtos.trainingSpec("draft", draft.trainingYaml().orElseThrow());
    }

    @Test
    void vouchesForHistoryOnlyWhenAnEventTimeIsNamed() throws IOException {
        String csv = "id,at,x\na,2024-01-01,1\nb,2024-01-02,2\n";
        Definition dated =
                YamlProtos.definitions("draft", draft(csv, "", "", "at").yaml()).get(0);
        assertThat(dated.getFeatureView().getKnownTime()).isEqualTo(KnownTimeRule.KNOWN_TIME_RULE_EVENT_TIME);
        assertThat(dated.getFeatureView().getColumnsList())
                .extracting(Column::getName)
                .containsExactly("x");
        Definition undated =
                YamlProtos.definitions("draft", draft(csv, "", "", "").yaml()).get(0);
        assertThat(undated.getFeatureView().getKnownTime()).isEqualTo(KnownTimeRule.KNOWN_TIME_RULE_UNSPECIFIED);
    }

    @Test
    void draftsATrainingSpecThatFitsTheFile() throws IOException {
        String csv = "id,at,y,grade,x\na,2024-01-01,Yes,A,1\nb,2024-01-02,No,B,2\nb,2024-01-03,No,C,3\n";
        TrainingSpec dated = YamlProtos.trainingSpec(
                "draft", draft(csv, "y", "", "at").trainingYaml().orElseThrow());
        assertThat(dated.getModel()).isEqualTo("view_y");
        assertThat(dated.getFeatureSet()).isEqualTo("view_features");
        assertThat(dated.getSplit().hasTime()).isTrue();
        TrainingSpec undated = YamlProtos.trainingSpec(
                "draft", draft(csv, "y", "", "").trainingYaml().orElseThrow());
        assertThat(undated.getSplit().getKFold().getBy()).as("keys repeat").isEqualTo(FoldBy.FOLD_BY_ENTITY);
        assertThat(draft(csv, "", "", "").trainingYaml()).isEmpty();
        assertThat(spec(draft(csv, "grade", "", "")).getMetric()).isEqualTo("log_loss");
        assertThat(spec(draft(csv, "grade", "A", "")).getMetric()).isEqualTo("roc_auc");
    }

    @Test
    void warnsOfRepeatedAndBlankKeysAndOneClass() throws IOException {
        ViewDraft draft = draft("id,x,y\na,1,Yes\na,2,Yes\n,3,Yes\n", "y", "", "");
        assertThat(draft.warnings())
                .anySatisfy(warning -> assertThat(warning).contains("1 rows repeat a key"))
                .anySatisfy(warning -> assertThat(warning).contains("1 rows have no key"))
                .anySatisfy(warning -> assertThat(warning).contains("one class"));
    }
}
