package io.foresell.model.pack;

import static io.foresell.model.manifest.ExplanationKind.EXPLANATION_KIND_INTERVENTIONAL;
import static io.foresell.model.manifest.ExplanationKind.EXPLANATION_KIND_OCCLUSION;
import static io.foresell.model.manifest.ExplanationKind.EXPLANATION_KIND_PATH_DEPENDENT;
import static io.foresell.model.manifest.ExplanationKind.EXPLANATION_KIND_UNSPECIFIED;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.PackageException;
import io.foresell.model.PackageException.Reason;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.manifest.NumberBackground;
import io.foresell.model.manifest.NumberProfile;
import io.foresell.model.manifest.Reasons;
import io.foresell.model.manifest.SampleRow;
import io.foresell.model.manifest.TextBackground;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.ExplanationKind;
import io.foresell.model.scorer.SampleRows;
import io.foresell.model.scorer.Tenths;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Between a background and reasons.json; what is read is checked against the signature. */
final class ReasonsJson {
    private ReasonsJson() {}

    static byte[] write(Background background, Signature signature) {
        Reasons.Builder reasons = Reasons.newBuilder();
        for (int i = 0; i < signature.inputs().size(); i++) {
            InputField field = signature.inputs().get(i);
            int place = signature.offset(i);
            if (field.kind() == InputKind.NUMBER) {
                NumberBackground.Builder number = reasons.addNumbersBuilder()
                        .setInput(field.name())
                        .addAllMeans(background.numbers().subList(place, place + field.width()));
                if (!background.tenths().isEmpty()) {
                    background.tenths().subList(place, place + field.width()).stream()
                            .map(ReasonsJson::profile)
                            .forEach(number::addProfiles);
                }
            } else {
                reasons.addTexts(TextBackground.newBuilder()
                        .setInput(field.name())
                        .setReference(background.texts().get(place))
                        .putAllFrequencies(background.textFrequencies().get(place)));
            }
        }
        addSamples(background.sampleRows().rows(), signature, reasons);
        return Json.pretty(
                reasons.setExplanation(kind(background.explanation())).build());
    }

    private static NumberProfile profile(Tenths tenths) {
        return NumberProfile.newBuilder()
                .addAllEdges(tenths.edges())
                .addAllShares(tenths.shares())
                .setMissingShare(tenths.missingShare())
                .setRowCount(tenths.rowCount())
                .build();
    }

    private static void addSamples(Rows rows, Signature signature, Reasons.Builder reasons) {
        for (int row = 0; row < rows.rowCount(); row++) {
            SampleRow.Builder sample = reasons.addSampleRowsBuilder();
            for (int i = 0; i < signature.numberWidth(); i++) {
                sample.addNumbers(rows.numbers()[row * signature.numberWidth() + i]);
            }
            for (int i = 0; i < signature.textWidth(); i++) {
                sample.addTexts(rows.texts()[row * signature.textWidth() + i]);
            }
        }
    }

    static Background read(byte[] json, Signature signature) {
        Reasons.Builder builder = Reasons.newBuilder();
        Json.parse(Json.text(json, Entries.REASONS, Reason.BAD_REASONS), builder, Entries.REASONS, Reason.BAD_REASONS);
        Reasons reasons = builder.build();
        List<Float> numbers = new ArrayList<>();
        List<Tenths> tenths = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        List<Map<String, Double>> frequencies = new ArrayList<>();
        int numberInputs = 0;
        for (InputField field : signature.inputs()) {
            if (field.kind() == InputKind.NUMBER) {
                numbers.addAll(means(reasons, numberInputs, field));
                tenths.addAll(tenths(reasons.getNumbers(numberInputs++), field));
            } else {
                TextBackground text = text(reasons, texts.size(), field);
                texts.add(text.getReference());
                frequencies.add(text.getFrequenciesMap());
            }
        }
        try {
            return new Background(
                    numbers,
                    texts,
                    frequencies,
                    samples(reasons, signature),
                    explanation(reasons),
                    tenths.size() == numbers.size() ? tenths : List.of()); // whole or not at all
        } catch (IllegalArgumentException e) {
            throw bad(String.valueOf(e.getMessage()));
        }
    }

    private static List<Float> means(Reasons reasons, int index, InputField field) {
        NumberBackground number =
                index < reasons.getNumbersCount() ? reasons.getNumbers(index) : NumberBackground.getDefaultInstance();
        if (!number.getInput().equals(field.name()) || number.getMeansCount() != field.width()) {
            throw bad(field, number.getInput(), number.getMeansCount());
        }
        if (number.getMeansList().stream().anyMatch(mean -> Float.isInfinite(mean))) {
            throw bad(field, "an infinite mean", number.getMeansCount());
        }
        return number.getMeansList();
    }

