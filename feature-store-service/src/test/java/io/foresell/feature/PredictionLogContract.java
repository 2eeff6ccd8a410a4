package io.foresell.feature;

import static io.foresell.feature.PredictionRecords.DIGEST;
import static io.foresell.feature.PredictionRecords.description;
import static io.foresell.feature.PredictionRecords.id;
import static io.foresell.feature.PredictionRecords.ofPrediction;
import static io.foresell.feature.PredictionRecords.ofSubject;
import static io.foresell.feature.PredictionRecords.record;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.foresell.proto.inference.v1.Reason;
import io.foresell.proto.prediction.v1.AppendPredictionsRequest;
import io.foresell.proto.prediction.v1.AppendPredictionsResponse;
import io.foresell.proto.prediction.v1.CountedOutcome;
import io.foresell.proto.prediction.v1.ErasePredictionsRequest;
import io.foresell.proto.prediction.v1.ErasePredictionsResponse;
import io.foresell.proto.prediction.v1.GetPredictionLogStatusRequest;
import io.foresell.proto.prediction.v1.GetPredictionLogStatusResponse;
import io.foresell.proto.prediction.v1.GetPredictionRequest;
import io.foresell.proto.prediction.v1.ListPredictionsRequest;
import io.foresell.proto.prediction.v1.ListPredictionsResponse;
import io.foresell.proto.prediction.v1.LoggedPrediction;
import io.foresell.proto.prediction.v1.Outcome;
import io.foresell.proto.prediction.v1.OutcomeError;
import io.foresell.proto.prediction.v1.PredictionKind;
import io.foresell.proto.prediction.v1.PredictionRecord;
import io.foresell.proto.prediction.v1.RecordedFeatures;
import io.foresell.proto.prediction.v1.ReportOutcomesRequest;
import io.foresell.proto.prediction.v1.ReportOutcomesResponse;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** How predictions are kept, labelled and erased. Now is 2024-06-01T00:00:00Z. */
abstract class PredictionLogContract extends RunningFeatureStore {
    private static final String MAY = "2024-05-10T08:00:00Z";
    private static final String FIRST = id(MAY, 1);
    private static final String SECOND = id("2024-05-20T08:00:00Z", 2);

    AppendPredictionsResponse append(PredictionRecord.Builder... records) {
        AppendPredictionsRequest.Builder request = AppendPredictionsRequest.newBuilder();
        for (PredictionRecord.Builder one : records) {
            request.addRecords(one);
        }
        return store.predictionLog().appendPredictions(request.build());
    }

    ReportOutcomesResponse report(Outcome.Builder... outcomes) {
        ReportOutcomesRequest.Builder request = ReportOutcomesRequest.newBuilder();
        for (Outcome.Builder one : outcomes) {
            request.addOutcomes(one);
        }
        return store.predictionLog().reportOutcomes(request.build());
    }

    LoggedPrediction get(String id) {
        return store.predictionLog()
                .getPrediction(
                        GetPredictionRequest.newBuilder().setPredictionId(id).build())
                .getPrediction();
    }

    private List<Double> labels(String id) {
        return get(id).getOutcomesList().stream()
                .filter(outcome -> outcome.getName().equals("label"))
                .map(CountedOutcome::getNumber)
                .toList();
    }

    private ErasePredictionsResponse erase(String entity, String subject) {
        return store.predictionLog()
                .erasePredictions(ErasePredictionsRequest.newBuilder()
                        .setEntity(entity)
                        .setSubject(subject)
                        .build());
    }

    @Test
    void keepsARecordOnceBitForBit() {
        // A NaN of other bits than Java's own, minus zero, the least float.
        byte[] odd = {1, 0, (byte) 0xC0, (byte) 0xFF, 0, 0, 0, (byte) 0x80, 1, 0, 0, 0};
        PredictionRecord.Builder record = record(FIRST, "C-1", 0.1 + 0.2)
                .setFeatures(RecordedFeatures.newBuilder()
                        .setNumbers(ByteString.copyFrom(odd))
                        .addTexts("")
                        .addTexts("天"))
                .setReasonCount(1)
                .setLanguage("zh");
        record.getAnswerBuilder()
                .addReasons(Reason.newBuilder().setFeature("amount").setContribution(-0.0));

        AppendPredictionsResponse first = append(record);
        AppendPredictionsResponse again = append(record);

        assertThat(first.getAcceptedCount()).isEqualTo(1);
        assertThat(first.getUnknownDigestsList()).containsExactly(DIGEST);
        assertThat(again.getAcceptedCount()).isZero();
        assertThat(again.getDuplicateCount()).isEqualTo(1);
        LoggedPrediction kept = get(FIRST);
        assertThat(kept.getRecord())
                .isEqualTo(record.setScoredAtMillis(millis(MAY)).build());
        assertThat(kept.getLoggedAtMillis()).isEqualTo(millis(NOW));
        assertThat(kept.getOutcomesList()).isEmpty();
    }

