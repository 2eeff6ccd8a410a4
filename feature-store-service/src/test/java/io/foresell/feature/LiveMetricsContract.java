package io.foresell.feature;

import static io.foresell.feature.PredictionRecords.description;
import static io.foresell.feature.PredictionRecords.id;
import static io.foresell.feature.PredictionRecords.kindProfile;
import static io.foresell.feature.PredictionRecords.label;
import static io.foresell.feature.PredictionRecords.ofPrediction;
import static io.foresell.feature.PredictionRecords.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.proto.prediction.v1.AppendPredictionsRequest;
import io.foresell.proto.prediction.v1.Drift;
import io.foresell.proto.prediction.v1.GetLiveMetricsRequest;
import io.foresell.proto.prediction.v1.GetLiveMetricsResponse;
import io.foresell.proto.prediction.v1.Outcome;
import io.foresell.proto.prediction.v1.PackageDescription;
import io.foresell.proto.prediction.v1.PredictionKind;
import io.foresell.proto.prediction.v1.PredictionMetrics;
import io.foresell.proto.prediction.v1.PredictionRecord;
import io.foresell.proto.prediction.v1.ReportOutcomesRequest;
import io.foresell.proto.prediction.v1.SliceMetrics;
import io.foresell.proto.prediction.v1.VersionMetrics;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** How predictions are measured against outcomes. Now is 2024-06-01T00:00:00Z; figures are those of scikit-learn and numpy. */
abstract class LiveMetricsContract extends RunningFeatureStore {
    private static final long DAY = 86_400_000L;
    private static final double EXACT = 1e-12;

    private static long daysAgo(int days) {
        return millis(NOW) - days * DAY;
    }

    private void append(int count, IntFunction<PredictionRecord.Builder> records) {
        append(description(), count, records);
    }

    private void append(
            PackageDescription.Builder description, int count, IntFunction<PredictionRecord.Builder> records) {
        for (int from = 0; from < count; from += 500) {
            AppendPredictionsRequest.Builder request =
                    AppendPredictionsRequest.newBuilder().addPackages(description);
            for (int i = from; i < Math.min(count, from + 500); i++) {
                request.addRecords(records.apply(i));
            }
            assertThat(store.predictionLog().appendPredictions(request.build()).getAcceptedCount())
                    .isEqualTo(request.getRecordsCount());
        }
    }

    private void report(int count, IntFunction<Outcome.Builder> outcomes) {
        for (int from = 0; from < count; from += 500) {
            ReportOutcomesRequest.Builder request = ReportOutcomesRequest.newBuilder();
            for (int i = from; i < Math.min(count, from + 500); i++) {
                request.addOutcomes(outcomes.apply(i));
            }
            assertThat(store.predictionLog().reportOutcomes(request.build()).getErrorsList())
                    .isEmpty();
        }
    }

    private GetLiveMetricsResponse ask(GetLiveMetricsRequest.Builder request) {
        return store.predictionLog().getLiveMetrics(request.setModel("churn").build());
    }

    private VersionMetrics only(GetLiveMetricsRequest.Builder request) {
        GetLiveMetricsResponse response = ask(request);
        assertThat(response.getVersionsCount()).isEqualTo(1);
        return response.getVersions(0);
    }

    private static float score(int i) {
        return (float) ((i * 37 % 101) / 101.0);
    }

    private static double outcome(int i) {
        return (i * 7919 % 1000) / 1000.0 < Math.pow(score(i), 1.3) ? 1 : 0;
    }

