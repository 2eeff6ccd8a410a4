package io.foresell.inference.serve.log;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.pack.ModelPackage;
import io.foresell.model.scorer.Background;
import io.foresell.proto.prediction.v1.DescribedInput;
import io.foresell.proto.prediction.v1.InputProfile;
import io.foresell.proto.prediction.v1.PackageDescription;
import java.util.Arrays;
import java.util.Map;

/** Describes packages to the prediction log: their inputs, and how these were in training as far as the package knows. */
final class DescriptionProtos {
    private static final int MAX_TEXTS = 200;
    private static final int MAX_TEXT_LENGTH = 64;
    private static final int MAX_ALL_TEXTS = 20_000; // of all inputs, a megabyte or two
    private static final double LEAST_COVERED = 0.8;
    private static final int LEAST_SAMPLE_ROWS = 100;
    private static final int BINS = 10;

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
            } else if (background.sampleRows().rowCount() >= LEAST_SAMPLE_ROWS) {
                addNumbers(
                        field,
                        signature,
                        signature.offset(i),
                        background.sampleRows().rows(),
                        description);
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

    private static void addNumbers(
            InputField field, Signature signature, int offset, Rows samples, PackageDescription.Builder description) {
        for (int step = 0; step < field.width(); step++) {
            float[] values = new float[samples.rowCount()];
            for (int row = 0; row < values.length; row++) {
                values[row] = samples.numbers()[row * signature.numberWidth() + offset + step];
            }
            String name = field.width() == 1 ? field.name() : "%s[%d]".formatted(field.name(), step);
            description.addProfiles(tenths(name, values));
        }
    }

    /** Cuts values into tenths; equal edges become one. */
    private static InputProfile tenths(String name, float[] values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted); // NaN comes last
        int count = (int) Arrays.stream(toDoubles(sorted))
                .filter(value -> !Double.isNaN(value))
                .count();
        InputProfile.Builder profile = InputProfile.newBuilder()
                .setInput(name)
                .setRowCount(values.length)
                .setMissingShare(1 - (double) count / values.length);
        int below = 0;
        for (int i = 1; i < BINS && count > 0; i++) {
            float edge = sorted[i * count / BINS];
            int edges = profile.getEdgesCount();
            if (edges == 0 || edge > profile.getEdges(edges - 1)) {
                int upTo = firstFrom(sorted, count, edge);
                profile.addEdges(edge).addShares((double) (upTo - below) / count);
                below = upTo;
            }
        }
        return profile.addShares(count == 0 ? 1 : (double) (count - below) / count)
                .build();
    }

    private static int firstFrom(float[] sorted, int count, float edge) {
        int at = 0;
        while (at < count && sorted[at] < edge) {
            at++;
        }
        return at;
    }

    private static double[] toDoubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }
}
