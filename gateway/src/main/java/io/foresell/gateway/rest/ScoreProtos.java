package io.foresell.gateway.rest;

import io.foresell.gateway.problem.Problem;
import io.foresell.gateway.problem.ProblemException;
import io.foresell.proto.inference.v1.Degradation;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.NamedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Between the JSON of scoring and the inference service's wire. */
final class ScoreProtos {
    private ScoreProtos() {}

    static ScoreRequest entity(String model, String key, int version, int reasons, String language) {
        return ScoreRequest.newBuilder()
                .setModel(model)
                .setVersion(version)
                .setEntityKeys(EntityKeys.newBuilder().addKeys(key))
                .setReasonCount(reasons)
                .setLanguage(language)
                .build();
    }

    /** @throws ProblemException 400 unless exactly one of rows and entities is given */
    static ScoreRequest question(String model, Scores.@Nullable ScoreQuestion question) {
        if (question == null || (question.rows() == null) == (question.entities() == null)) {
            String given = question == null || question.rows() == null ? "neither" : "both";
            throw new ProblemException(
                    Problem.invalid("INPUT_INVALID", "body", given, "exactly one of rows and entities"));
        }
        if (question.rows() == null && question.subjects() != null) {
            throw new ProblemException(Problem.invalid(
                    "INPUT_INVALID", "subjects", "given", "absent beside entities, which are subjects"));
        }
        ScoreRequest.Builder request = ScoreRequest.newBuilder()
                .setModel(model)
                .setVersion(orZero(question.version()))
                .setReasonCount(orZero(question.reasons()))
                .setLanguage(question.language() == null ? "" : question.language())
                .setLabelCount(orZero(question.labels()))
                .setReasonLabel(question.reasonLabel() == null ? "" : question.reasonLabel());
        if (question.rows() != null) {
            request.setNamedRows(withSubjects(question.rows(), question.subjects()));
        } else if (question.entities() != null) {
            request.setEntityKeys(keys(question.entities()));
        }
        return request.build();
    }

    static Scores.ScoreAnswer answer(ScoreResponse response) {
        return new Scores.ScoreAnswer(
                response.getModel(),
                response.getReleaseRevision(),
                response.getRowsList().stream().map(ScoreProtos::row).toList());
    }

    static Scores.ScoredRow row(io.foresell.proto.inference.v1.ScoredRow row) {
        return new Scores.ScoredRow(
                row.getEntityKey(),
                Numbers.finite(row.getScore()),
                row.getBand(),
                row.getLabel(),
                row.getLabelsList().stream()
                        .map(label -> new Scores.LabelScore(label.getLabel(), Numbers.finite(label.getScore())))
                        .toList(),
                row.getModelVersion(),
                row.hasFeatureAgeSeconds() ? Numbers.finite(row.getFeatureAgeSeconds()) : null,
                row.getReasonsList().stream()
                        .map(reason -> new Scores.Reason(
                                reason.getFeature(),
                                reason.getValue(),
                                Numbers.finite(reason.getContribution()),
                                reason.getSentence()))
                        .toList(),
                row.getMissingFeaturesList(),
                row.getStaleFeaturesList(),
                row.getRefused(),
                row.hasRefuseBelow() ? row.getRefuseBelow() : null,
                row.getIsHeldOut(),
                row.hasDegradation() ? degradation(row.getDegradation()) : null,
                row.getPredictionId());
    }

    private static Scores.Degradation degradation(Degradation said) {
        return new Scores.Degradation(
                name(said.getRung().name(), "DEGRADATION_RUNG_"),
                name(said.getCause().name(), "DEGRADATION_CAUSE_"),
                said.getChosenVersion(),
                said.hasAgeSeconds() ? said.getAgeSeconds() : null);
    }

    private static String name(String value, String prefix) {
        return (value.startsWith(prefix) ? value.substring(prefix.length()) : value).toLowerCase(Locale.ROOT);
    }

    private static EntityKeys keys(List<@Nullable String> keys) {
        EntityKeys.Builder builder = EntityKeys.newBuilder();
        for (int i = 0; i < keys.size(); i++) {
            String key = keys.get(i);
            if (key == null) {
                throw new ProblemException(Problem.invalid("VALUE_INVALID", "entities[" + i + "]", "null", "a text"));
            }
            builder.addKeys(key);
        }
        return builder.build();
    }

    private static NamedRows withSubjects(NamedRows rows, @Nullable List<@Nullable String> subjects) {
        if (subjects == null) {
            return rows;
        }
        if (subjects.size() != rows.getRowsCount()) {
            throw new ProblemException(Problem.invalid(
                    "SUBJECT_COUNT",
                    "subjects",
                    subjects.size(),
                    "one for each of the %d rows".formatted(rows.getRowsCount())));
        }
        NamedRows.Builder builder = rows.toBuilder();
        for (int i = 0; i < subjects.size(); i++) {
            String subject = subjects.get(i);
            builder.getRowsBuilder(i).setSubject(subject == null ? "" : subject);
        }
        return builder.build();
    }

    private static int orZero(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