    /** The expected numbers: scikit-learn 1.x on these very rows; DeLong's variance from its definition, pair by pair. */
    @Test
    void measuresTwoClassesAsScikitLearnDoes() {
        append(1000, i -> record(id(daysAgo(2), i), "C-" + i, score(i)));
        append(30, i -> record(id(daysAgo(2), 5000 + i), "", 0.25));
        report(1000, i -> ofPrediction(id(daysAgo(2), i), outcome(i)));
        report(1, i -> ofPrediction(id(daysAgo(2), 5000), 0.5));

        VersionMetrics version = only(GetLiveMetricsRequest.newBuilder());
        PredictionMetrics metrics = version.getMetrics();

        assertThat(metrics.getPredictionCount()).isEqualTo(1030);
        assertThat(metrics.getSubjectCount()).isEqualTo(1030);
        assertThat(metrics.getLabelledCount()).isEqualTo(1000);
        assertThat(metrics.getUnusableOutcomeCount()).isEqualTo(1);
        assertThat(metrics.getOutcomes().getMean()).isEqualTo(0.427);
        assertThat(metrics.getLabelledMeanScore()).isCloseTo(0.49514851713739333, within(EXACT));
        assertThat(metrics.getRocAuc()).isCloseTo(0.852720592142101, within(EXACT));
        assertThat(metrics.getRocAucRange().getLow()).isCloseTo(0.8281714672905742, within(1e-9));
        assertThat(metrics.getRocAucRange().getHigh()).isCloseTo(0.8742947515325236, within(1e-9));
        assertThat(metrics.getLogLoss()).isCloseTo(0.4828757245154636, within(EXACT));
        assertThat(metrics.getBrier()).isCloseTo(0.16003499690311349, within(EXACT));
        assertThat(metrics.getCalibrationError()).isCloseTo(0.06814851713739338, within(EXACT));
        assertThat(metrics.getCalibrationList()).hasSize(10);
        assertThat(metrics.getCalibrationList())
                .allSatisfy(bin -> assertThat(bin.getRowCount()).isEqualTo(100));
        assertThat(metrics.hasMeanAbsoluteError()).isFalse();
        assertThat(version.hasScoreDrift()).as("nothing to hold it against").isFalse();
    }

    @Test
    void summarisesScores() {
        append(1000, i -> record(id(daysAgo(2), i), "C-" + i, score(i)));

        PredictionMetrics metrics = only(GetLiveMetricsRequest.newBuilder()).getMetrics();

        assertThat(metrics.getScores().getMean()).isCloseTo(0.49514851713739333, within(EXACT));
        assertThat(metrics.getScores().getVariance()).isCloseTo(0.08355045615966225, within(EXACT));
        assertThat(metrics.getScores().getQ05()).isCloseTo(0.04900990109890702, within(EXACT));
        assertThat(metrics.getScores().getQ25()).isCloseTo(0.24752475321292877, within(EXACT));
        assertThat(metrics.getScores().getQ75()).isCloseTo(0.7425742745399475, within(EXACT));
        assertThat(metrics.getScores().getQ95()).isCloseTo(0.9410891264677044, within(EXACT));
        assertThat(metrics.getLabelledCount()).isZero();
        assertThat(metrics.hasRocAuc()).isFalse();
    }

