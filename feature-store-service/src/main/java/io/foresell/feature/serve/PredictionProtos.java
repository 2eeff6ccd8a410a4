package io.foresell.feature.serve;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.feature.prediction.Outcome;
import io.foresell.feature.prediction.PackageFacts;
import io.foresell.feature.prediction.Prediction;
import io.foresell.feature.prediction.PredictionTimes;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.inference.v1.LabelScore;
import io.foresell.proto.prediction.v1.CountedOutcome;
import io.foresell.proto.prediction.v1.InputProfile;
import io.foresell.proto.prediction.v1.LoggedPrediction;
import io.foresell.proto.prediction.v1.PackageDescription;
import io.foresell.proto.prediction.v1.PredictionKind;
import io.foresell.proto.prediction.v1.PredictionRecord;
import io.foresell.proto.prediction.v1.RecordedFeatures;
import java.util.List;
import org.bson.types.Binary;

/** Translates records of predictions between the wire and the log, and checks them on the way in. */
final class PredictionProtos {
    private static final int MAX_MODEL_LENGTH = 63;
    static final int MAX_SUBJECT_LENGTH = 512;
    private static final int MAX_ENTITY_LENGTH = 128;
    private static final int DIGEST_LENGTH = 64;

    private PredictionProtos() {}

    /**
     * Reads a record.
     *
     * @throws ServiceException INVALID_ARGUMENT naming the field at fault
     */
    static Prediction fromProto(PredictionRecord record, int index, long nowMillis) {
        check(record, "records[%d].".formatted(index));
        boolean hasFeatures = record.hasFeatures();
        RecordedFeatures features = record.getFeatures();
        return new Prediction(
                record.getPredictionId(),
                record.getModel(),
                record.getModelVersion(),
                record.getDigest(),
                record.getKindValue(),
                record.getEntity(),
                record.getSubject(),
                nowMillis,
                record.getAnswer().getScore(),
                record.getAnswer().getRefused(),
                record.getAnswer().getLabel(),
                record.getAnswer().getLabelsList().stream()
                        .map(LabelScore::getLabel)
                        .toList(),
                record.getAnswer().getLabelsList().stream()
                        .map(LabelScore::getScore)
                        .toList(),
                hasFeatures ? new Binary(features.getNumbers().toByteArray()) : null,
                features.getTextsList(),
                record.getAnsweredPredictionId(),
                new Binary(record.toBuilder().clearFeatures().build().toByteArray()),
                1,
                List.of());
    }

    private static void check(PredictionRecord record, String path) {
        requirePredictionId(path + "prediction_id", record.getPredictionId());
        requireLength(path + "model", record.getModel(), 1, MAX_MODEL_LENGTH);
        requireLength(path + "subject", record.getSubject(), 0, MAX_SUBJECT_LENGTH);
        requireLength(path + "entity", record.getEntity(), 0, MAX_ENTITY_LENGTH);
        requireDigest(path + "digest", record.getDigest());
        if (record.getModelVersion() < 1) {
            throw invalid(path + "model_version", record.getModelVersion(), "1 or more");
        }
        if (record.getKind() == PredictionKind.PREDICTION_KIND_UNSPECIFIED
                || record.getKind() == PredictionKind.UNRECOGNIZED) {
            throw invalid(path + "kind", record.getKindValue(), "a PredictionKind");
        }
        boolean isShadow = record.getKind() == PredictionKind.PREDICTION_KIND_SHADOW;
        String answeredId = record.getAnsweredPredictionId();
        if (!answeredId.isEmpty() && (!isShadow || !PredictionTimes.isId(answeredId))) {
            throw invalid(
                    path + "answered_prediction_id",
                    answeredId,
                    isShadow ? "the 26 characters of a prediction id, or none" : "none: only shadows have one");
        }
        if (!record.hasAnswer()) {
            throw invalid(path + "answer", "absent", "the answer as it was given");
        }
        if (record.getFeatures().getNumbers().size() % Float.BYTES != 0) {
            throw invalid(
                    path + "features.numbers", record.getFeatures().getNumbers().size() + " bytes", "4 bytes a number");
        }
    }

