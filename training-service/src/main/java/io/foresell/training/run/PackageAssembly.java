package io.foresell.training.run;

import io.foresell.model.Task;
import io.foresell.model.manifest.Bands;
import io.foresell.model.manifest.CalibrationBin;
import io.foresell.model.manifest.InputImportance;
import io.foresell.model.manifest.LiftRow;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.manifest.Provenance;
import io.foresell.model.pack.LoadedPackage;
import io.foresell.model.pack.PackageContent;
import io.foresell.model.pack.PackageWriter;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.Evaluation;
import io.foresell.training.evaluate.Judged;
import io.foresell.training.prepare.Touched;
import io.foresell.training.report.ModelReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.TreeMap;

/** Writes the package of one candidate: everything that says what it is, where it came from and how good it is. */
final class PackageAssembly {
    // What a package without a tolerance of its own is held to.
    private static final double USUAL_TOLERANCE = 1e-5;
    private static final String BAND_RULE =
            "medium from the base rate of the training rows, high from the score that the top tenth of judged rows reach";

    private final TrainingSpec spec;
    private final CandidateSpec candidate;
    private final TrainingSet set;
    private final Evaluation evaluation;
    private final List<String> leaks;
    private final double scoreOfTopTenth;
    private final OptionalDouble refuseBelow;
    private final ReportNotes notes;

    PackageAssembly(
            TrainingSpec spec,
            CandidateSpec candidate,
            TrainingSet set,
            Evaluation evaluation,
            List<String> leaks,
            double scoreOfTopTenth,
            OptionalDouble refuseBelow,
            ReportNotes notes) {
        this.spec = spec;
        this.candidate = candidate;
        this.set = set;
        this.evaluation = evaluation;
        this.leaks = List.copyOf(leaks);
        this.scoreOfTopTenth = scoreOfTopTenth;
        this.refuseBelow = refuseBelow;
        this.notes = notes;
    }

    /**
     * Returns the package file; it has been loaded once, golden rows included. No job id: equal runs, equal bytes.
     *
     * @param specText what repeats the training; empty when unknown
     */
    byte[] assemble(FittedParts parts, String specText) {
        Manifest manifest = manifest(parts);
        Map<String, byte[]> source = new TreeMap<>(source(parts));
        if (!specText.isEmpty()) {
            source.put("spec.json", specText.getBytes(StandardCharsets.UTF_8));
        }
        source.put(ModelReport.FILE_NAME, ModelReport.of(notes.content(manifest, source)));
        byte[] bytes = PackageWriter.write(
                new PackageContent(manifest, parts.onnx(), parts.background(), parts.goldenRows(), source));
        LoadedPackage.load(bytes, "", LoadedPackage.COMPILED);
        return bytes;
    }

    private Map<String, byte[]> source(FittedParts parts) {
        Map<String, byte[]> source = new TreeMap<>(parts.source());
        if (parts.answer().task() == Task.CLUSTERS) {
            source.put(
                    ClusterDescriptions.FILE,
                    ClusterDescriptions.of(parts, set.info().descriptions()));
        }
        return source;
    }

    private Manifest manifest(FittedParts parts) {
        Manifest.Builder manifest = Manifest.newBuilder()
                .setGoldenTolerance(parts.tolerance() == USUAL_TOLERANCE ? 0 : parts.tolerance())
                .setModel(spec.model())
                .setTask(parts.answer().task().key())
                .setAlgorithm(candidate.algorithm().key())
                .setEntity(set.info().entity())
                .addAllInputs(
                        PackageContent.inputsOf(parts.signature(), set.info().descriptions()))
                .setFeatureSet(set.info().featureSet())
                .setFeatureSetHash(set.info().featureSetHash())
                .setLabelView(set.info().labelView())
                .setProvenance(provenance(parts))
                .setEvaluation(evaluation())
                .setCalibration(parts.calibration())
                .addLimits("Fitted on %d rows seen from %s to %s: judge again before use on other times or customers."
                        .formatted(
                                parts.fold().rowCount(),
                                day(parts.fold().earliestMillis()),
                                day(parts.fold().latestMillis())))
                .addAllLimits(parts.notes())
                .setDescription(spec.description())
                .putAllMeaning(spec.meaning());
        if (parts.answer().task() == Task.BINARY) {
            manifest.setBands(bands(parts));
            Judged.Decision decision = evaluation.decision();
            if (decision != null) {
                manifest.setThreshold(Math.max(0, Math.min(1, decision.threshold())));
            }
        } else {
            manifest.setAnswer(PackageContent.answerOf(parts.answer()));
        }
        if (refuseBelow.isPresent()) {
            manifest.setRefuseBelow(Math.min(1, refuseBelow.getAsDouble()))
                    .addLimits(String.format(
                            Locale.ROOT,
                            "Answers that a row belongs to none of the classes when no class has a probability of %.4f.",
                            refuseBelow.getAsDouble()));
        }
        return manifest.build();
    }

