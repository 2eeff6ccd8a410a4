package io.foresell.cli.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.feature.v1.Definition;
import io.foresell.proto.feature.v1.FeatureRef;
import io.foresell.proto.feature.v1.FeatureView;
import io.foresell.proto.training.v1.Candidate;
import io.foresell.proto.training.v1.Expectation;
import io.foresell.proto.training.v1.Suite;
import io.foresell.proto.training.v1.SuiteEntry;
import io.foresell.proto.training.v1.Task;
import io.foresell.proto.training.v1.TrainingSpec;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples fit the wire and each other. */
final class ExamplesTest {
    private static final Path TELCO = Path.of("../examples/telco_churn");

    @Test
    void telcoExampleReadsAndItsNamesFitTogether() {
        List<Definition> definitions = YamlProtos.definitions(TELCO.resolve("view.yaml"));
        FeatureView view = definitions.get(0).getFeatureView();
        assertThat(view.getColumnsList())
                .filteredOn(column -> column.getName().equals("TotalCharges"))
                .singleElement()
                .satisfies(column ->
                        assertThat(column.getCleaning().getFillValue()).isEqualTo("0"));
        assertThat(definitions.get(2).getFeatureSet().getFeaturesList())
                .hasSize(19)
                .extracting(FeatureRef::getFeature)
                .isSubsetOf(view.getColumnsList().stream()
                        .map(column -> column.getName())
                        .toList());
        TrainingSpec spec = YamlProtos.trainingSpec(TELCO.resolve("train.yaml"));
        assertThat(spec.getLabelView())
                .isEqualTo(definitions.get(1).getLabelView().getName());
        assertThat(spec.getFeatureSet())
                .isEqualTo(definitions.get(2).getFeatureSet().getName());
        assertThat(spec.getCandidatesCount()).isEqualTo(2);
    }

    @Test
    void entriesOfTheSuiteFitTogether() {
        Path folder = Path.of("../examples");
        Suite suite = YamlProtos.message(folder.resolve("targets.yaml"), Suite.getDefaultInstance());
        assertThat(suite.getEntriesCount()).isEqualTo(10);
        for (SuiteEntry entry : suite.getEntriesList()) {
            List<Definition> definitions = entry.getDefineList().stream()
                    .flatMap(file -> YamlProtos.definitions(folder.resolve(file)).stream())
                    .toList();
            List<String> views = definitions.stream()
                    .map(each -> each.hasFeatureView()
                            ? each.getFeatureView().getName()
                            : each.getLabelView().getName())
                    .toList();
            TrainingSpec spec = YamlProtos.trainingSpec(folder.resolve(entry.getTrain()));
            if (spec.getTask() != Task.TASK_CLUSTERS) {
                assertThat(views).contains(spec.getLabelView());
            }
            assertThat(definitions)
                    .extracting(each -> each.getFeatureSet().getName())
                    .contains(spec.getFeatureSet());
            assertThat(entry.getIngestList()).isNotEmpty().allSatisfy(file -> assertThat(views)
                    .containsAll(file.getViewsList()));
            assertThat(spec.getCandidatesList())
                    .extracting(Candidate::getName)
                    .containsAll(entry.getExpectList().stream()
                            .map(Expectation::getCandidate)
                            .filter(name -> !name.isEmpty())
                            .toList());
        }
    }
}