    static void requirePredictionId(String field, String id) {
        if (!PredictionTimes.isId(id)) {
            throw invalid(field, id, "the 26 characters of a prediction id");
        }
    }

    static void requireLength(String field, String value, int min, int max) {
        if (value.length() < min || value.length() > max) {
            throw invalid(field, value, "%d to %d characters".formatted(min, max));
        }
    }

    private static void requireDigest(String field, String digest) {
        boolean isDigest = digest.length() == DIGEST_LENGTH
                && digest.chars().allMatch(character -> "0123456789abcdef".indexOf(character) >= 0);
        if (!isDigest) {
            throw invalid(field, digest, "64 lower-case hex digits");
        }
    }

    static ServiceException invalid(String field, Object value, String expected) {
        return new ServiceException(Failure.invalid("PREDICTION_INVALID", field, value, expected));
    }

    /** Writes what the log keeps of a prediction. */
    static LoggedPrediction toProto(Prediction prediction) {
        LoggedPrediction.Builder logged = LoggedPrediction.newBuilder()
                .setRecord(record(prediction))
                .setLoggedAtMillis(prediction.loggedAtMillis());
        prediction.outcomes().forEach(outcome -> logged.addOutcomes(toProto(outcome)));
        return logged.build();
    }

    private static PredictionRecord record(Prediction prediction) {
        try {
            PredictionRecord.Builder record = prediction.body() == null
                    ? PredictionRecord.newBuilder()
                    : PredictionRecord.parseFrom(prediction.body().getData()).toBuilder();
            record.setScoredAtMillis(prediction.scoredAtMillis());
            if (prediction.numbers() != null) {
                record.setFeatures(RecordedFeatures.newBuilder()
                        .setNumbers(ByteString.copyFrom(prediction.numbers().getData()))
                        .addAllTexts(prediction.texts()));
            }
            return record.build();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("prediction cannot be read: " + prediction.id(), e);
        }
    }

    private static CountedOutcome toProto(Outcome outcome) {
        CountedOutcome.Builder counted = CountedOutcome.newBuilder()
                .setName(outcome.name())
                .setOutcomeId(outcome.id())
                .setObservedAtMillis(outcome.observedAtMillis())
                .setReportedAtMillis(outcome.reportedAtMillis());
        if (outcome.number() != null) {
            counted.setNumber(outcome.number());
        } else if (outcome.text() != null) {
            counted.setText(outcome.text());
        }
        return counted.build();
    }

    /**
     * Reads the description of a package.
     *
     * @throws ServiceException INVALID_ARGUMENT naming the field at fault
     */
    static PackageFacts fromProto(PackageDescription description, int index) {
        String path = "packages[%d].".formatted(index);
        requireDigest(path + "digest", description.getDigest());
        requireLength(path + "model", description.getModel(), 1, MAX_MODEL_LENGTH);
        for (InputProfile profile : description.getProfilesList()) {
            boolean isNumber = profile.getSharesCount() == profile.getEdgesCount() + 1;
            boolean isText = profile.getSharesCount() == 0 && profile.getEdgesCount() == 0;
            if (!isNumber && !isText) {
                throw invalid(
                        path + "profiles['%s'].shares".formatted(profile.getInput()),
                        profile.getSharesCount() + " shares",
                        "one more than %d edges".formatted(profile.getEdgesCount()));
            }
        }
        return new PackageFacts(
                description.getDigest(),
                description.getModel(),
                description.getTask(),
                description.getInputsList().stream()
                        .map(input -> new PackageFacts.Field(
                                input.getName(), input.getIsText(), Math.max(1, input.getWidth())))
                        .toList(),
                description.getProfilesList().stream()
                        .map(profile -> new PackageFacts.Profile(
                                profile.getInput(),
                                profile.getEdgesList(),
                                profile.getSharesList(),
                                profile.getMissingShare(),
                                profile.getTextSharesMap(),
                                profile.getRowCount()))
                        .toList());
    }
}
