package io.foresell.training.fit.ensemble;

import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.training.fit.CoefficientTable;
import io.foresell.training.fit.FittedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Fitted members and what makes one answer of theirs. */
final class FittedEnsemble implements FittedModel {
    // Log-odds of a probability near 1 are steep: what single precision loses there shows.
    private static final double STACKED_TOLERANCE = 1e-4;

    private final Ensemble ensemble;
    private final List<FittedModel> models;
    private final Combination combination;
    private final Signature signature;

    /** Reads those inputs of a signature that a member reads. */
    FittedEnsemble(Ensemble ensemble, List<FittedModel> models, Combination combination, Signature all) {
        this.ensemble = ensemble;
        this.models = List.copyOf(models);
        this.combination = combination;
        this.signature = Signature.of(all.inputs().stream()
                .filter(field ->
                        models.stream().anyMatch(model -> model.signature().contains(field.name())))
                .toList());
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public Answer answer() {
        return models.get(0).answer();
    }

    @Override
    public byte[] onnx() {
        return combination.onnx(models.stream().map(FittedModel::onnx).toList(), answer());
    }

    @Override
    public double[] predict(Rows rows) {
        rows.requireShape(signature);
        List<double[]> answers = new ArrayList<>();
        for (FittedModel model : models) {
            answers.add(model.predict(rowsFor(model.signature(), rows)));
        }
        return combination.apply(answers, answer());
    }

    /** Returns the rows as a member reads them. */
    private Rows rowsFor(Signature member, Rows rows) {
        if (member.equals(signature)) {
            return rows;
        }
        float[] numbers = new float[rows.rowCount() * member.numberWidth()];
        String[] texts = new String[rows.rowCount() * member.textWidth()];
        for (InputField field : member.inputs()) {
            boolean isText = field.kind() == InputKind.TEXT;
            Object from = isText ? rows.texts() : rows.numbers();
            int fromWidth = isText ? signature.textWidth() : signature.numberWidth();
            int toWidth = isText ? member.textWidth() : member.numberWidth();
            for (int row = 0; row < rows.rowCount(); row++) {
                System.arraycopy(
                        from,
                        row * fromWidth + signature.offset(field.name()),
                        isText ? texts : numbers,
                        row * toWidth + member.offset(field.name()),
                        isText ? 1 : field.width());
            }
        }
        return new Rows(rows.rowCount(), numbers, texts);
    }

    @Override
    public double parityTolerance() {
        double greatest =
                models.stream().mapToDouble(FittedModel::parityTolerance).max().orElse(0);
        return combination.isStacked() ? Math.max(STACKED_TOLERANCE, greatest) : greatest;
    }

    @Override
    public Map<String, byte[]> source() {
        Map<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < models.size(); i++) {
            String prefix = "member_%d_".formatted(i + 1);
            models.get(i).source().forEach((name, bytes) -> files.put(prefix + name, bytes));
        }
        files.put(CoefficientTable.FILE, combination.table(answer()).toJson());
        return files;
    }

    @Override
    public Map<String, String> libraryVersions() {
        Map<String, String> versions = new TreeMap<>();
        models.forEach(model -> versions.putAll(model.libraryVersions()));
        return versions;
    }

    @Override
    public Optional<CoefficientTable> coefficients() {
        return Optional.of(combination.table(answer()));
    }

    @Override
    public List<String> notes() {
        List<String> notes = new ArrayList<>(List.of(combination.sentence()));
        for (int i = 0; i < models.size(); i++) {
            String name = ensemble.members().get(i).name();
            models.get(i).notes().forEach(note -> notes.add("%s: %s".formatted(name, note)));
        }
        return notes;
    }

    @Override
    public void close() {
        models.forEach(FittedModel::close);
    }
}