    private Bands bands(FittedParts parts) {
        double medium = parts.fold().meanLabel();
        return Bands.newBuilder()
                .setMediumFrom(medium)
                .setHighFrom(Math.max(medium, scoreOfTopTenth))
                .build();
    }

    private Provenance provenance(FittedParts parts) {
        Provenance.Builder provenance = Provenance.newBuilder()
                .setDataDigest(set.digest())
                .setRowCount(parts.fold().rowCount())
                .setFromMillis(parts.fold().earliestMillis())
                .setUntilMillis(parts.fold().latestMillis())
                .setCodeVersion(codeVersion())
                .setSeed(spec.seed())
                .putAllParameters(candidate.algorithm().asText())
                .putParameters("candidate", candidate.name())
                .putParameters("split", spec.split().describe())
                .putParameters("metric", spec.metricOf(set.task()).key())
                .putAllLibraryVersions(parts.libraryVersions());
        if (set.task() == Task.BINARY) {
            provenance.putParameters("bands", BAND_RULE);
        }
        Judged.ChampionComparison champion = evaluation.champion();
        if (champion != null) {
            provenance.putParameters("champion", Integer.toString(champion.version()));
        }
        if (!candidate.calibration().asText().isEmpty()) {
            provenance.putParameters("calibration", candidate.calibration().asText());
        }
        if (!candidate.classWeights().asText().isEmpty()) {
            provenance.putParameters("class_weights", candidate.classWeights().asText());
        }
        if (spec.refusal() != null) {
            provenance.putParameters("refuse", spec.refusal().asText());
        }
        provenance.putAllParameters(spec.preparationOf(candidate).asText());
        List<String> touched = Touched.sentences(List.of(parts.touched()));
        if (!touched.isEmpty()) {
            provenance.putParameters("prepare.touched", String.join(" ", touched));
        }
        return provenance.build();
    }

    private io.foresell.model.manifest.Evaluation evaluation() {
        io.foresell.model.manifest.Evaluation.Builder judged = io.foresell.model.manifest.Evaluation.newBuilder()
                .putAllMetrics(evaluation.metrics())
                .putAllBaselineMetrics(evaluation.baselineMetrics())
                .putAllMetricStandardDeviations(evaluation.metricStandardDeviations())
                .setSplit(evaluation.split())
                .setTrainingRowCount(evaluation.trainingRowCount())
                .setEvaluationRowCount(evaluation.evaluationRowCount())
                .setBaseRate(evaluation.baseRate())
                .addAllWarnings(evaluation.warnings())
                .addAllLeaks(leaks);
        evaluation
                .lift()
                .forEach(row -> judged.addLift(LiftRow.newBuilder()
                        .setTopFraction(row.topFraction())
                        .setLift(row.lift())
                        .setRecall(row.recall())));
        evaluation
                .calibration()
                .forEach(bin -> judged.addCalibration(CalibrationBin.newBuilder()
                        .setMeanPredicted(bin.meanPredicted())
                        .setObservedRate(bin.observedRate())
                        .setRowCount(bin.rowCount())));
        evaluation
                .importance()
                .forEach(input -> judged.addImportance(InputImportance.newBuilder()
                        .setInput(input.input())
                        .setMeanAbsoluteContribution(input.meanAbsoluteContribution())));
        JudgementMessages.add(evaluation, judged);
        return judged.build();
    }

    private static String day(long millis) {
        return Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC).toLocalDate().toString();
    }

    /** Returns the version in the jar's manifest or, before a jar is made, "development". */
    private static String codeVersion() {
        String version = PackageAssembly.class.getPackage().getImplementationVersion();
        if (version != null) {
            return version;
        }
        String path = "/META-INF/maven/io.foresell/foresell-training-service/pom.properties";
        try (InputStream stream = PackageAssembly.class.getResourceAsStream(path)) {
            Properties properties = new Properties();
            if (stream != null) {
                properties.load(stream);
            }
            return properties.getProperty("version", "development");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
