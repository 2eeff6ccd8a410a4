package io.foresell.model.pack;

import io.foresell.model.Answer;
import io.foresell.model.PackageException;
import io.foresell.model.PackageException.Reason;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.model.manifest.Golden;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Between golden rows and golden.jsonl; what is read is checked against signature and answer. */
final class GoldenJson {
    static final int MAX_ROWS = 1000;

    private final Signature signature;
    private final Answer answer;
    private final int format;

    /** Takes the manifest's format version: rows of the first one hold one probability. */
    GoldenJson(Signature signature, Answer answer, int format) {
        this.signature = signature;
        this.answer = answer;
        this.format = format;
    }

    byte[] write(List<GoldenRow> rows) {
        StringBuilder lines = new StringBuilder();
        for (GoldenRow row : rows) {
            Golden.Builder line =
                    Golden.newBuilder().addAllNumbers(row.numbers()).addAllTexts(row.texts());
            if (format == ManifestJson.FIRST_FORMAT && row.answers().size() == 1) {
                line.setProbability(row.answers().get(0));
            } else {
                line.addAllAnswers(row.answers());
            }
            lines.append(Json.line(line.build())).append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    List<GoldenRow> read(byte[] jsonLines) {
        List<GoldenRow> rows = new ArrayList<>();
        String text = Json.text(jsonLines, Entries.GOLDEN, Reason.BAD_GOLDEN);
        JsonCheck check = new JsonCheck(Entries.GOLDEN, Reason.BAD_GOLDEN);
        for (String line : (Iterable<String>) text.lines()::iterator) {
            String entry = "%s:%d".formatted(Entries.GOLDEN, rows.size() + 1);
            Golden.Builder builder = Golden.newBuilder();
            check.check(line);
            Json.merge(line, builder, entry, Reason.BAD_GOLDEN);
            rows.add(row(builder.build(), entry));
            if (rows.size() > MAX_ROWS) {
                break;
            }
        }
        if (rows.isEmpty() || rows.size() > MAX_ROWS) {
            throw new PackageException(
                    Reason.BAD_GOLDEN,
                    "%s: %s rows (expected: 1..%d)"
                            .formatted(Entries.GOLDEN, rows.isEmpty() ? "0" : "too many", MAX_ROWS));
        }
        return rows;
    }

    private GoldenRow row(Golden golden, String entry) {
        List<Double> answers =
                format == ManifestJson.FIRST_FORMAT ? List.of(golden.getProbability()) : golden.getAnswersList();
        boolean isProbability = answer.task() == Task.BINARY || answer.task() == Task.MULTICLASS;
        if (golden.getNumbersCount() != signature.numberWidth()
                || golden.getTextsCount() != signature.textWidth()
                || answers.size() != answer.width()
                || !answers.stream()
                        .allMatch(value -> isProbability ? value >= 0 && value <= 1 : Double.isFinite(value))) {
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
}
