package io.foresell.cli.command;

import io.foresell.cli.terminal.Table;
import io.foresell.cli.terminal.Terminal;
import io.foresell.proto.inference.v1.Degradation;
import io.foresell.proto.inference.v1.DegradationRung;
import io.foresell.proto.inference.v1.Reason;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import java.util.Locale;
import java.util.stream.Collectors;

/** How scores look: a bar for each row, below it what moved it. */
final class ScoreText {
    private static final int BAR_WIDTH = 20;
    private static final int REASON_WIDTH = 10;

    private final Terminal terminal;

    ScoreText(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(ScoreResponse response) {
        String release = response.getReleaseRevision() == 0 ? "" : "  release " + response.getReleaseRevision();
        terminal.line(terminal.bold(response.getModel()) + release);
        boolean hasReasons = response.getRowsList().stream().anyMatch(row -> row.getReasonsCount() > 0);
        if (hasReasons) {
            for (int i = 0; i < response.getRowsCount(); i++) {
                withReasons(response.getRows(i), i);
            }
        } else {
            table(response);
        }
    }

    private void table(ScoreResponse response) {
        boolean isLabelled = response.getRowsList().stream().anyMatch(row -> row.getLabelsCount() > 0);
        Table table = new Table("row", ">score", "", isLabelled ? "labels" : "band", ">version", "features");
        for (int i = 0; i < response.getRowsCount(); i++) {
            ScoredRow row = response.getRows(i);
            table.row(
                    name(row, i),
                    score(row),
                    bar(row),
                    answer(row),
                    Integer.toString(row.getModelVersion()),
                    features(row));
        }
        table.print(terminal);
    }

    private void withReasons(ScoredRow row, int index) {
        terminal.line("");
        terminal.line("%s  %s %s %s  version %d  %s"
                .formatted(
                        terminal.bold(name(row, index)),
                        score(row),
                        bar(row),
                        answer(row),
                        row.getModelVersion(),
                        features(row)));
        double strongest = row.getReasonsList().stream()
                .mapToDouble(reason -> Math.abs(reason.getContribution()))
                .max()
                .orElse(1);
        Table table = new Table(row.getBand().isEmpty() ? ">effect" : ">log-odds", "", "feature", "value", "reason");
        for (Reason reason : row.getReasonsList()) {
            String bar = terminal.stroke(Math.abs(reason.getContribution()) / strongest, REASON_WIDTH);
            table.row(
                    String.format(Locale.ROOT, "%+.2f", reason.getContribution()),
                    reason.getContribution() > 0 ? terminal.red(bar) : terminal.green(bar),
                    reason.getFeature(),
                    reason.getValue().isEmpty() ? "(missing)" : reason.getValue(),
                    reason.getSentence());
        }
        table.print(terminal);
    }

    private static String name(ScoredRow row, int index) {
        return row.getEntityKey().isEmpty() ? "row " + (index + 1) : row.getEntityKey();
    }

    /** Only what is a share of 1 has a bar. */
    private String bar(ScoredRow row) {
        boolean isShare = row.getScore() >= 0 && row.getScore() <= 1;
        return isShare && (!row.getBand().isEmpty() || row.getLabelsCount() > 0)
                ? terminal.bar(row.getScore(), BAR_WIDTH)
                : "";
    }

    private String answer(ScoredRow row) {
        String answer = row.getLabelsCount() > 0 ? labels(row) : band(row.getBand());
        return row.getRefused()
                ? terminal.yellow(String.format(Locale.ROOT, "refused (below %.4f)", row.getRefuseBelow()))
                        + (answer.isEmpty() ? "" : "; " + answer)
                : answer;
    }

    private String labels(ScoredRow row) {
        return row.getLabelsList().stream()
                .map(label -> String.format(Locale.ROOT, "%s %.4f", label.getLabel(), label.getScore()))
                .collect(Collectors.joining(", "));
    }

    private static String score(ScoredRow row) {
        return String.format(Locale.ROOT, "%.4f", row.getScore());
    }

    private String band(String band) {
        return switch (band) {
            case "high" -> terminal.red(band);
            case "medium" -> terminal.yellow(band);
            case "low" -> terminal.green(band);
            default -> band;
        };
    }

    private static String features(ScoredRow row) {
        StringBuilder features = new StringBuilder();
        if (row.hasFeatureAgeSeconds()) {
            features.append(Shown.age(row.getFeatureAgeSeconds())).append(" old");
        }
        if (row.getMissingFeaturesCount() > 0) {
            features.append(features.isEmpty() ? "" : ", ")
                    .append(row.getMissingFeaturesCount())
                    .append(" missing");
        }
        if (row.getStaleFeaturesCount() > 0) {
            features.append(features.isEmpty() ? "" : ", ")
                    .append(row.getStaleFeaturesCount())
                    .append(" stale");
        }
        if (row.hasDegradation()) {
            features.append(features.isEmpty() ? "" : "; ").append(degradation(row.getDegradation()));
        }
        return features.toString();
    }

    /** Says what answered instead, and why, e.g. "last known, 12 s old, for version 3: features late". */
    private static String degradation(Degradation degradation) {
        String rung = degradation.getRung() == DegradationRung.DEGRADATION_RUNG_LAST_KNOWN
                ? "last known, " + Shown.age(degradation.getAgeSeconds()) + " old,"
                : "fallback";
        String cause = degradation
                .getCause()
                .name()
                .substring("DEGRADATION_CAUSE_".length())
                .toLowerCase(Locale.ROOT)
                .replace('_', ' ');
        return "%s for version %d: %s".formatted(rung, degradation.getChosenVersion(), cause);
    }
}
