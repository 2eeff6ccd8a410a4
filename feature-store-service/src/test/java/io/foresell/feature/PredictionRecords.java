package io.foresell.feature;

import com.google.protobuf.ByteString;
import io.foresell.feature.prediction.PredictionTimes;
import io.foresell.proto.inference.v1.LabelScore;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.prediction.v1.DescribedInput;
import io.foresell.proto.prediction.v1.InputProfile;
import io.foresell.proto.prediction.v1.Outcome;
import io.foresell.proto.prediction.v1.PackageDescription;
import io.foresell.proto.prediction.v1.PredictionKind;
import io.foresell.proto.prediction.v1.PredictionRecord;
import io.foresell.proto.prediction.v1.RecordedFeatures;
import io.foresell.proto.prediction.v1.SubjectWindow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;

/** Records of a model of two classes with the inputs "amount", a number, and "kind", a text. */
final class PredictionRecords {
    static final String DIGEST = "ab".repeat(32);

    private PredictionRecords() {}

    /** Returns the id of the {@code number}th prediction scored at an instant. */
    static String id(String instant, int number) {
        return id(Instant.parse(instant).toEpochMilli(), number);
    }

    static String id(long millis, int number) {
        return PredictionTimes.leastIdAt(millis).substring(0, 18) + "%08d".formatted(number);
    }

    static PredictionRecord.Builder record(String id, String subject, double score) {
        return record(id, subject, score, 1.5f, "web");
    }

    static PredictionRecord.Builder record(String id, String subject, double score, float amount, String kind) {
        return PredictionRecord.newBuilder()
                .setPredictionId(id)
                .setModel("churn")
                .setModelVersion(1)
                .setDigest(DIGEST)
                .setKind(PredictionKind.PREDICTION_KIND_ONLINE)
                .setEntity("customer")
                .setSubject(subject)
                .setFeatures(features(amount, kind))
                .setAnswer(ScoredRow.newBuilder()
                        .setPredictionId(id)
                        .setModelVersion(1)
                        .setEntityKey(subject)
                        .setScore(score));
    }

    static RecordedFeatures features(float amount, String kind) {
        byte[] bytes = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(amount)
                .array();
        return RecordedFeatures.newBuilder()
                .setNumbers(ByteString.copyFrom(bytes))
                .addTexts(kind)
                .build();
    }

    static LabelScore label(String label, double score) {
        return LabelScore.newBuilder().setLabel(label).setScore(score).build();
    }

    /** Describes the package; training saw 80 % "web", and amounts below 1 half of the time. */
    static PackageDescription.Builder description() {
        return PackageDescription.newBuilder()
                .setDigest(DIGEST)
                .setModel("churn")
                .setTask("binary")
                .addInputs(DescribedInput.newBuilder().setName("amount").setWidth(1))
                .addInputs(DescribedInput.newBuilder()
                        .setName("kind")
                        .setIsText(true)
                        .setWidth(1));
    }

    static InputProfile kindProfile() {
        return InputProfile.newBuilder()
                .setInput("kind")
                .putTextShares("web", 0.8)
                .putTextShares("shop.a", 0.2)
                .setRowCount(1000)
                .build();
    }

    static Outcome.Builder ofPrediction(String id, double value) {
        return Outcome.newBuilder().setPredictionId(id).setNumber(value);
    }

    static Outcome.Builder ofSubject(String subject, String from, String until, double value) {
        return Outcome.newBuilder()
                .setSubjectWindow(SubjectWindow.newBuilder()
                        .setModel("churn")
                        .setEntity("customer")
                        .setSubject(subject)
                        .setFromMillis(Instant.parse(from).toEpochMilli())
                        .setUntilMillis(Instant.parse(until).toEpochMilli()))
                .setNumber(value);
    }
}
