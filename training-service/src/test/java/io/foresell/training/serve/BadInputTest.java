package io.foresell.training.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.foresell.kit.ServiceException;
import io.foresell.model.pack.LoadedPackage;
import io.foresell.proto.training.v1.PublishRule;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.training.BadInputTable;
import io.foresell.training.run.CandidateOutcome;
import io.foresell.training.run.Progress;
import io.foresell.training.run.ProgressListener;
import io.foresell.training.run.TrainingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of {@code docs/bad-input.md} on specs and training rows holds: a failure in those words, or a training that says so. */
final class BadInputTest {
    private static final String DATA = "Rows to train on";
    private static final String SPECS = "Training specs";
    private static final String TRAINED = "trained";

    /** What any model of a small training set is told, odd or not. */
    private static final Pattern OF_FEW_ROWS =
            Pattern.compile("The plain baseline .* is not beaten: .*|Only \\d+ of the \\d+ judged rows are .*");

    private static final ProgressListener NOBODY = new ProgressListener() {
        @Override
        public void report(Progress progress) {}
    };

    /** What came of a case: a reason with one text, or warnings and limits beside a trained model. */
    record Answer(String reason, List<String> warnings, List<String> limits) {
        List<String> said() {
            return Stream.concat(warnings.stream(), limits.stream()).toList();
        }
    }

    static Answer answer(BadInputCases.Case bad) {
        try {
            TrainingSpec spec = spec(bad.spec());
            TrainingProtos.checkedOptions(spec);
            if (spec.hasRetrain()) {
                RetrainProtos.toRule(spec);
            }
            List<CandidateOutcome> outcomes = new TrainingRun(1)
                    .run(
                            TrainingProtos.checkedSpec(spec),
                            (query, listener, isCancelled) -> bad.rows().get().read(query.task()),
                            NOBODY,
                            () -> false);
            List<String> warnings = new ArrayList<>();
            List<String> limits = new ArrayList<>();
            for (CandidateOutcome outcome : outcomes) {
                warnings.addAll(outcome.evaluation().warnings());
                outcome.packageBytes()
                        .ifPresent(bytes -> limits.addAll(LoadedPackage.load(bytes, "", LoadedPackage.COMPILED)
                                .modelPackage()
                                .manifest()
                                .getLimitsList()));
            }
            return new Answer(TRAINED, warnings, limits);
        } catch (ServiceException e) {
            return new Answer(e.failure().reason(), List.of(e.failure().message()), List.of());
        }
    }

    private static TrainingSpec spec(String overlay) {
        TrainingSpec.Builder spec = TrainingSpec.newBuilder()
                .setModel("churn")
                .setFeatureSet("customers")
                .setLabelView("left")
                .setPublish(PublishRule.PUBLISH_RULE_BEST);
        try {
            JsonFormat.parser().merge(overlay.replace('\'', '"'), spec);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(overlay, e);
        }
        return spec.build();
    }

    static Stream<BadInputTable.Row> data() {
        return BadInputTable.section(DATA).stream();
    }

    static Stream<BadInputTable.Row> specs() {
        return BadInputTable.section(SPECS).stream();
    }

    @ParameterizedTest
    @MethodSource("data")
    void badRowsEndAsTheTableSays(BadInputTable.Row row) {
        requireKept(row, BadInputCases.data());
    }

    @ParameterizedTest
    @MethodSource("specs")
    void badSpecsEndAsTheTableSays(BadInputTable.Row row) {
        requireKept(row, BadInputCases.specs());
    }

    private static void requireKept(BadInputTable.Row row, Map<String, BadInputCases.Case> cases) {
        assertThat(cases).containsKey(row.id());
        Answer answer = answer(cases.get(row.id()));
        assertThat(answer.reason()).as("%s", answer.said()).isEqualTo(row.reason());
        if (row.said().equals("—")) {
            assertThat(answer.warnings()).allMatch(OF_FEW_ROWS.asMatchPredicate());
        } else {
            assertThat(answer.said()).as(row.said()).anyMatch(row::matches);
        }
    }

    @Test
    void theTableHasEveryCase() {
        assertThat(data().map(BadInputTable.Row::id))
                .containsExactlyElementsOf(BadInputCases.data().keySet());
        assertThat(specs().map(BadInputTable.Row::id))
                .containsExactlyElementsOf(BadInputCases.specs().keySet());
    }
}
