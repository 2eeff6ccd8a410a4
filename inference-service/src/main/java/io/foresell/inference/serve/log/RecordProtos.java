package io.foresell.inference.serve.log;

import com.google.protobuf.ByteString;
import io.foresell.inference.route.ServedVersion;
import io.foresell.model.Rows;
import io.foresell.model.kernel.Kernels;
import io.foresell.model.manifest.Manifest;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.prediction.v1.PredictionRecord;
import io.foresell.proto.prediction.v1.RecordedFeatures;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes records of predictions, and reads the rows in them, bit for bit. */
public final class RecordProtos {
    private static final String ID_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int TIME_DIGITS = 10;

    private RecordProtos() {}

    /** Writes one record; {@code row} holds one row, or is null when features are not recorded. */
    public static PredictionRecord record(
            ServedVersion served, Asked asked, String subject, ScoredRow answer, @Nullable Rows row) {
        return record(served, asked, subject, "", answer, row);
    }

    /** Writes one record of a shadow's answer beside the one under {@code answeredId}; empty when it is nobody's shadow. */
    static PredictionRecord record(
            ServedVersion served,
            Asked asked,
            String subject,
            String answeredId,
            ScoredRow answer,
            @Nullable Rows row) {
        Manifest manifest = served.modelPackage().manifest();
        PredictionRecord.Builder record = PredictionRecord.newBuilder()
                .setPredictionId(answer.getPredictionId())
                .setModel(manifest.getModel())
                .setModelVersion(served.version())
                .setDigest(served.digest())
                .setKind(asked.kind())
                .setEntity(manifest.getEntity())
                .setSubject(subject)
                .setScoredAtMillis(millisOf(answer.getPredictionId()))
                .setReleaseRevision(asked.releaseRevision())
                .setAnswer(answer)
                .setReasonCount(asked.reasonCount())
                .setLanguage(asked.language())
                .setLabelCount(asked.labelCount())
                .setReasonLabel(asked.reasonLabel())
                .setAnsweredPredictionId(answeredId)
                .setEngine(served.scorer().engine())
                .setKernels(Kernels.best().name());
        if (asked.bands() != null) {
            record.setMediumFrom(asked.bands().mediumFrom())
                    .setHighFrom(asked.bands().highFrom());
        }
        if (row != null) {
            record.setFeatures(features(row));
        }
        return record.build();
    }

    private static RecordedFeatures features(Rows row) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Float.BYTES * row.numbers().length).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : row.numbers()) {
            bytes.putInt(Float.floatToRawIntBits(number)); // the bits of a NaN, too
        }
        return RecordedFeatures.newBuilder()
                .setNumbers(ByteString.copyFrom(bytes.flip()))
                .addAllTexts(Arrays.asList(row.texts()))
                .build();
    }

    /** Returns the recorded row. */
    public static Rows row(RecordedFeatures features) {
        ByteBuffer bytes = features.getNumbers().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        float[] numbers = new float[bytes.remaining() / Float.BYTES];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Float.intBitsToFloat(bytes.getInt());
        }
        return new Rows(1, numbers, features.getTextsList().toArray(new String[0]));
    }

    /** Returns the instant in a prediction id, milliseconds since the epoch. */
    private static long millisOf(String id) {
        long millis = 0;
        for (int i = 0; i < TIME_DIGITS; i++) {
            millis = millis << 5 | ID_DIGITS.indexOf(id.charAt(i));
        }
        return millis;
    }
}
