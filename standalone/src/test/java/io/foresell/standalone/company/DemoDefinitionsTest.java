package io.foresell.standalone.company;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.foresell.proto.feature.v1.Column;
import io.foresell.proto.feature.v1.Definition;
import io.foresell.proto.feature.v1.FeatureRef;
import io.foresell.proto.feature.v1.FeatureSet;
import io.foresell.proto.feature.v1.FeatureView;
import io.foresell.proto.feature.v1.LabelView;
import io.foresell.proto.feature.v1.OutlierRule;
import io.foresell.proto.feature.v1.ValueType;
import io.foresell.proto.training.v1.TrainingSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;

class DemoDefinitionsTest {
    @TempDir
    static Path folder;

    private static Planted planted;
    private static List<Definition> definitions;

    @BeforeAll
    static void read() throws IOException {
        planted = DemoCompany.generate(new DemoSettings(3, LocalDate.of(2026, 1, 1), 1_000), folder);
        definitions = new ArrayList<>();
        for (Object element : (List<?>) yaml("/demo/definitions.yaml")) {
            Definition.Builder definition = Definition.newBuilder();
            parse(element, definition);
            definitions.add(definition.build());
        }
    }

    private static Object yaml(String resource) throws IOException {
        try (InputStream in = DemoDefinitionsTest.class.getResourceAsStream(resource)) {
            return new Load(LoadSettings.builder().build()).loadFromInputStream(in);
        }
    }

    private static void parse(Object tree, Message.Builder target) throws IOException {
        String json = new Dump(DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.FLOW)
                        .setDefaultScalarStyle(ScalarStyle.JSON_SCALAR_STYLE)
                        .setWidth(1_000_000)
                        .build())
                .dumpToString(tree);
        JsonFormat.parser().merge(json, target);
    }

    @Test
    void everyColumnIsInItsFile() {
        for (FeatureView view : views()) {
            Set<String> header = Set.copyOf(rows(view.getName()).get(0).getHeader());
            assertThat(header)
                    .as(view.getName())
                    .contains(view.getEntityKeyColumn(), view.getEventIdColumn(), view.getEventTimeColumn())
                    .contains(view.getKnownTimeColumn())
                    .containsAll(
                            view.getColumnsList().stream().map(Column::getName).toList());
        }
        LabelView label = label();
        assertThat(rows("churn_labels").get(0).getHeader())
                .contains(label.getEntityKeyColumn(), label.getEventIdColumn(), label.getEventTimeColumn())
                .contains(label.getColumn());
    }

    @Test
    void everyFeatureIsDefinedAndEveryDriverIsAmongThem() {
        FeatureSet set = definitions.stream()
                .filter(Definition::hasFeatureSet)
                .findFirst()
                .orElseThrow()
                .getFeatureSet();
        Set<String> defined = new HashSet<>();
        for (FeatureView view : views()) {
            view.getColumnsList().forEach(column -> defined.add(view.getName() + "." + column.getName()));
            view.getAggregationsList().forEach(a -> defined.add(view.getName() + "." + a.getName()));
        }
        List<String> names =
                set.getFeaturesList().stream().map(FeatureRef::getFeature).toList();
        assertThat(set.getFeaturesList().stream()
                        .map(feature -> feature.getView() + "." + feature.getFeature())
                        .toList())
                .doesNotHaveDuplicates()
                .allMatch(defined::contains);
        for (Planted.Driver driver : planted.drivers()) {
            assertThat(names).as(driver.name()).containsAll(driver.features());
        }
    }

    @Test
    void theDefinitionsRefuseExactlyThePlantedRows() {
        for (FeatureView view : views()) {
            String name = view.getName();
            long refused = rows(name).stream().filter(row -> refuses(view, row)).count();
            assertThat(refused)
                    .as(name)
                    .isEqualTo(planted.files().get(name + ".csv").quarantinedCount());
        }
    }

    /** Says what a store should say about a row, by the words of the definitions. */
    private static boolean refuses(FeatureView view, NamedCsvRecord row) {
        if (CompanyCsv.instant(row.getField(view.getEventTimeColumn())).isEmpty()) {
            return true;
        }
        return view.getColumnsList().stream().anyMatch(column -> refuses(column, row.getField(column.getName())));
    }

    private static boolean refuses(Column column, String text) {
        if (text.isBlank() || column.getCleaning().getMissingTextsList().contains(text)) {
            return column.getRequired();
        }
        if (column.getType() == ValueType.VALUE_TYPE_NUMBER) {
            return CompanyCsv.number(text)
                    .map(number -> isOutside(column, number)
                            && column.getCleaning().getOutlier() == OutlierRule.OUTLIER_RULE_UNSPECIFIED)
                    .orElse(true);
        }
        return column.getCategoriesCount() > 0 && !column.getCategoriesList().contains(text);
    }

    private static boolean isOutside(Column column, double number) {
        return (column.hasMin() && number < column.getMin()) || (column.hasMax() && number > column.getMax());
    }

    @Test
    void theTrainingSpecTrainsThreeKindsOfModels() throws IOException {
        TrainingSpec.Builder spec = TrainingSpec.newBuilder();
        parse(yaml("/demo/churn.yaml"), spec);
        assertThat(spec.getFeatureSet()).isEqualTo("churn_features");
        assertThat(spec.getLabelView()).isEqualTo(label().getName());
        assertThat(spec.getCandidatesList()).hasSize(3);
        assertThat(spec.getCandidates(2).hasSequenceNetwork()).isTrue();
    }

    private static List<FeatureView> views() {
        return definitions.stream()
                .filter(Definition::hasFeatureView)
                .map(Definition::getFeatureView)
                .toList();
    }

    private static LabelView label() {
        return definitions.stream()
                .filter(Definition::hasLabelView)
                .findFirst()
                .orElseThrow()
                .getLabelView();
    }

    private static List<NamedCsvRecord> rows(String name) {
        return CompanyCsv.rows(folder.resolve(name + ".csv"));
    }
}