    /** Reference: the week before; the package says nothing of amounts, so they are held against the window too. */
    @Test
    void saysHowFarInputsAndScoresMoved() {
        append(
                description().addProfiles(kindProfile()),
                400,
                j -> record(
                        id(daysAgo(9), j),
                        "",
                        (j * 37 % 101) / 101.0,
                        j % 20 == 0 ? Float.NaN : j * 53 % 400,
                        j % 5 == 0 ? "shop.a" : "web"));
        append(
                description().addProfiles(kindProfile()),
                200,
                j -> record(
                        id(daysAgo(1), j),
                        "",
                        Math.pow((j * 37 % 101) / 101.0, 2),
                        j % 10 == 0 ? Float.NaN : j * 29 % 300 + 150,
                        j % 2 == 0 ? "web" : "phone"));

        VersionMetrics version = only(GetLiveMetricsRequest.newBuilder());

        assertThat(version.getScoreDrift().getStabilityIndex()).isCloseTo(0.3941488772112558, within(1e-9));
        assertThat(version.getScoreDrift().getChanceIndex()).isCloseTo(0.0675, within(EXACT));
        assertThat(version.getInputDriftsList()).extracting(Drift::getInput).containsExactly("kind", "amount");
        Drift amount = version.getInputDrifts(1);
        assertThat(amount.getStabilityIndex()).isCloseTo(2.2591732639101263, within(1e-9));
        assertThat(amount.getChanceIndex()).isCloseTo(0.075, within(EXACT));
        assertThat(amount.getReference()).isEqualTo("window");
        assertThat(amount.getMissingShare()).isEqualTo(0.1);
        assertThat(amount.getReferenceMissingShare()).isEqualTo(0.05);
        Drift kind = version.getInputDrifts(0);
        assertThat(kind.getReference()).isEqualTo("package");
        assertThat(kind.getReferenceCount()).isEqualTo(1000);
        // web 0.8 -> 0.5, shop.a 0.2 -> 0, others 0 -> 0.5
        double expected =
                -0.3 * Math.log(0.5 / 0.8) + (1e-4 - 0.2) * Math.log(1e-4 / 0.2) + (0.5 - 1e-4) * Math.log(0.5 / 1e-4);
        assertThat(kind.getStabilityIndex()).isCloseTo(expected, within(1e-9));
        assertThat(only(GetLiveMetricsRequest.newBuilder().setReferenceVersion(1))
                        .getInputDrifts(0)
                        .getReference())
                .as("asked for")
                .isEqualTo("window");
        assertThat(only(GetLiveMetricsRequest.newBuilder().setWithoutDrift(true))
                        .getInputDriftsList())
                .isEmpty();
    }

    /** Nothing was before the version and its package says nothing: what it was like at first is the reference. */
    @Test
    void holdsAVersionAgainstItsBeginning() {
        append(1200, i -> record(id(daysAgo(3) + i, i), "", 0.5, i < 1000 ? i % 10 : 5 + i % 10, "web"));

        VersionMetrics version = only(GetLiveMetricsRequest.newBuilder());

        assertThat(version.getInputDriftsList()).extracting(Drift::getInput).containsExactly("amount", "kind");
        Drift amount = version.getInputDrifts(0);
        assertThat(amount.getReference()).isEqualTo("first");
        assertThat(amount.getReferenceCount()).isEqualTo(1000);
        assertThat(amount.getRowCount())
                .as("the reference is not counted again")
                .isEqualTo(200);
        // a tenth each of 0..9 before; now 0.1 each of 5..8 and 0.6 from 9 on, nothing below 5
        double expected = 5 * (1e-4 - 0.1) * Math.log(1e-4 / 0.1) + 0.5 * Math.log(0.6 / 0.1);
        assertThat(amount.getStabilityIndex()).isCloseTo(expected, within(1e-9));
        assertThat(version.getInputDrifts(1).getStabilityIndex()).isZero();
        assertThat(version.getScoreDrift().getReference()).isEqualTo("first");
        assertThat(only(GetLiveMetricsRequest.newBuilder().setReferenceVersion(1))
                        .getInputDriftsList())
                .as("asked for, and not there")
                .isEmpty();
    }

    @Test
    void countsPartsOfSubjectsThatAddUpToAll() {
        append(400, i -> record(id(daysAgo(1), i), "C-" + i % 100, i / 400.0));
        append(5, i -> record(id(daysAgo(1), 1000 + i), "", 0.5));
        GetLiveMetricsRequest.Builder first = GetLiveMetricsRequest.newBuilder().setIsFirstPerSubject(true);
        PredictionMetrics all = only(first).getMetrics();
        long count = 0;
        double sum = 0;
        for (int part = 0; part < 8; part++) {
            PredictionMetrics of =
                    only(first.clone().setPartCount(8).setPart(part)).getMetrics();
            assertThat(of.getSubjectCount()).isBetween(1L, 30L);
            count += of.getSubjectCount();
            sum += of.getScores().getMean() * of.getPredictionCount();
        }
        assertThat(count).isEqualTo(100).isEqualTo(all.getSubjectCount());
        assertThat(sum / count).isCloseTo(all.getScores().getMean(), within(1e-9));
        for (GetLiveMetricsRequest.Builder wrong : List.of(
                first.clone().setPartCount(3),
                first.clone().setPartCount(128),
                first.clone().setPartCount(4).setPart(4),
                first.clone().setPart(1))) {
            assertFailure(failure(() -> ask(wrong)), Status.Code.INVALID_ARGUMENT, "METRICS_WINDOW_INVALID");
        }
    }

