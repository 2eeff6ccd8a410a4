package io.foresell.model.pack;

import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.PackageException;
import io.foresell.model.PackageException.Reason;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.model.manifest.Golden;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.manifest.NumberBackground;
import io.foresell.model.manifest.Reasons;
import io.foresell.model.manifest.TextBackground;
import io.foresell.model.scorer.Background;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Between the parts of a package and their JSON; every part read is checked against the signature. */
final class ContentJson {
    /** The format version this build writes, and the newest it reads. */
    static final int FORMAT_VERSION = 1;

    static final int MAX_GOLDEN_ROWS = 1000;

    private ContentJson() {}

    static Manifest manifest(byte[] json) {
        Manifest.Builder builder = Manifest.newBuilder();
        Json.parse(
                Json.text(json, Entries.MANIFEST, Reason.BAD_MANIFEST), builder, Entries.MANIFEST, Reason.BAD_MANIFEST);
        Manifest manifest = builder.build();
        if (manifest.getFormatVersion() > FORMAT_VERSION) {
            throw new PackageException(
                    Reason.NEWER_FORMAT,
                    "format_version: %d (expected: 1..%d, a newer Foresell reads it)"
                            .formatted(manifest.getFormatVersion(), FORMAT_VERSION));
        }
        require(manifest.getFormatVersion() == FORMAT_VERSION, "format_version", manifest.getFormatVersion(), "1");
        require(!manifest.getModel().isEmpty(), "model", "empty", "a name");
        answer(manifest);
        double medium = manifest.getBands().getMediumFrom();
        double high = manifest.getBands().getHighFrom();
        require(medium >= 0 && medium <= high && high <= 1, "bands", medium + ", " + high, "0 <= medium <= high <= 1");
        return manifest;
    }

    private static void require(boolean holds, String what, Object actual, String expected) {
        if (!holds) {
            throw new PackageException(
                    Reason.BAD_MANIFEST,
                    "%s: %s: %s (expected: %s)".formatted(Entries.MANIFEST, what, actual, expected));
        }
    }

    /** Returns the answer; packages written before there were other tasks leave it out. */
    static Answer answer(Manifest manifest) {
        try {
            return PackageContent.answerOf(manifest);
        } catch (IllegalArgumentException e) {
            throw new PackageException(Reason.BAD_MANIFEST, Entries.MANIFEST + ": " + e.getMessage(), e);
        }
    }

    static Signature signature(Manifest manifest) {
        try {
            return PackageContent.signatureOf(manifest);
        } catch (IllegalArgumentException e) {
            throw new PackageException(Reason.BAD_MANIFEST, Entries.MANIFEST + ": " + e.getMessage(), e);
        }
    }

    static byte[] reasons(Background background, Signature signature) {
        Reasons.Builder reasons = Reasons.newBuilder();
        for (int i = 0; i < signature.inputs().size(); i++) {
            InputField field = signature.inputs().get(i);
            int place = signature.offset(i);
            if (field.kind() == InputKind.NUMBER) {
                reasons.addNumbers(NumberBackground.newBuilder()
                        .setInput(field.name())
                        .addAllMeans(background.numbers().subList(place, place + field.width())));
            } else {
                reasons.addTexts(TextBackground.newBuilder()
                        .setInput(field.name())
                        .setReference(background.texts().get(place))
                        .putAllFrequencies(background.textFrequencies().get(place)));
            }
        }
        return Json.pretty(reasons.build());
    }

    static Background background(byte[] json, Signature signature) {
        Reasons.Builder builder = Reasons.newBuilder();
        Json.parse(Json.text(json, Entries.REASONS, Reason.BAD_REASONS), builder, Entries.REASONS, Reason.BAD_REASONS);
        List<Float> numbers = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        List<Map<String, Double>> frequencies = new ArrayList<>();
        int numberInputs = 0;
        for (InputField field : signature.inputs()) {
            if (field.kind() == InputKind.NUMBER) {
                numbers.addAll(means(builder, numberInputs++, field));
            } else {
                TextBackground text = text(builder, texts.size(), field);
                texts.add(text.getReference());
                frequencies.add(text.getFrequenciesMap());
            }
        }
        return new Background(numbers, texts, frequencies);
    }