    private static PredictionRecord.Builder shadowOf(String answeredId, String id, String subject) {
        return record(id, subject, 0.7)
                .setModelVersion(2)
                .setKind(PredictionKind.PREDICTION_KIND_SHADOW)
                .setAnsweredPredictionId(answeredId);
    }

    /** Whoever reports an outcome knows the answer it got, and nothing of shadows. */
    @Test
    void outcomesOfAnAnswerLabelWhatShadowsSaidOfTheRow() {
        String early = id(MAY, 7);
        String late = id(MAY, 8);
        append(record(FIRST, "", 0.5), shadowOf(FIRST, early, ""));

        assertThat(report(ofPrediction(FIRST, 1).setObservedAtMillis(millis(MAY)))
                        .getLabelledPredictionCount())
                .isEqualTo(2);
        assertThat(append(shadowOf(FIRST, late, "")).getAcceptedCount()).isEqualTo(1);

        assertThat(labels(FIRST)).containsExactly(1.0);
        assertThat(labels(early)).containsExactly(1.0);
        assertThat(labels(late)).as("arrived after the outcome").containsExactly(1.0);
        report(ofPrediction(FIRST, 0).setObservedAtMillis(millis(NOW)));
        assertThat(labels(late)).as("corrected").containsExactly(0.0);
        report(ofPrediction(early, 1).setObservedAtMillis(millis(NOW)));
        assertThat(labels(FIRST))
                .as("what is said of the shadow is not said of the answer")
                .containsExactly(0.0);
        assertThat(get(late).getRecord().getAnsweredPredictionId()).isEqualTo(FIRST);
        assertFailure(
                failure(() -> append(record(id(MAY, 9), "", 0.5).setAnsweredPredictionId(FIRST))),
                Status.Code.INVALID_ARGUMENT,
                "PREDICTION_INVALID");
    }

    @Test
    void asksForTheDescriptionOfAPackageUntilItHasIt() {
        assertThat(append(record(FIRST, "C-1", 0.5)).getUnknownDigestsList()).containsExactly(DIGEST);

        AppendPredictionsResponse described = store.predictionLog()
                .appendPredictions(AppendPredictionsRequest.newBuilder()
                        .addRecords(record(SECOND, "C-1", 0.5))
                        .addPackages(description())
                        .build());

        assertThat(described.getUnknownDigestsList()).isEmpty();
        assertThat(append(record(id(MAY, 9), "C-1", 0.5)).getUnknownDigestsList())
                .isEmpty();
    }

    @Test
    void namesTheRecordAtFaultAndKeepsNothing() {
        assertFailure(
                failure(() -> append(record(FIRST, "C-1", 0.5), record("short", "C-1", 0.5))),
                Status.Code.INVALID_ARGUMENT,
                "PREDICTION_INVALID");
        assertFailure(
                failure(() -> append(record(FIRST, "C-1", 0.5).setDigest("x"))),
                Status.Code.INVALID_ARGUMENT,
                "PREDICTION_INVALID");
        assertFailure(
                failure(() -> append(record(FIRST, "C-1", 0.5).clearKind())),
                Status.Code.INVALID_ARGUMENT,
                "PREDICTION_INVALID");
        assertFailure(
                failure(() -> append(record(FIRST, "C-1", 0.5).clearAnswer())),
                Status.Code.INVALID_ARGUMENT,
                "PREDICTION_INVALID");
        assertFailure(failure(() -> append()), Status.Code.INVALID_ARGUMENT, "COUNT_OUT_OF_RANGE");
        assertFailure(failure(() -> get(FIRST)), Status.Code.NOT_FOUND, "PREDICTION_NOT_FOUND");
        assertFailure(failure(() -> get("x")), Status.Code.INVALID_ARGUMENT, "PREDICTION_INVALID");
    }

    @Test
    void refusesRecordsThatAreTooOldOrFromTheFuture() {
        AppendPredictionsResponse response = append(
                record(id("2023-04-01T00:00:00Z", 1), "C-1", 0.5),
                record(id("2024-06-01T02:00:00Z", 1), "C-1", 0.5),
                record(FIRST, "C-1", 0.5));

        assertThat(response.getRefusedCount()).isEqualTo(2);
        assertThat(response.getAcceptedCount()).isEqualTo(1);
    }

