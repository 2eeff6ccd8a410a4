package io.foresell.inference.serve.log;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.pack.ModelPackage;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Tenths;
import io.foresell.proto.prediction.v1.DescribedInput;
import io.foresell.proto.prediction.v1.InputProfile;
import io.foresell.proto.prediction.v1.PackageDescription;
import java.util.Map;

/** Describes packages to the prediction log: their inputs, and how these were in training as far as the package knows. */
final class DescriptionProtos {
    private static final int MAX_TEXTS = 200;
    private static final int MAX_TEXT_LENGTH = 64;
    private static final int MAX_ALL_TEXTS = 20_000; // of all inputs, a megabyte or two
    private static final double LEAST_COVERED = 0.8;
    private static final int LEAST_SAMPLE_ROWS = 100;

    private DescriptionProtos() {}

    static PackageDescription describe(ModelPackage modelPackage) {
        PackageDescription.Builder description = PackageDescription.newBuilder()
                .setDigest(modelPackage.digest())
                .setModel(modelPackage.manifest().getModel())
                .setTask(modelPackage.manifest().getTask());
        Signature signature = modelPackage.signature();
        Background background = modelPackage.background();
        for (int i = 0; i < signature.inputs().size(); i++) {
            InputField field = signature.inputs().get(i);
            boolean isText = field.kind() == InputKind.TEXT;
            description.addInputs(DescribedInput.newBuilder()
                    .setName(field.name())
                    .setIsText(isText)
                    .setWidth(field.width()));
            if (isText) {
                addText(modelPackage, field, background.textFrequencies().get(signature.offset(i)), description);
            } else {
                addNumbers(field, signature.offset(i), background, signature.numberWidth(), description);
            }
        }
        return description.build();
    }

    /** Texts that people wrote are no categories: they tell no drift, and are nobody's business here. */
    private static void addText(
            ModelPackage modelPackage,
            InputField field,
            Map<String, Double> shares,
            PackageDescription.Builder description) {
        int before = description.getProfilesList().stream()
                .mapToInt(InputProfile::getTextSharesCount)
                .sum();
        double covered = shares.values().stream().mapToDouble(share -> share).sum();
        boolean isCategory = covered >= LEAST_COVERED
                && shares.size() <= Math.min(MAX_TEXTS, MAX_ALL_TEXTS - before)
                && shares.keySet().stream().allMatch(text -> text.length() <= MAX_TEXT_LENGTH);
        if (isCategory) {
            description.addProfiles(InputProfile.newBuilder()
                    .setInput(field.name())
                    .putAllTextShares(shares)
                    .setRowCount(modelPackage.manifest().getProvenance().getRowCount()));
        }
    }

    /** What training counted goes before what its sample rows tell. */
    private static void addNumbers(
            InputField field, int offset, Background background, int numberWidth, PackageDescription.Builder to) {
        Rows samples = background.sampleRows().rows();
        for (int step = 0; step < field.width(); step++) {
            String name = field.width() == 1 ? field.name() : "%s[%d]".formatted(field.name(), step);
            if (!background.tenths().isEmpty()) {
                to.addProfiles(profile(name, background.tenths().get(offset + step)));
            } else if (samples.rowCount() >= LEAST_SAMPLE_ROWS) {
                float[] values = new float[samples.rowCount()];
                for (int row = 0; row < values.length; row++) {
                    values[row] = samples.numbers()[row * numberWidth + offset + step];
                }
                to.addProfiles(profile(name, Tenths.of(values)));
            }
        }
    }

    private static InputProfile profile(String name, Tenths tenths) {
        return InputProfile.newBuilder()
                .setInput(name)
                .addAllEdges(tenths.edges())
                .addAllShares(tenths.shares())
                .setMissingShare(tenths.missingShare())
                .setRowCount(tenths.rowCount())
                .build();
    }
}