    @Test
    void measuresVersionsKindsAndWindowsByThemselves() {
        append(10, i -> record(id(daysAgo(1), i), "C-" + i, 0.5));
        append(7, i -> record(id(daysAgo(1), 100 + i), "C-" + i, 0.5).setModelVersion(2));
        append(5, i -> record(id(daysAgo(1), 200 + i), "C-" + i, 0.5)
                .setModelVersion(3)
                .setKind(PredictionKind.PREDICTION_KIND_SHADOW));
        append(3, i -> record(id(daysAgo(8), 300 + i), "C-" + i, 0.5));
        append(2, i -> record(id(daysAgo(1), 400 + i), "C-" + i, 0.5).setModel("other"));

        assertThat(counts(GetLiveMetricsRequest.newBuilder())).containsExactly(1L, 10L, 2L, 7L);
        assertThat(counts(GetLiveMetricsRequest.newBuilder().addVersions(2))).containsExactly(2L, 7L);
        assertThat(counts(GetLiveMetricsRequest.newBuilder().addKinds(PredictionKind.PREDICTION_KIND_SHADOW)))
                .containsExactly(3L, 5L);
        assertThat(counts(GetLiveMetricsRequest.newBuilder()
                        .setFromMillis(daysAgo(9))
                        .setUntilMillis(daysAgo(7))))
                .containsExactly(1L, 3L);
    }

    private List<Long> counts(GetLiveMetricsRequest.Builder request) {
        List<Long> counts = new ArrayList<>();
        ask(request).getVersionsList().forEach(version -> {
            counts.add((long) version.getVersion());
            counts.add(version.getMetrics().getPredictionCount());
        });
        return counts;
    }

    @Test
    void countsTheFirstPredictionOfEachSubjectWhenAsked() {
        append(30, i -> record(id(daysAgo(3) + i * 1000L, i), "C-" + i % 10, i / 100f));
        append(5, i -> record(id(daysAgo(3), 100 + i), "", 0.9));
        report(30, i -> ofPrediction(id(daysAgo(3) + i * 1000L, i), i).setName("revenue"));

        PredictionMetrics all = only(GetLiveMetricsRequest.newBuilder().setOutcomeName("revenue"))
                .getMetrics();
        PredictionMetrics first = only(GetLiveMetricsRequest.newBuilder()
                        .setOutcomeName("revenue")
                        .setIsFirstPerSubject(true))
                .getMetrics();

        assertThat(all.getPredictionCount()).isEqualTo(35);
        assertThat(all.getSubjectCount()).isEqualTo(15);
        assertThat(all.getOutcomes().getMean()).isCloseTo(14.5, within(EXACT));
        assertThat(all.hasRocAuc()).as("revenue is not what the model predicts").isFalse();
        assertThat(first.getPredictionCount()).isEqualTo(10);
        assertThat(first.getOutcomes().getCount()).isEqualTo(10);
        assertThat(first.getOutcomes().getMean()).isCloseTo(4.5, within(EXACT));
        assertThat(first.getOutcomes().getVariance()).isCloseTo(55 / 6.0, within(EXACT));
        assertThat(only(GetLiveMetricsRequest.newBuilder()
                                .setOutcomeName("revenue")
                                .setIsFirstPerSubject(true)
                                .setIsOldestFirst(true))
                        .getMetrics())
                .as("read in the other order")
                .isEqualTo(first);
    }