    private static List<Float> means(Reasons.Builder reasons, int index, InputField field) {
        NumberBackground number =
                index < reasons.getNumbersCount() ? reasons.getNumbers(index) : NumberBackground.getDefaultInstance();
        if (!number.getInput().equals(field.name()) || number.getMeansCount() != field.width()) {
            throw badReasons(field, number.getInput(), number.getMeansCount());
        }
        if (number.getMeansList().stream().anyMatch(mean -> Float.isInfinite(mean))) {
            throw badReasons(field, "an infinite mean", number.getMeansCount());
        }
        return number.getMeansList();
    }

    private static TextBackground text(Reasons.Builder reasons, int index, InputField field) {
        TextBackground text =
                index < reasons.getTextsCount() ? reasons.getTexts(index) : TextBackground.getDefaultInstance();
        boolean isShare = text.getFrequenciesMap().values().stream().allMatch(share -> share >= 0 && share <= 1);
        if (!text.getInput().equals(field.name()) || !isShare || text.getFrequenciesCount() > Background.MAX_TEXTS) {
            throw badReasons(field, text.getInput(), text.getFrequenciesCount());
        }
        return text;
    }

    private static PackageException badReasons(InputField field, String found, int count) {
        return new PackageException(
                Reason.BAD_REASONS,
                "%s: %s with %d values (expected: input %s of width %d, finite, shares in [0, 1])"
                        .formatted(
                                Entries.REASONS,
                                found.isEmpty() ? "nothing" : found,
                                count,
                                field.name(),
                                field.width()));
    }

    static byte[] golden(List<GoldenRow> rows) {
        StringBuilder lines = new StringBuilder();
        for (GoldenRow row : rows) {
            lines.append(Json.line(Golden.newBuilder()
                            .addAllNumbers(row.numbers())
                            .addAllTexts(row.texts())
                            .addAllAnswers(row.answers())
                            .build()))
                    .append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    static List<GoldenRow> golden(byte[] jsonLines, Signature signature, Answer answer) {
        List<GoldenRow> rows = new ArrayList<>();
        String text = Json.text(jsonLines, Entries.GOLDEN, Reason.BAD_GOLDEN);
        for (String line : (Iterable<String>) text.lines()::iterator) {
            String entry = "%s:%d".formatted(Entries.GOLDEN, rows.size() + 1);
            Golden.Builder builder = Golden.newBuilder();
            Json.parse(line, builder, entry, Reason.BAD_GOLDEN);
            rows.add(goldenRow(builder.build(), signature, answer, entry));
            if (rows.size() > MAX_GOLDEN_ROWS) {
                break;
            }
        }
        if (rows.isEmpty() || rows.size() > MAX_GOLDEN_ROWS) {
            throw new PackageException(
                    Reason.BAD_GOLDEN,
                    "%s: %s rows (expected: 1..%d)"
                            .formatted(Entries.GOLDEN, rows.isEmpty() ? "0" : "too many", MAX_GOLDEN_ROWS));
        }
        return rows;
    }

    private static GoldenRow goldenRow(Golden golden, Signature signature, Answer answer, String entry) {
        // The first packages had one probability a row.
        List<Double> answers =
                golden.getAnswersCount() == 0 ? List.of(golden.getProbability()) : golden.getAnswersList();
        boolean isProbability = answer.task() == Task.BINARY || answer.task() == Task.MULTICLASS;
        if (golden.getNumbersCount() != signature.numberWidth()
                || golden.getTextsCount() != signature.textWidth()
                || answers.size() != answer.width()
                || !answers.stream().allMatch(value -> isProbability ? value >= 0 && value <= 1 : isFinite(value))) {
            throw new PackageException(
                    Reason.BAD_GOLDEN,
                    "%s: %d numbers, %d texts, answers %s (expected: %d numbers, %d texts, %d %s)"
                            .formatted(
                                    entry,
                                    golden.getNumbersCount(),
                                    golden.getTextsCount(),
                                    answers.size() > 10 ? answers.size() : answers,
                                    signature.numberWidth(),
                                    signature.textWidth(),
                                    answer.width(),
                                    isProbability ? "in 0..1" : "finite"));
        }
        return new GoldenRow(golden.getNumbersList(), golden.getTextsList(), answers);
    }

    private static boolean isFinite(double value) {
        return Math.abs(value) <= Double.MAX_VALUE;
    }
}