    @Test
    void labelsByPredictionAndBySubjectWhateverCameFirst() {
        append(record(FIRST, "C-1", 0.5));
        ReportOutcomesResponse early = report(
                ofPrediction(SECOND, 1),
                ofSubject("C-1", "2024-05-01T00:00:00Z", "2024-05-15T00:00:00Z", 0),
                ofSubject("C-9", "2024-05-01T00:00:00Z", "2024-05-15T00:00:00Z", 1));

        assertThat(early.getAcceptedCount()).isEqualTo(3);
        assertThat(early.getLabelledPredictionCount()).isEqualTo(1);
        assertThat(early.getPendingCount()).isEqualTo(2);
        append(record(SECOND, "C-1", 0.5), record(id(MAY, 3), "C-9", 0.5), record(id(NOW, 4), "C-9", 0.5));
        assertThat(labels(FIRST)).containsExactly(0.0);
        assertThat(labels(SECOND)).as("reported before it came").containsExactly(1.0);
        assertThat(labels(id(MAY, 3))).as("inside the window").containsExactly(1.0);
        assertThat(labels(id(NOW, 4))).as("after the window").isEmpty();
    }

    @Test
    void countsAnOutcomeOnceAndRefusesAnotherValueUnderItsId() {
        append(record(FIRST, "C-1", 0.5));
        Outcome.Builder outcome = ofPrediction(FIRST, 1).setOutcomeId("crm-7").setObservedAtMillis(1);

        ReportOutcomesResponse response =
                report(outcome, outcome.clone(), ofPrediction(FIRST, 0).setOutcomeId("crm-7"));
        ReportOutcomesResponse again = report(outcome);

        assertThat(response.getAcceptedCount()).isEqualTo(1);
        assertThat(response.getDuplicateCount()).isEqualTo(1);
        assertThat(response.getErrorsList())
                .singleElement()
                .satisfies(error -> assertThat(error.getMessage())
                        .isEqualTo("value of outcome crm-7: 0.0 (expected: 1.0, as reported before; correct it by one"
                                + " observed later)"))
                .extracting(OutcomeError::getIndex, OutcomeError::getReason)
                .containsExactly(2, "OUTCOME_CONTRADICTS");
        assertThat(again.getDuplicateCount()).isEqualTo(1);
        assertThat(again.getLabelledPredictionCount()).isEqualTo(1);
        assertThat(labels(FIRST)).containsExactly(1.0);
    }

    @Test
    void takesTheOutcomeObservedLastAndThatOfThePredictionBeforeThatOfTheSubject() {
        append(record(FIRST, "C-1", 0.5), record(SECOND, "C-1", 0.5));
        String from = "2024-05-01T00:00:00Z";
        report(ofSubject("C-1", from, NOW, 1).setObservedAtMillis(millis("2024-05-25T00:00:00Z")));
        report(ofSubject("C-1", from, NOW, 0).setObservedAtMillis(millis("2024-05-24T00:00:00Z")));
        report(ofPrediction(SECOND, 7).setObservedAtMillis(millis("2024-05-01T00:00:00Z")));
        assertThat(labels(FIRST)).as("an older one came later").containsExactly(1.0);
        assertThat(labels(SECOND)).containsExactly(7.0);

        report(ofSubject("C-1", from, NOW, 0).setObservedAtMillis(millis("2024-05-26T00:00:00Z")));
        report(ofPrediction(FIRST, 120.5).setName("revenue"));

        assertThat(labels(FIRST)).as("corrected").containsExactly(0.0);
        assertThat(get(FIRST).getOutcomesList())
                .extracting(CountedOutcome::getName, CountedOutcome::getNumber)
                .hasSize(2)
                .contains(org.assertj.core.groups.Tuple.tuple("revenue", 120.5));
    }

    @Test
    void namesEachBadOutcomeAndTakesTheOthers() {
        append(record(FIRST, "C-1", 0.5));

        ReportOutcomesResponse response = report(
                Outcome.newBuilder().setNumber(1),
                Outcome.newBuilder().setPredictionId(FIRST),
                ofPrediction("X", 1),
                ofPrediction(FIRST, Double.NaN),
                ofSubject("C-1", NOW, MAY, 1),
                ofSubject("", MAY, NOW, 1),
                ofPrediction(FIRST, 1));

        assertThat(response.getErrorsList()).extracting(OutcomeError::getIndex).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(response.getErrorsList())
                .extracting(OutcomeError::getReason)
                .containsOnly("OUTCOME_INVALID", "PREDICTION_INVALID");
        assertThat(response.getAcceptedCount()).isEqualTo(1);
        assertThat(labels(FIRST)).containsExactly(1.0);
    }