    private static List<Tenths> tenths(NumberBackground number, InputField field) {
        if (number.getProfilesCount() != 0 && number.getProfilesCount() != field.width()) {
            throw bad(field, number.getInput() + " profiles", number.getProfilesCount());
        }
        try {
            return number.getProfilesList().stream()
                    .map(profile -> new Tenths(
                            profile.getEdgesList(),
                            profile.getSharesList(),
                            profile.getMissingShare(),
                            profile.getRowCount()))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw bad("input %s: %s".formatted(Json.shown(field.name()), e.getMessage()));
        }
    }

    private static TextBackground text(Reasons reasons, int index, InputField field) {
        TextBackground text =
                index < reasons.getTextsCount() ? reasons.getTexts(index) : TextBackground.getDefaultInstance();
        boolean isShare = text.getFrequenciesMap().values().stream().allMatch(share -> share >= 0 && share <= 1);
        if (!text.getInput().equals(field.name()) || !isShare || text.getFrequenciesCount() > Background.MAX_TEXTS) {
            throw bad(field, text.getInput(), text.getFrequenciesCount());
        }
        return text;
    }

    private static SampleRows samples(Reasons reasons, Signature signature) {
        int count = reasons.getSampleRowsCount();
        float[] numbers = new float[count <= SampleRows.MAX_ROWS ? count * signature.numberWidth() : 0];
        String[] texts = new String[count <= SampleRows.MAX_ROWS ? count * signature.textWidth() : 0];
        if (count > SampleRows.MAX_ROWS) {
            throw bad("sample_rows: %d (expected: at most %d)".formatted(count, SampleRows.MAX_ROWS));
        }
        for (int row = 0; row < count; row++) {
            SampleRow sample = reasons.getSampleRows(row);
            if (sample.getNumbersCount() != signature.numberWidth()
                    || sample.getTextsCount() != signature.textWidth()) {
                throw bad("sample row %d: %d numbers, %d texts (expected: %d numbers, %d texts)"
                        .formatted(
                                row + 1,
                                sample.getNumbersCount(),
                                sample.getTextsCount(),
                                signature.numberWidth(),
                                signature.textWidth()));
            }
            for (int i = 0; i < signature.numberWidth(); i++) {
                numbers[row * signature.numberWidth() + i] = sample.getNumbers(i);
            }
            for (int i = 0; i < signature.textWidth(); i++) {
                texts[row * signature.textWidth() + i] = sample.getTexts(i);
            }
        }
        return SampleRows.of(new Rows(count, numbers, texts));
    }

    private static io.foresell.model.manifest.ExplanationKind kind(ExplanationKind explanation) {
        return switch (explanation) {
            case AUTOMATIC -> EXPLANATION_KIND_UNSPECIFIED;
            case PATH_DEPENDENT -> EXPLANATION_KIND_PATH_DEPENDENT;
            case INTERVENTIONAL -> EXPLANATION_KIND_INTERVENTIONAL;
            case OCCLUSION -> EXPLANATION_KIND_OCCLUSION;
        };
    }

    private static ExplanationKind explanation(Reasons reasons) {
        return switch (reasons.getExplanation()) {
            case EXPLANATION_KIND_UNSPECIFIED -> ExplanationKind.AUTOMATIC;
            case EXPLANATION_KIND_PATH_DEPENDENT -> ExplanationKind.PATH_DEPENDENT;
            case EXPLANATION_KIND_INTERVENTIONAL -> ExplanationKind.INTERVENTIONAL;
            case EXPLANATION_KIND_OCCLUSION -> ExplanationKind.OCCLUSION;
                // A kind that a later build of the same format knows; the scores are the same.
            case UNRECOGNIZED -> ExplanationKind.AUTOMATIC;
        };
    }

    private static PackageException bad(InputField field, String found, int count) {
        return bad("%s with %d values (expected: input %s of width %d, finite, shares in [0, 1])"
                .formatted(
                        found.isEmpty() ? "nothing" : Json.shown(found),
                        count,
                        Json.shown(field.name()),
                        field.width()));
    }

    private static PackageException bad(String detail) {
        return new PackageException(Reason.BAD_REASONS, "%s: %s".formatted(Entries.REASONS, detail));
    }
}
