package io.foresell.model.pack;

import io.foresell.model.Answer;
import io.foresell.model.PackageException;
import io.foresell.model.PackageException.Reason;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.model.manifest.Bands;
import io.foresell.model.manifest.Manifest;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Between a manifest and manifest.json. A package carries the lowest format version that can say what it says: readers of format 1
 * go on reading all that they would not misread.
 */
final class ManifestJson {
    /** One probability by the output "probability". */
    static final int FIRST_FORMAT = 1;

    /** Answers of every task; the newest this build reads. */
    static final int ANSWERS_FORMAT = 2;

    /** Greatest difference to a golden answer when the manifest says nothing. */
    static final double USUAL_TOLERANCE = 1e-5;

    private static final double MAX_TOLERANCE = 1e-4;
    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,3}");
    private static final int MAX_MEANING_LENGTH = 200;

    private ManifestJson() {}

    /** Returns the manifest with the format version it needs, and what that version holds. */
    static Manifest versioned(Manifest manifest) {
        Manifest.Builder builder = manifest.toBuilder();
        if (tolerance(manifest) == USUAL_TOLERANCE) {
            builder.clearGoldenTolerance();
        }
        boolean isFirst = builder.getGoldenTolerance() == 0 && answer(manifest).equals(Answer.binary());
        if (isFirst) {
            builder.clearAnswer();
        } else {
            builder.setAnswer(PackageContent.answerOf(answer(manifest)));
        }
        return builder.setFormatVersion(isFirst ? FIRST_FORMAT : ANSWERS_FORMAT).build();
    }

    static byte[] write(Manifest manifest) {
        return Json.pretty(manifest);
    }

    static Manifest read(byte[] json) {
        Manifest.Builder builder = Manifest.newBuilder();
        Json.parse(
                Json.text(json, Entries.MANIFEST, Reason.BAD_MANIFEST), builder, Entries.MANIFEST, Reason.BAD_MANIFEST);
        Manifest manifest = builder.build();
        requireFormat(manifest);
        require(!manifest.getModel().isEmpty(), "model", "empty", "a name");
        Answer answer = answer(manifest);
        requireBands(manifest.getBands(), answer.task());
        double tolerance = manifest.getGoldenTolerance();
        require(tolerance >= 0 && tolerance <= MAX_TOLERANCE, "golden_tolerance", tolerance, "0.." + MAX_TOLERANCE);
        if (manifest.hasThreshold()) {
            double threshold = manifest.getThreshold();
            boolean isProbability = answer.task() == Task.BINARY && threshold >= 0 && threshold <= 1;
            require(isProbability, "threshold", threshold, "0..1, of task binary");
        }
        if (manifest.hasRefuseBelow()) {
            double below = manifest.getRefuseBelow();
            boolean hasClasses = answer.task() == Task.BINARY || answer.task() == Task.MULTICLASS;
            require(
                    hasClasses && below > 0 && below <= 1,
                    "refuse_below",
                    below,
                    "above 0, at most 1, of task binary or multiclass");
        }
        for (Map.Entry<String, String> meaning : manifest.getMeaningMap().entrySet()) {
            boolean isSound = LANGUAGE.matcher(meaning.getKey()).matches()
                    && !meaning.getValue().isBlank()
                    && meaning.getValue().length() <= MAX_MEANING_LENGTH;
            require(isSound, "meaning", meaning, "a language code and 1..%d characters".formatted(MAX_MEANING_LENGTH));
        }
        return manifest;
    }

    private static void requireFormat(Manifest manifest) {
        int format = manifest.getFormatVersion();
        if (format > ANSWERS_FORMAT) {
            throw new PackageException(
                    Reason.NEWER_FORMAT,
                    "format_version: %d (expected: %d..%d, a newer Foresell reads it)"
                            .formatted(format, FIRST_FORMAT, ANSWERS_FORMAT));
        }
        require(format >= FIRST_FORMAT, "format_version", format, FIRST_FORMAT + ".." + ANSWERS_FORMAT);
        if (format == FIRST_FORMAT) {
            require(manifest.getTask().equals(Task.BINARY.key()), "task", manifest.getTask(), "binary in format 1");
            require(!manifest.hasAnswer(), "answer", "given", "format_version 2");
            require(manifest.getGoldenTolerance() == 0, "golden_tolerance", "given", "format_version 2");
        } else {
            require(manifest.hasAnswer(), "answer", "absent", "given in format 2");
        }
    }

    private static void requireBands(Bands bands, Task task) {
        double medium = bands.getMediumFrom();
        double high = bands.getHighFrom();
        if (task == Task.BINARY) {
            require(
                    medium >= 0 && medium <= high && high <= 1,
                    "bands",
                    medium + ", " + high,
                    "0 <= medium <= high <= 1");
        } else {
            boolean isOrdered = Double.isFinite(medium) && medium <= high && Double.isFinite(high);
            require(isOrdered, "bands", medium + ", " + high, "medium <= high, finite");
        }
    }

    private static void require(boolean holds, String what, Object actual, String expected) {
        if (!holds) {
            throw new PackageException(
                    Reason.BAD_MANIFEST,
                    "%s: %s: %s (expected: %s)".formatted(Entries.MANIFEST, what, Json.shown(actual), expected));
        }
    }

    static Answer answer(Manifest manifest) {
        try {
            return PackageContent.answerOf(manifest);
        } catch (IllegalArgumentException e) {
            throw new PackageException(
                    Reason.BAD_MANIFEST, Entries.MANIFEST + ": " + Json.shown(String.valueOf(e.getMessage())), e);
        }
    }

    static Signature signature(Manifest manifest) {
        try {
            return PackageContent.signatureOf(manifest);
        } catch (IllegalArgumentException e) {
            throw new PackageException(
                    Reason.BAD_MANIFEST, Entries.MANIFEST + ": " + Json.shown(String.valueOf(e.getMessage())), e);
        }
    }

    /** Returns the greatest difference to a golden answer, relative to it where it is beyond 1. */
    static double tolerance(Manifest manifest) {
        return manifest.getGoldenTolerance() == 0 ? USUAL_TOLERANCE : manifest.getGoldenTolerance();
    }
}
