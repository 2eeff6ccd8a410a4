package io.foresell.inference.serve;

import io.foresell.inference.route.ModelSlot;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.reason.Language;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What of a request holds for all of its rows, checked.
 *
 * @param rowCount 1 to 4096
 * @param reasonCount 0 to 20
 * @param labelCount 1 to 1000
 */
record ScoreQuery(ScoreRequest request, int rowCount, int reasonCount, int labelCount, Language language) {
    static final int MAX_ROWS = 4096;
    private static final int MAX_REASONS = 20;
    private static final int MAX_LABELS = 1000;
    private static final int DEFAULT_LABELS = 5;
    private static final int MAX_ANSWERS = 200_000; // labels in one response, some megabytes
    private static final AtomicLong NOBODY = new AtomicLong(); // numbers rows without a subject

    /**
     * Checks a request.
     *
     * @throws ServiceException INVALID_ARGUMENT naming the field
     */
    static ScoreQuery of(ScoreRequest request) {
        if (request.getModel().isEmpty()) {
            throw new ServiceException(Failure.invalid("MODEL_REQUIRED", "model", "", "the name of a model"));
        }
        if (request.getVersion() < 0) {
            throw new ServiceException(Failure.invalid(
                    "VERSION_INVALID", "version", request.getVersion(), "0 for the release, or a version from 1"));
        }
        if (request.getReasonCount() < 0 || request.getReasonCount() > MAX_REASONS) {
            throw new ServiceException(Failure.invalid(
                    "REASON_COUNT_OUT_OF_RANGE", "reason_count", request.getReasonCount(), "0.." + MAX_REASONS));
        }
        if (request.getLabelCount() < 0 || request.getLabelCount() > MAX_LABELS) {
            throw new ServiceException(Failure.invalid(
                    "LABEL_COUNT_OUT_OF_RANGE", "label_count", request.getLabelCount(), "0.." + MAX_LABELS));
        }
        int labelCount = request.getLabelCount() == 0 ? DEFAULT_LABELS : request.getLabelCount();
        int rowCount = rowCount(request);
        if (rowCount < 1 || rowCount > MAX_ROWS) {
            throw new ServiceException(
                    Failure.invalid("ROW_COUNT_OUT_OF_RANGE", "row_count", rowCount, "1.." + MAX_ROWS));
        }
        if ((long) rowCount * labelCount > MAX_ANSWERS) {
            throw new ServiceException(Failure.invalid(
                    "LABEL_COUNT_OUT_OF_RANGE",
                    "label_count",
                    labelCount,
                    "1..%d for %d rows".formatted(MAX_ANSWERS / rowCount, rowCount)));
        }
        requireSubjects(request.getPackedRows(), rowCount);
        return new ScoreQuery(request, rowCount, request.getReasonCount(), labelCount, language(request.getLanguage()));
    }

    private static void requireSubjects(PackedRows rows, int rowCount) {
        if (rows.getSubjectsCount() != 0 && rows.getSubjectsCount() != rowCount) {
            throw new ServiceException(Failure.invalid(
                    "SUBJECT_COUNT",
                    "packed_rows.subjects",
                    rows.getSubjectsCount(),
                    "none, or one for each of the %d rows".formatted(rowCount)));
        }
    }

    private static int rowCount(ScoreRequest request) {
        return switch (request.getInputCase()) {
            case NAMED_ROWS -> request.getNamedRows().getRowsCount();
            case PACKED_ROWS -> request.getPackedRows().getRowCount();
            case ENTITY_KEYS -> request.getEntityKeys().getKeysCount();
            case INPUT_NOT_SET -> throw new ServiceException(
                    Failure.invalid("INPUT_REQUIRED", "input", "", "one of named_rows, packed_rows, entity_keys"));
        };
    }

    private static Language language(String code) {
        try {
            return Language.ofCode(code);
        } catch (IllegalArgumentException e) {
            throw new ServiceException(Failure.invalid("LANGUAGE_UNKNOWN", "language", code, "en or zh"), e);
        }
    }

    /**
     * Returns the key by which a release assigns a row: of the row's subject, else the request's, else of nobody, so that rows
     * without a subject are spread by the weights.
     */
    long key(ModelSlot slot, int row) {
        String subject = subject(row);
        return subject.isEmpty() ? slot.key(NOBODY.getAndIncrement()) : slot.key(subject);
    }

    /** Returns who a row is about; empty when nobody said. */
    String subject(int row) {
        return switch (request.getInputCase()) {
            case ENTITY_KEYS -> request.getEntityKeys().getKeys(row);
            case NAMED_ROWS -> orRequest(request.getNamedRows().getRows(row).getSubject());
            case PACKED_ROWS -> orRequest(
                    request.getPackedRows().getSubjectsCount() == 0
                            ? ""
                            : request.getPackedRows().getSubjects(row));
            case INPUT_NOT_SET -> "";
        };
    }

    private String orRequest(String subject) {
        return subject.isEmpty() ? request.getSubject() : subject;
    }
}