    @Test
    void forgetsASubjectForGood() {
        append(
                record(FIRST, "C-1", 0.5),
                record(SECOND, "C-2", 0.5),
                record(id(MAY, 5), "C-1", 0.5).setEntity("shop"),
                record(id(MAY, 6), "C-1", 0.5).setEntity(""));
        report(
                ofPrediction(FIRST, 1),
                ofPrediction(SECOND, 1),
                ofSubject("C-1", MAY, NOW, 1),
                ofSubject("C-2", MAY, NOW, 0));

        ErasePredictionsResponse erased = erase("customer", "C-1");

        assertThat(erased.getPredictionCount()).isEqualTo(2);
        assertThat(erased.getOutcomeCount()).isEqualTo(2);
        assertFailure(failure(() -> get(FIRST)), Status.Code.NOT_FOUND, "PREDICTION_NOT_FOUND");
        assertThat(get(id(MAY, 5)).getRecord().getEntity()).isEqualTo("shop");
        assertThat(labels(SECOND)).containsExactly(1.0);
        AppendPredictionsResponse late =
                append(record(id(MAY, 8), "C-1", 0.5), record(id("2024-06-01T00:10:00Z", 9), "C-1", 0.5));
        assertThat(late.getRefusedCount()).as("scored before the erasure").isEqualTo(1);
        assertThat(late.getAcceptedCount()).as("scored after it").isEqualTo(1);
        assertThat(report(ofSubject("C-1", MAY, NOW, 1)).getErrorsList())
                .extracting(OutcomeError::getReason)
                .containsExactly("SUBJECT_ERASED");
        assertThat(erase("", "C-1").getPredictionCount()).as("of any entity").isEqualTo(2);
    }

    @Test
    void listsPredictionsInPagesNewestFirst() {
        for (int i = 0; i < 5; i++) {
            append(record(id("2024-05-0%dT00:00:00Z".formatted(i + 1), i), "C-%d".formatted(i % 2), 0.5));
        }
        ListPredictionsRequest.Builder request =
                ListPredictionsRequest.newBuilder().setModel("churn").setPageSize(2);
        List<String> days = new ArrayList<>();
        do {
            ListPredictionsResponse page = store.predictionLog().listPredictions(request.build());
            page.getPredictionsList().forEach(one -> days.add(one.getRecord().getPredictionId()));
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());

        assertThat(days).hasSize(5).isSortedAccordingTo(java.util.Comparator.reverseOrder());
        assertThat(store.predictionLog()
                        .listPredictions(ListPredictionsRequest.newBuilder()
                                .setSubject("C-1")
                                .build())
                        .getPredictionsCount())
                .isEqualTo(2);
        assertFailure(
                failure(() -> store.predictionLog().listPredictions(ListPredictionsRequest.getDefaultInstance())),
                Status.Code.INVALID_ARGUMENT,
                "FILTER_REQUIRED");
    }

    @Test
    void saysHowMuchItHolds() {
        append(record(FIRST, "C-1", 0.5), record(SECOND, "C-1", 0.5));

        GetPredictionLogStatusResponse status =
                store.predictionLog().getPredictionLogStatus(GetPredictionLogStatusRequest.getDefaultInstance());

        assertThat(status.getPredictionCount()).isEqualTo(2);
        assertThat(status.getPredictionBytes()).isBetween(200L, 5000L);
        assertThat(status.getRetentionDays()).isEqualTo(400);
        assertThat(status.getOldestMillis()).isEqualTo(millis(MAY));
        assertThat(status.getNewestMillis()).isEqualTo(millis("2024-05-20T08:00:00Z"));
    }

    /** Records, outcomes of predictions and outcomes of subjects come at once, some twice: all end labelled the same. */
    @Test
    void labelsAlikeWhenEverythingComesAtOnce() throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String own = id(MAY, 100 + i);
            String subject = "C-%d".formatted(i % 3);
            calls.add(threads.submit(() -> append(record(own, subject, 0.5))));
            calls.add(threads.submit(() -> report(ofSubject(subject, "2024-05-01T00:00:00Z", NOW, 3)
                    .setObservedAtMillis(5)
                    .setName("visits"))));
            calls.add(threads.submit(() -> report(ofPrediction(own, 1).setObservedAtMillis(7))));
            calls.add(threads.submit(() -> append(record(own, subject, 0.5))));
        }
        for (Future<?> call : calls) {
            call.get();
        }
        threads.shutdown();

        for (int i = 0; i < 12; i++) {
            assertThat(get(id(MAY, 100 + i)).getOutcomesList())
                    .extracting(CountedOutcome::getName, CountedOutcome::getNumber)
                    .as("prediction %d", i)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("label", 1.0),
                            org.assertj.core.groups.Tuple.tuple("visits", 3.0));
        }
    }
}