    @Test
    void slicesByTextAndByQuarter() {
        append(100, i -> record(id(daysAgo(1), i), "", 0.5, i, i % 4 == 0 ? "" : "web"));
        append(10, i -> record(id(daysAgo(1), 1000 + i), "", 0.5).clearFeatures());

        VersionMetrics byKind = only(GetLiveMetricsRequest.newBuilder().setSliceBy("kind"));
        VersionMetrics byAmount = only(GetLiveMetricsRequest.newBuilder().setSliceBy("amount"));

        assertThat(byKind.getWithFeaturesCount()).isEqualTo(100);
        assertThat(byKind.getSlicesList())
                .extracting(SliceMetrics::getSlice, slice -> slice.getMetrics().getPredictionCount())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("web", 75L),
                        org.assertj.core.groups.Tuple.tuple("(missing)", 25L));
        assertThat(byAmount.getSlicesList())
                .extracting(SliceMetrics::getSlice)
                .contains("below 25", "[25, 50)", "[50, 75)", "from 75");
        assertFailure(
                failure(() -> ask(GetLiveMetricsRequest.newBuilder().setSliceBy("colour"))),
                Status.Code.INVALID_ARGUMENT,
                "SLICE_UNKNOWN");
    }

    @Test
    void measuresValues() {
        append(description().setTask("regression"), 4, i -> record(id(daysAgo(1), i), "", i));
        report(4, i -> ofPrediction(id(daysAgo(1), i), i == 3 ? 5 : i + 0.5));

        PredictionMetrics metrics = only(GetLiveMetricsRequest.newBuilder()).getMetrics();

        assertThat(metrics.getMeanAbsoluteError()).isCloseTo((0.5 * 3 + 2) / 4, within(EXACT));
        assertThat(metrics.getRootMeanSquaredError()).isCloseTo(Math.sqrt((0.25 * 3 + 4) / 4), within(EXACT));
        assertThat(metrics.getMeanError()).isCloseTo(-(0.5 * 3 + 2) / 4, within(EXACT));
        assertThat(metrics.hasRocAuc()).isFalse();
    }

    @Test
    void measuresLabels() {
        append(description().setTask("multiclass"), 4, i -> {
            PredictionRecord.Builder record = record(id(daysAgo(1), i), "", 0.6);
            record.getAnswerBuilder()
                    .setLabel("gold")
                    .addLabels(label("gold", 0.6))
                    .addLabels(label("silver", 0.3));
            return record;
        });
        String[] truth = {"gold", "gold", "silver", "silver"};
        report(4, i -> Outcome.newBuilder().setPredictionId(id(daysAgo(1), i)).setText(truth[i]));

        PredictionMetrics metrics = only(GetLiveMetricsRequest.newBuilder()).getMetrics();

        assertThat(metrics.getAccuracy()).isEqualTo(0.5);
        assertThat(metrics.getHitRate()).isEqualTo(1);
        assertThat(metrics.getLogLoss()).isCloseTo(-(Math.log(0.6) + Math.log(0.3)) / 2, within(EXACT));
    }

    @Test
    void saysWhatIsWrongWithAQuestion() {
        assertFailure(failure(() -> ask(GetLiveMetricsRequest.newBuilder())), Status.Code.NOT_FOUND, "MODEL_NOT_FOUND");
        append(1, i -> record(id(daysAgo(1), i), "", 0.5));
        assertFailure(
                failure(() -> ask(GetLiveMetricsRequest.newBuilder()
                        .setFromMillis(daysAgo(1))
                        .setUntilMillis(daysAgo(2)))),
                Status.Code.INVALID_ARGUMENT,
                "METRICS_WINDOW_INVALID");
        assertThat(ask(GetLiveMetricsRequest.newBuilder()
                                .setFromMillis(daysAgo(20))
                                .setUntilMillis(daysAgo(10)))
                        .getVersionsList())
                .isEmpty();
    }
}
